import Mimecast

/// Who has to say yes to some lines of a plan.
public struct ApprovalRule: Sendable, Hashable {
    /// Lines of these directions and kinds; where both are empty, of any.
    public var directions: Set<GuardDirection>
    public var kinds: Set<Change.Kind>
    /// Folded addresses that it is about; where empty, everybody.
    public var addresses: Set<String>
    /// It holds for plans with more such lines than this.
    public var over: Int
    /// How many persons have to say yes.
    public var persons: Int
    /// Folded names of those who may; where empty, anybody.
    public var approvers: Set<String>
    /// Whoever proposed the plan is none of them.
    public var isOthers: Bool

    public init(
        directions: Set<GuardDirection> = [], kinds: Set<Change.Kind> = [], addresses: Set<String> = [], over: Int = 0, persons: Int = 1,
        approvers: Set<String> = [], isOthers: Bool = false
    ) {
        self.directions = directions
        self.kinds = kinds
        self.addresses = addresses
        self.over = over
        self.persons = persons
        self.approvers = approvers
        self.isOthers = isOthers
    }

    /// Whether a line is meant, whatever the plan's size.
    func isAbout(_ change: Change) -> Bool {
        guard change.kind.isWork else { return false }
        if !addresses.isEmpty {
            let names = [change.person, change.account, change.values?.address].compactMap { $0.map(EmailAddress.key) }
            guard names.contains(where: addresses.contains) else { return false }
        }
        if directions.isEmpty, kinds.isEmpty { return true }
        return kinds.contains(change.kind) || directions.contains { $0.needsWord(for: change) }
    }

    /// The numbers of the lines that it holds for.
    func lines(of plan: Plan) -> Set<Int> {
        let lines = plan.work.filter(isAbout).map(\.line)
        return lines.count > over ? Set(lines) : []
    }

    func accepts(_ who: String, proposer: String) -> Bool {
        let name = EmailAddress.fold(who)
        return (approvers.isEmpty || approvers.contains(name)) && !(isOthers && name == EmailAddress.fold(proposer))
    }
}

extension GuardDirection {
    /// Leaving a single group is everyday work, so that it is no removal here; a guard that trips freezes it all the same.
    func needsWord(for change: Change) -> Bool { self == .removals ? change.removal : holds(change) }
}

/// The approvals that plans need, and whether those that were given are enough. Pure.
public struct ApprovalRules: Sendable, Hashable {
    /// Nobody approves what they proposed.
    public var fourEyes = false
    /// Seconds for which an approval is good; never longer than its plan.
    public var lifetime = Self.longest
    public var rules: [ApprovalRule] = []

    public static let shortest = 300
    public static let longest = 4 * 3_600

    public init() {}

    /// Removals and privilege want a human, whatever else is configured.
    private var all: [ApprovalRule] {
        let base = ApprovalRule(directions: [.removals, .privilege])
        return ([base] + rules).map { rule in
            var rule = rule
            rule.isOthers = rule.isOthers || fourEyes
            return rule
        }
    }

    /// A human's word that stands, on so many lines of a plan.
    public struct Given: Sendable, Hashable {
        public var who: String
        public var lines: Set<Int>

        public init(who: String, lines: Set<Int>) {
            self.who = who
            self.lines = lines
        }
    }

    /// A rule that is not met yet.
    public struct Missing: Sendable, Hashable, Codable {
        /// The numbers of the lines that wait for it.
        public var lines: [Int]
        /// How many more persons have to say yes.
        public var persons: Int
        /// Who may, folded; nil is anybody.
        public var approvers: [String]?
        /// Somebody else than this proposer.
        public var notBy: String?

        /// As a person reads it: 2 more approvals of 3 lines, by ann@… or bob@…
        public var words: String {
            let count = persons == 1 ? "an approval" : "\(persons) more approvals"
            let by = approvers.map { " by \($0.joined(separator: " or "))" } ?? ""
            return "\(count) of \(counted(lines.count, "line"))\(by)\(notBy.map { ", not by \($0)" } ?? "")"
        }
    }

    /// Whether anything of a plan wants a human's word.
    public func needsApproval(_ plan: Plan) -> Bool { all.contains { !$0.lines(of: plan).isEmpty } }

    /// Whether a line does.
    public func needsApproval(_ plan: Plan, line: Int) -> Bool { all.contains { $0.lines(of: plan).contains(line) } }

    /// What is missing still.
    ///
    /// - Parameters:
    ///   - lines: the numbers of the lines that are to be carried out; nil is all.
    ///   - given: the approvals that stand.
    public func missing(_ plan: Plan, lines: Set<Int>? = nil, proposer: String, given: [Given]) -> [Missing] {
        var missing: [Missing] = []
        for rule in all {
            let wanted = rule.lines(of: plan).intersection(lines ?? Set(plan.changes.map(\.line)))
            guard !wanted.isEmpty else { continue }
            // Those who said yes, line by line: one approval may cover some lines, another others.
            let names = Dictionary(grouping: wanted) { line in
                Set(
                    given.filter { $0.lines.contains(line) && rule.accepts($0.who, proposer: proposer) }.map { EmailAddress.fold($0.who) })
            }
            for (names, lines) in names.sorted(by: { ($0.value.min() ?? 0) < ($1.value.min() ?? 0) }) where names.count < rule.persons {
                missing.append(
                    Missing(
                        lines: lines.sorted(), persons: rule.persons - names.count,
                        approvers: rule.approvers.isEmpty ? nil : rule.approvers.subtracting(names).sorted(),
                        notBy: rule.isOthers ? proposer : nil))
            }
        }
        return missing.reduce(into: []) { list, next in if !list.contains(next) { list.append(next) } }
    }
}
