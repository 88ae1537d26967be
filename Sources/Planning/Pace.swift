import Mimecast

/// How long calls take: at the quotas that were learned, else at the pace of the last read.
public struct Pace: Sendable, Hashable {
    /// Which of them a figure rests on.
    public enum Basis: String, Sendable, Codable {
        case learnedQuota = "learned-quota"
        case lastRead = "last-read"
    }

    /// Of the last read, its waits included.
    public var secondsPerCall: Double
    /// Calls a second that can be kept up.
    public var quotas: [EndpointDescription.Category: Double]

    public init(secondsPerCall: Double = 0, quotas: [EndpointDescription.Category: Double] = [:]) {
        self.secondsPerCall = secondsPerCall
        self.quotas = quotas.filter { $0.value > 0 }
    }

    /// What the calls of a plan cost. Categories follow one another, as the kinds of lines do. What a rested quota gives at once is left out:
    /// the read before the plan has used it.
    ///
    /// - Parameters:
    ///   - changes: with their calls counted.
    ///   - shared: calls that belong to no line alone.
    ///   - dialect: the portal's for v1.
    public func cost(_ changes: [Change], shared: Int = 0, dialect: Dialect, overSCIM: Bool) -> Plan.Cost {
        var calls: [EndpointDescription.Category: Int] = shared > 0 ? [.user: shared] : [:]
        for change in changes where change.calls > 0 {
            let planned = change.plannedCalls(dialect: dialect, overSCIM: overSCIM)
            for index in 0..<change.calls {
                calls[planned.isEmpty ? .user : planned[min(index, planned.count - 1)].category ?? .user, default: 0] += 1
            }
        }
        // A call takes the time that its quota leaves for it, and the last one comes back as long after as any.
        let seconds = calls.reduce(0) { $0 + Double($1.value) * (quotas[$1.key].map { 1 / $0 } ?? secondsPerCall) }
        let isLearned = calls.keys.contains { quotas[$0] != nil }
        return Plan.Cost(
            calls: calls.values.reduce(0, +), seconds: Int((seconds + (isLearned ? secondsPerCall : 0)).rounded(.up)),
            basis: calls.isEmpty ? nil : isLearned ? .learnedQuota : .lastRead)
    }
}
