/// Calls that wait: by lane, then by task in turns, then by age.
///
/// A task with a thousand waiting calls delays another's first one by one call for each task that waits, not by a thousand.
struct FairQueue {
    private struct Place {
        let task: LimiterTask
        let lane: LimiterLane
    }

    /// One task's calls, oldest first; what lies before `head` is gone.
    private struct Line {
        private var tickets: [LimiterTicket] = []
        private var head = 0

        var isEmpty: Bool { head == tickets.count }

        mutating func append(_ ticket: LimiterTicket) { tickets.append(ticket) }

        mutating func popFirst() -> LimiterTicket? {
            guard head < tickets.count else { return nil }
            let ticket = tickets[head]
            head += 1
            if head >= 64, head * 2 >= tickets.count {
                tickets.removeFirst(head)
                head = 0
            }
            return ticket
        }

        /// Tickets of a line ascend, so that a long line is not walked for each of its calls when all are cancelled.
        mutating func remove(_ ticket: LimiterTicket) {
            var low = head
            var high = tickets.count
            while low < high {
                let middle = (low + high) / 2
                if tickets[middle].number < ticket.number { low = middle + 1 } else { high = middle }
            }
            if low < tickets.count, tickets[low] == ticket { tickets.remove(at: low) }
        }
    }

    private struct Turns {
        private var lines: [LimiterTask: Line] = [:]
        /// Tasks that have a line; the first one is next.
        private var order: [LimiterTask] = []

        var isEmpty: Bool { order.isEmpty }

        mutating func append(_ ticket: LimiterTicket, of task: LimiterTask) {
            if lines[task] == nil { order.append(task) }
            lines[task, default: Line()].append(ticket)
        }

        /// The next ticket; its task goes to the end.
        mutating func popFirst() -> LimiterTicket? {
            guard !order.isEmpty else { return nil }
            let task = order.removeFirst()
            let ticket = lines[task]?.popFirst()
            if lines[task]?.isEmpty ?? true { lines[task] = nil } else { order.append(task) }
            return ticket
        }

        mutating func remove(_ ticket: LimiterTicket, of task: LimiterTask) {
            lines[task]?.remove(ticket)
            guard lines[task]?.isEmpty ?? false else { return }
            lines[task] = nil
            order.removeAll { $0 == task }
        }
    }

    private var normal = Turns()
    private var urgent = Turns()
    private var places: [LimiterTicket: Place] = [:]

    var count: Int { places.count }

    /// The lane of the call that is next; nil where nobody waits.
    var nextLane: LimiterLane? {
        if !urgent.isEmpty { return .urgent }
        return normal.isEmpty ? nil : .normal
    }

    mutating func append(_ ticket: LimiterTicket, task: LimiterTask, lane: LimiterLane) {
        places[ticket] = Place(task: task, lane: lane)
        switch lane {
        case .normal: normal.append(ticket, of: task)
        case .urgent: urgent.append(ticket, of: task)
        }
    }

    mutating func popFirst() -> LimiterTicket? {
        let ticket = urgent.isEmpty ? normal.popFirst() : urgent.popFirst()
        if let ticket { places[ticket] = nil }
        return ticket
    }

    /// Takes a call out.
    ///
    /// - Returns: whether it waited.
    mutating func remove(_ ticket: LimiterTicket) -> Bool {
        guard let place = places.removeValue(forKey: ticket) else { return false }
        switch place.lane {
        case .normal: normal.remove(ticket, of: place.task)
        case .urgent: urgent.remove(ticket, of: place.task)
        }
        return true
    }
}
