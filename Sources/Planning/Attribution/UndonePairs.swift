/// Changes that were made and undone between two reads: no read shows them, their audit events do.
public enum UndonePairs {
    /// What changes back and forth: a matter of one subject.
    public struct Object: Sendable, Hashable {
        /// As ``AuditTrace/subject``.
        public var subject: String
        /// The group's name of a membership, the alias; empty for the subject itself.
        public var object: String
        public var matter: Matter

        public enum Matter: Sendable, Hashable { case existence, activity, member, alias }
    }

    /// The audit events that belong to such changes, in their order: each that departs from the state that the reads show, with the next
    /// one that restores it.
    ///
    /// - Parameters:
    ///   - traces: in the order in which they were made.
    ///   - state: what all reads of the time show: there or not, on or off. Nil where they differ, or do not show it.
    public static func find(_ traces: [AuditTrace], state: (Object) throws -> Bool?) rethrows -> [AuditTrace] {
        var order: [Object] = []
        var byObject: [Object: [(place: Int, on: Bool)]] = [:]
        for (place, trace) in traces.enumerated() {
            guard let (object, on) = object(of: trace) else { continue }
            if byObject[object] == nil { order.append(object) }
            byObject[object, default: []].append((place, on))
        }
        var found: [Int] = []
        for object in order {
            let steps = byObject[object] ?? []
            guard Set(steps.map(\.on)).count == 2, let standing = try state(object) else { continue }
            var departure: Int?
            for step in steps {
                if step.on != standing {
                    departure = departure ?? step.place
                } else if let left = departure {
                    found += [left, step.place]
                    departure = nil
                }
            }
        }
        return found.sorted().map { traces[$0] }
    }

    /// What a trace is a step of, and to which side; nil for what has no two sides or shows in no read.
    public static func object(of trace: AuditTrace) -> (object: Object, on: Bool)? {
        guard !trace.subject.isEmpty, let on = trace.step.on else { return nil }
        switch trace.step.matter {
        case .existence: return (Object(subject: trace.subject, object: "", matter: .existence), on)
        case .activity: return (Object(subject: trace.subject, object: "", matter: .activity), on)
        case .member: return (Object(subject: trace.subject, object: trace.group, matter: .member), on)
        case .alias(let alias): return (Object(subject: trace.subject, object: alias, matter: .alias), on)
        default: return nil
        }
    }
}
