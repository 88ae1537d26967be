/// The limits that stop a plan; defaults as for a cautious administrator (facts of the life cycle, section 4).
public struct GuardLimits: Sendable, Hashable {
    /// A count, or a share of a whole if that is more.
    public struct Budget: Sendable, Hashable {
        public var least: Int
        public var percent: Int

        public init(_ least: Int, percent: Int) {
            self.least = least
            self.percent = percent
        }

        public func limit(of whole: Int) -> Int { max(least, whole * percent / 100) }
    }

    public var removals = Budget(3, percent: 2)
    public var removalsPerDay = Budget(5, percent: 5)
    public var additions = Budget(25, percent: 25)
    public var privilege = Budget(2, percent: 0)
    public var shrink = Budget(3, percent: 10)
    /// More leavers of one group than this are removals.
    public var leavers = Budget(3, percent: 20)
    public var leastAdministrators = 2
    /// Limits raised for a while by a person, by guard name.
    public var raised: [String: Int] = [:]

    public init() {}
}

public enum GuardName: String, Sendable, CaseIterable {
    case removals
    case removalsPerDay = "removals-24h"
    case additions
    case privilege
    case sourceShrink = "source-shrink"
    case policy
    case seats
    case administrators
}

/// One guard's judgement of a plan.
public struct GuardResult: Sendable, Hashable, Codable {
    public var name: String
    public var value: Int
    public var limit: Int
    public var tripped: Bool
    /// The sentence for the person who reads it.
    public var explanation: String

    public init(_ name: GuardName, value: Int, limit: Int, tripped: Bool, explanation: String) {
        self.name = name.rawValue
        self.value = value
        self.limit = limit
        self.tripped = tripped
        self.explanation = explanation
    }
}

/// What guards know beside the plan itself.
public struct GuardContext: Sendable {
    public var limits: GuardLimits
    /// People in the last source that was accepted; nil for the first.
    public var lastAccepted: Int?
    /// Digest of the configuration's rules in the last plan that was accepted; nil where there were none.
    public var lastPolicy: String?
    /// Removals carried out in the last 24 hours.
    public var recentRemovals: Int

    public init(limits: GuardLimits = GuardLimits(), lastAccepted: Int? = nil, lastPolicy: String? = nil, recentRemovals: Int = 0) {
        self.limits = limits
        self.lastAccepted = lastAccepted
        self.lastPolicy = lastPolicy
        self.recentRemovals = recentRemovals
    }
}

/// A number with its noun: 1 account, 2 accounts.
func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }

enum Guards {
    /// Judges the changes of a plan.
    ///
    /// - Parameters:
    ///   - people: how many the source names; nil where no source is behind the changes.
    ///   - administrators: accounts with a role before and after; nil where the dialect does not show roles.
    static func judge(
        _ changes: [Change], people: Int?, observed: ObservedState, administrators: (before: Int, after: Int)?, context: GuardContext
    ) -> [GuardResult] {
        let limits = context.limits
        let population = observed.accounts.count
        func limit(_ name: GuardName, _ standard: Int) -> Int { limits.raised[name.rawValue].map { max($0, standard) } ?? standard }
        func upTo(_ name: GuardName, _ value: Int, _ standard: Int, _ text: (Int) -> String) -> GuardResult {
            let limit = limit(name, standard)
            return GuardResult(name, value: value, limit: limit, tripped: value > limit, explanation: text(limit))
        }

        let removals = changes.count { $0.removal }
        let creates = changes.count { $0.kind == .create }
        let privileges = changes.count { $0.privilege }
        let recent = removals + context.recentRemovals
        var removalsPerDay = upTo(.removalsPerDay, recent, limits.removalsPerDay.limit(of: population)) {
            "\(counted(recent, "removal")) within 24 hours; the limit is \($0)"
        }
        // What was done is done: a plan that removes nobody goes on.
        if removals == 0 { removalsPerDay.tripped = false }
        var results = [
            upTo(.removals, removals, limits.removals.limit(of: population)) {
                "\(removals) of \(counted(population, "account")) would be removed or disabled in this run; the limit is \($0)"
            },
            removalsPerDay,
            upTo(.additions, creates, limits.additions.limit(of: population)) {
                "\(counted(creates, "account")) would be created beside \(population); the limit is \($0)"
            },
            upTo(.privilege, privileges, limits.privilege.least) {
                "\(counted(privileges, "change")) of administrative roles; the limit is \($0)"
            },
        ]
        if let people, people == 0 {
            results.append(
                GuardResult(
                    .sourceShrink, value: context.lastAccepted ?? 0, limit: 0, tripped: true, explanation: "the source names nobody"))
        } else if let people {
            let last = context.lastAccepted ?? people
            let lost = max(0, last - people)
            results.append(
                upTo(.sourceShrink, lost, limits.shrink.limit(of: last)) {
                    lost == 0
                        ? "the source names \(people) people" + (last == people ? "" : ", \(last) the last time")
                        : "the source names \(people) people, \(last) the last time: \(lost) fewer, the limit is \($0)"
                })
        }
        if let seats = observed.seats {
            let after = population + creates
            results.append(
                GuardResult(
                    .seats, value: after, limit: limit(.seats, seats), tripped: creates > 0 && after > limit(.seats, seats),
                    explanation: "\(counted(after, "account")) after this plan; \(counted(seats, "seat")) contracted"))
        }
        if let administrators, administrators.after < administrators.before {
            let least = min(limits.leastAdministrators, administrators.before)
            results.append(
                GuardResult(
                    .administrators, value: administrators.after, limit: least, tripped: administrators.after < least,
                    explanation: "\(administrators.after) administrators would remain; at least \(least) must"))
        }
        return results
    }
}

extension GuardName {
    /// The limit in words.
    public func standard(_ limits: GuardLimits) -> String {
        func words(_ budget: GuardLimits.Budget, of whole: String) -> String {
            "\(budget.least), or \(budget.percent) % of \(whole) if that is more"
        }
        return switch self {
        case .removals: words(limits.removals, of: "the accounts") + ", in one run"
        case .removalsPerDay: words(limits.removalsPerDay, of: "the accounts") + ", in 24 hours"
        case .additions: words(limits.additions, of: "the accounts") + ", in one run"
        case .privilege: "\(limits.privilege.least) changes of roles in one run"
        case .sourceShrink: words(limits.shrink, of: "the people") + ", fewer than in the last accepted source; never none"
        case .policy: "no account is touched by rules that are not those of the last accepted plan"
        case .seats: "as many as are contracted, where the vendor tells"
        case .administrators: "at least \(limits.leastAdministrators) remain"
        }
    }
}
