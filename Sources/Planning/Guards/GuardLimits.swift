import Foundation

/// The limits that stop a plan; defaults as for a cautious administrator (facts of the life cycle, section 4; the windows are our choice).
public struct GuardLimits: Sendable, Hashable {
    /// A count, or a share of a whole if that is more: the rule that spares small tenants a limit of nothing.
    public struct Budget: Sendable, Hashable {
        public var least: Int
        public var percent: Int

        public init(_ least: Int, percent: Int) {
            self.least = least
            self.percent = percent
        }

        public func limit(of whole: Int) -> Int { max(least, whole * percent / 100) }
    }

    public static let standards: [GuardName: Budget] = [
        .removals: Budget(3, percent: 2),
        .removalsPerHour: Budget(5, percent: 3),
        .removalsPerDay: Budget(5, percent: 5),
        .domainRemovals: Budget(5, percent: 10),
        .groupLeavers: Budget(3, percent: 20),
        .urgent: Budget(10, percent: 0),
        .additions: Budget(25, percent: 25),
        .additionsPerDay: Budget(50, percent: 50),
        .privilege: Budget(2, percent: 0),
        .privilegePerDay: Budget(4, percent: 0),
        .sourceShrink: Budget(3, percent: 10),
        .policy: Budget(0, percent: 0),
        .seats: Budget(0, percent: 100),
        .administrators: Budget(2, percent: 0),
    ]
    /// A group with fewer members has no guard of its own: a third of it may leave on any day.
    public static let leastGuardedGroup = 10

    public var budgets = Self.standards
    /// Limits raised for a while by a person, by guard name.
    public var raised: [String: Int] = [:]
    /// Folded names of groups whose members have rights that others lack: who joins one gains privilege.
    public var privilegedGroups: Set<String> = []

    public init() {}

    public subscript(name: GuardName) -> Budget { budgets[name] ?? Self.standards[name] ?? Budget(0, percent: 0) }

    /// What holds now: the budget, or what somebody raised it to. Raising never lowers.
    func limit(_ name: GuardName, of whole: Int) -> Int { max(self[name].limit(of: whole), raised[name.rawValue] ?? 0) }

    /// Whether a limit was set by the configuration.
    public func isStandard(_ name: GuardName) -> Bool { self[name] == Self.standards[name] }
}

extension GuardLimits.Budget {
    /// `5`, `2 %`, or both with `or` or a comma between them: the larger holds.
    ///
    /// - Returns: nil where it says anything else, a share above 100 %, or a count above a million.
    public init?(_ text: String) {
        let parts = text.replacing(" or ", with: ",").split(separator: ",", omittingEmptySubsequences: false).map(Self.trimmed)
        var count: Int?
        var share: Int?
        for part in parts {
            guard part.allSatisfy({ $0.isASCII }), !part.hasPrefix("+") else { return nil }
            if part.hasSuffix("%"), share == nil, let value = Int(Self.trimmed(part.dropLast())), (0...100).contains(value) {
                share = value
            } else if count == nil, let value = Int(part), (0...1_000_000).contains(value) {
                count = value
            } else {
                return nil
            }
        }
        self.init(count ?? 0, percent: share ?? 0)
    }

    private static func trimmed(_ text: some StringProtocol) -> String { text.trimmingCharacters(in: .whitespaces) }
}

extension GuardName {
    /// The limit in words.
    public func standard(_ limits: GuardLimits) -> String {
        let budget = limits[self]
        func words(of whole: String) -> String {
            switch (budget.least, budget.percent) {
            case (let least, 0): "\(least)"
            case (0, let percent): "\(percent) % of \(whole)"
            case (let least, let percent): "\(least), or \(percent) % of \(whole) if that is more"
            }
        }
        return switch self {
        case .removals: words(of: "the accounts") + ", in one run"
        case .removalsPerHour: words(of: "the accounts") + ", in one hour"
        case .removalsPerDay: words(of: "the accounts") + ", in 24 hours"
        case .domainRemovals: words(of: "one domain's accounts") + ", in 24 hours"
        case .groupLeavers: words(of: "one group's members") + ", in one hour"
        case .urgent: words(of: "the accounts") + " by hand, one at a time, beyond the other limits, in 24 hours"
        case .additions: words(of: "the accounts") + ", in one run"
        case .additionsPerDay: words(of: "the accounts") + ", in 24 hours"
        case .privilege: words(of: "the accounts") + " changes of roles in one run"
        case .privilegePerDay: words(of: "the accounts") + " changes of roles in 24 hours"
        case .sourceShrink: words(of: "the people") + ", fewer than in the last accepted source; never none"
        case .policy: "no account is touched by rules that are not those of the last accepted plan"
        case .seats:
            budget == GuardLimits.standards[.seats] ? "as many as are contracted, where that is known" : words(of: "the contracted")
        case .administrators: "at least \(budget.least) remain"
        }
    }
}
