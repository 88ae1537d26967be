import MusterStore
import Synchronization

/// The scripted faults and how often each has struck.
final class FaultBook: Sendable {
    /// A fault as the control API shows it.
    struct Entry: Encodable, Sendable {
        var id: Int
        var match: Fault.Match
        var kind: Fault.Kind
        var skip: Int
        /// How often it is to strike.
        var count: Int
        var every: Int
        var seconds: Double?
        var status: Int?
        var code: String?
        /// How many matching calls it has seen, struck or not.
        var seen = 0
        /// How often it has struck.
        var fired = 0
        /// How often it will still strike.
        var pending: Int

        init(_ fault: Fault, id: Int) {
            self.id = id
            match = fault.match
            kind = fault.kind
            skip = fault.skip ?? 0
            count = fault.count ?? 1
            every = fault.every ?? 1
            seconds = fault.seconds
            status = fault.status
            code = fault.code
            pending = count
        }

        func isAbout(_ method: String, _ path: String, _ application: String?) -> Bool {
            (match.path == path || match.path == "*") && (match.method.map { $0.uppercased() == method } ?? true)
                && (match.application.map { $0 == application } ?? true)
        }

        /// Counts a call that it is about.
        ///
        /// - Returns: whether it strikes.
        mutating func see() -> Bool {
            seen += 1
            guard seen > skip, (seen - skip) % every == 0 else { return false }
            fired += 1
            pending -= 1
            return true
        }
    }

    /// How many faults there may be, those included that have done what they were to do.
    static let most = 10_000

    private let entries = Mutex<(last: Int, list: [(entry: Entry, struck: Struck)])>((0, []))

    /// - Parameters:
    ///   - faults: checked already.
    ///   - past: the store as it is now, for stale reads; nil where there are none.
    /// - Returns: the ids, in order.
    /// - Throws: ``CallRefusal`` 422 where there would be too many.
    func add(_ faults: [Fault], past: (any ReadableStore)? = nil) throws -> [Int] {
        try entries.withLock { state in
            guard state.list.count + faults.count <= Self.most else {
                throw CallRefusal(422, "too_many_faults", "There may be \(Self.most) faults; DELETE takes away those that are there")
            }
            return faults.map { fault in
                state.last += 1
                let struck = Struck(fault: fault, past: fault.kind == .staleRead ? past : nil)
                state.list.append((Entry(fault, id: state.last), struck))
                return state.last
            }
        }
    }

    func clear() { entries.withLock { $0.list = [] } }

    var all: [Entry] { entries.withLock { $0.list.map(\.entry) } }

    /// The fault that a call suffers. Faults are asked in the order in which they came; the first that strikes is the only one, and
    /// the call does not count for those behind it.
    ///
    /// - Parameter template: the path as it is described, where it has an id in it.
    func strike(method: String, path: String, template: String? = nil, application: String?) -> Struck? {
        entries.withLock { state in
            for index in state.list.indices where state.list[index].entry.pending > 0 {
                let entry = state.list[index].entry
                guard entry.isAbout(method, path, application) || template.map({ entry.isAbout(method, $0, application) }) ?? false,
                    state.list[index].entry.see()
                else { continue }
                let struck = state.list[index].struck
                // Nobody needs the past any more that it showed.
                if state.list[index].entry.pending == 0 { state.list[index].struck.past = nil }
                return struck
            }
            return nil
        }
    }
}
