import Synchronization

/// The scripted faults and how often each has struck.
final class FaultBook: Sendable {
    /// A fault as the control API shows it.
    struct Entry: Codable, Sendable {
        var id: Int
        var match: Fault.Match
        var kind: Fault.Kind
        var skip: Int
        /// How often it is to strike.
        var count: Int
        var seconds: Double?
        /// How many matching calls it has seen, struck or not.
        var seen = 0
        /// How often it has struck.
        var fired = 0
    }

    private let entries = Mutex<(last: Int, list: [(entry: Entry, fault: Fault)])>((0, []))

    /// - Returns: the ids, in order.
    func add(_ faults: [Fault]) -> [Int] {
        entries.withLock { state in
            faults.map { fault in
                state.last += 1
                let entry = Entry(
                    id: state.last, match: fault.match, kind: fault.kind, skip: max(0, fault.skip ?? 0), count: max(1, fault.count ?? 1),
                    seconds: fault.seconds)
                state.list.append((entry, fault))
                return state.last
            }
        }
    }

    func clear() { entries.withLock { $0.list = [] } }

    var all: [Entry] { entries.withLock { $0.list.map(\.entry) } }

    /// The fault that a call suffers. Faults are asked in the order in which they came; the first that strikes is the only one, and
    /// the call does not count for those behind it.
    func strike(method: String, path: String, application: String?) -> Fault? {
        entries.withLock { state in
            for index in state.list.indices {
                let entry = state.list[index].entry
                guard entry.fired < entry.count, entry.match.path == path,
                    entry.match.method.map({ $0.uppercased() == method }) ?? true,
                    entry.match.application.map({ $0 == application }) ?? true
                else { continue }
                state.list[index].entry.seen += 1
                guard state.list[index].entry.seen > entry.skip else { continue }
                state.list[index].entry.fired += 1
                return state.list[index].fault
            }
            return nil
        }
    }
}
