/// What was carried out lately, is on its way, or may have been: lines of journals, added up over those that are alike.
public struct Spending: Sendable, Hashable, Codable {
    /// Nil for lines of a version of Muster that did not keep it.
    public var kind: Change.Kind?
    public var removal: Bool
    public var privilege: Bool
    public var byHand: Bool
    /// Folded; empty where it is not known.
    public var domain: String
    public var groupID: String?
    /// How many in the last hour.
    public var hour: Int
    /// How many in the last 24 hours, that hour included.
    public var day: Int

    public init(
        kind: Change.Kind? = nil, removal: Bool = false, privilege: Bool = false, byHand: Bool = false, domain: String = "",
        groupID: String? = nil, hour: Int = 0, day: Int
    ) {
        self.kind = kind
        self.removal = removal
        self.privilege = privilege
        self.byHand = byHand
        self.domain = domain
        self.groupID = groupID
        self.hour = hour
        self.day = day
    }
}

/// What guards know beside the plan itself.
public struct GuardContext: Sendable {
    public var limits: GuardLimits
    /// People in the last source that was accepted; nil for the first.
    public var lastAccepted: Int?
    /// Digest of the configuration's rules in the last plan that was accepted; nil where there were none.
    public var lastPolicy: String?
    public var recent: [Spending]

    public init(limits: GuardLimits = GuardLimits(), lastAccepted: Int? = nil, lastPolicy: String? = nil, recent: [Spending] = []) {
        self.limits = limits
        self.lastAccepted = lastAccepted
        self.lastPolicy = lastPolicy
        self.recent = recent
    }

    /// How much of the kind that is meant went through in the last hour.
    func hour(_ isMeant: (Spending) -> Bool) -> Int { recent.reduce(0) { $0 + (isMeant($1) ? $1.hour : 0) } }
    /// And in the last 24 hours.
    func day(_ isMeant: (Spending) -> Bool) -> Int { recent.reduce(0) { $0 + (isMeant($1) ? $1.day : 0) } }

    /// Members who left a group within the hour.
    func leavers(of group: String) -> Int { hour { $0.kind == .removeMember && $0.groupID == group } }
}
