import Mimecast

/// How a guard stands before any plan: its limit for this tenant, what is used of it, what is left.
public struct GuardStanding: Sendable, Hashable, Codable {
    public var name: String
    /// The limit in words.
    public var standard: String
    /// Set by the configuration.
    public var configured: Bool
    /// What a trip freezes.
    public var directions: [GuardDirection]
    /// Seconds over which it adds up; nil is one run.
    public var window: Int?
    /// For this tenant as it was read last, raised or not; nil where it depends on a domain, a group or an unknown contract.
    public var limit: Int?
    /// Within the window. Of a guard for each domain or group: the most that one of them has.
    public var used: Int?
    public var left: Int?

    /// All guards.
    ///
    /// - Parameter observed: the last read; nil before the first one.
    public static func all(observed: ObservedState?, context: GuardContext) -> [GuardStanding] {
        let sizes = observed?.sizes
        return GuardName.allCases.map { name in
            let limits = context.limits
            var standing = GuardStanding(
                name: name.rawValue, standard: name.standard(limits), configured: !limits.isStandard(name),
                directions: GuardDirection.allCases.filter(name.directions.contains), window: name.window)
            func isCreate(_ spent: Spending) -> Bool { spent.kind == .create }
            func isGone(_ spent: Spending) -> Bool { spent.kind == .remove }
            func atStart(_ span: ((Spending) -> Bool) -> Int) -> Int? {
                (observed?.population).map { $0 - span(isCreate) + span(isGone) }
            }
            func account(_ whole: Int?, _ used: Int?) {
                standing.limit = whole.map { limits.limit(name, of: $0) }
                standing.used = used
                if let limit = standing.limit { standing.left = max(0, limit - (used ?? 0)) }
            }
            let population = observed?.population
            switch name {
            case .removals, .additions, .privilege: account(population, nil)
            case .removalsPerHour:
                account(atStart(context.hour), context.hour(\.removal))
                // An hour allows what one run allows at least.
                if let whole = population, let limit = standing.limit {
                    let most = max(limit, limits.limit(.removals, of: whole))
                    standing.limit = most
                    standing.left = max(0, most - (standing.used ?? 0))
                }
            case .removalsPerDay: account(atStart(context.day), context.day(\.removal))
            case .additionsPerDay: account(atStart(context.day), context.day(isCreate))
            case .privilegePerDay: account(population, context.day(\.privilege))
            case .urgent: account(population, context.day { $0.removal && $0.byHand })
            case .domainRemovals:
                let domains = Set(context.recent.filter(\.removal).map(\.domain))
                let worst = domains.map { domain in (domain, context.day { $0.removal && $0.domain == domain }) }.max { $0.1 < $1.1 }
                account(worst.flatMap { sizes?[$0.0] }, worst?.1 ?? 0)
            case .groupLeavers:
                let groups = Set(context.recent.compactMap(\.groupID))
                let worst = groups.map { ($0, context.leavers(of: $0)) }.max { $0.1 < $1.1 }
                account(worst.flatMap { group, left in observed?.members[group].map { $0.count + left } }, worst?.1 ?? 0)
            case .sourceShrink: account(context.lastAccepted, nil)
            case .policy: standing.limit = limits.limit(.policy, of: 0)
            case .seats: account(observed?.seats, population)
            case .administrators:
                standing.limit = limits[.administrators].least
                standing.used = nil
            }
            return standing
        }
    }
}
