/// Which of some events may be sent now: several at a time, one of a person at a time, each person's in order; and up to where all is
/// settled, whatever the order in which the answers came. Pure.
struct DeliveryWindow {
    /// The numbers that were handed in and are not settled, ascending.
    private var open: [Int]
    private var queue: [EventLog.Entry]
    private var busy: Set<String> = []
    private let end: Int

    /// - Parameters:
    ///   - events: ascending by number.
    ///   - end: where the reader is when all of them are settled.
    ///   - lagging: whose events wait behind an earlier one, as ``EventLog/Entry/order`` names them; theirs are not sent here.
    init(_ events: [EventLog.Entry], end: Int, lagging: Set<String>) {
        queue = events.filter { !lagging.contains($0.order) }
        open = queue.map(\.number)
        self.end = end
    }

    /// Everything before it, and itself, is settled.
    var place: Int { open.first.map { $0 - 1 } ?? end }

    /// The next event that may be sent; nil where there is none, or none yet.
    mutating func next() -> EventLog.Entry? {
        guard let index = queue.firstIndex(where: { !busy.contains($0.order) }) else { return nil }
        let event = queue.remove(at: index)
        busy.insert(event.order)
        return event
    }

    /// The event arrived, or will be tried again by itself, and then what follows it of the same person waits with it.
    mutating func settle(_ event: EventLog.Entry, arrived: Bool) {
        busy.remove(event.order)
        open.removeAll { $0 == event.number }
        guard !arrived else { return }
        let behind = Set(queue.filter { $0.order == event.order }.map(\.number))
        queue.removeAll { $0.order == event.order }
        open.removeAll { behind.contains($0) }
    }
}
