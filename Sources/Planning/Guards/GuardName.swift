/// The guards by the names that people type.
public enum GuardName: String, Sendable, Codable, CaseIterable {
    case removals
    case removalsPerDay = "removals-24h"
    case removalsPerHour = "removals-1h"
    case domainRemovals = "domain-removals"
    case groupLeavers = "group-leavers"
    case urgent
    case additions
    case additionsPerDay = "additions-24h"
    case privilege
    case privilegePerDay = "privilege-24h"
    case sourceShrink = "source-shrink"
    case policy
    case seats
    case administrators

    /// The stretch of time over which it adds up, in seconds; nil is one run.
    public var window: Int? {
        switch self {
        case .removalsPerHour, .groupLeavers: 3_600
        case .removalsPerDay, .domainRemovals, .urgent, .additionsPerDay, .privilegePerDay: 86_400
        case .removals, .additions, .privilege, .sourceShrink, .policy, .seats, .administrators: nil
        }
    }

    /// What it freezes when it trips; everything else may go on.
    public var directions: Set<GuardDirection> {
        switch self {
        case .removals, .removalsPerHour, .removalsPerDay, .domainRemovals, .groupLeavers, .urgent, .sourceShrink: [.removals]
        case .additions, .additionsPerDay, .seats: [.additions]
        case .privilege, .privilegePerDay: [.privilege]
        case .administrators: [.removals, .privilege]
        case .policy: Set(GuardDirection.allCases)
        }
    }

    /// Whether a plan can go on without what the guard holds. Rules that changed may be behind any line.
    public var sparesTheRest: Bool { self != .policy }

    /// Whether it holds a line back when it trips.
    public func holds(_ change: Change) -> Bool {
        change.kind.isWork && (!sparesTheRest || directions.contains { $0.holds(change) })
    }

    /// The name that somebody may have meant.
    public static func nearest(to text: String) -> String? { Nearest.name(to: text, among: allCases.map(\.rawValue)) }
}
