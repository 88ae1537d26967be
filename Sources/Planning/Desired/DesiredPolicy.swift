import Crypto
import Foundation

/// What the configuration says about the people of a source: how their fields are made, who is meant at all, and which groups rules
/// put them into. Nothing of it is the default; then the source speaks for itself.
public struct DesiredPolicy: Sendable, Hashable {
    /// A field of a person that a mapping can fill, by its name in the contract.
    public enum Field: String, Sendable, CaseIterable {
        case email, externalId, name, firstName, lastName, active, aliases, groups, adminRoles
    }

    /// What becomes of an account whose person is in the source still, and out of scope now.
    public enum Leaving: String, Sendable, Codable, CaseIterable {
        /// It stays as it is, and the plan says so.
        case leave
        /// It is disabled, as a removal that guards count and a human approves.
        case disable
    }

    /// A rule that puts people into groups. The groups it names are managed by rules: whom no rule puts there leaves them.
    public struct GroupRule: Sendable, Hashable {
        public var when: Condition
        public var add: [String]

        public init(when: Condition, add: [String]) {
            self.when = when
            self.add = add
        }
    }

    /// A field that is mapped holds what its expression says and nothing else.
    public var map: [Field: Expression]
    /// Attributes of accounts by their names, which hold what their expressions say.
    public var attributes: [String: Expression] = [:]
    /// Nil is everybody.
    public var include: Condition?
    /// Nil is nobody.
    public var exclude: Condition?
    public var leaving: Leaving
    public var groupRules: [GroupRule]

    public init(
        map: [Field: Expression] = [:], include: Condition? = nil, exclude: Condition? = nil, leaving: Leaving = .leave,
        groupRules: [GroupRule] = []
    ) {
        self.map = map
        self.include = include
        self.exclude = exclude
        self.leaving = leaving
        self.groupRules = groupRules
    }

    public var hasScope: Bool { include != nil || exclude != nil }
    public var isEmpty: Bool { map.isEmpty && attributes.isEmpty && !hasScope && groupRules.isEmpty }

    /// Where an attribute is spoken of, for messages: `scope.include`.
    public var uses: [(attribute: String, setting: String)] {
        var uses: [(String, String)] = []
        for (field, expression) in map.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            uses += expression.attributes.sorted().map { ($0, "source.map.\(field.rawValue)") }
        }
        for (name, expression) in attributes.sorted(by: { $0.key < $1.key }) {
            uses += expression.attributes.sorted().map { ($0, "source.attributes.\(name)") }
        }
        func add(_ condition: Condition?, _ setting: String) {
            guard let condition else { return }
            uses += Expression.condition(condition).attributes.sorted().map { ($0, setting) }
        }
        add(include, "scope.include")
        add(exclude, "scope.exclude")
        for (index, rule) in groupRules.enumerated() { add(rule.when, "groups, rule \(index + 1)") }
        return uses
    }

    /// With other names for the attributes, such as those by which a reader compares columns.
    public func renamed(_ name: (String) -> String) -> DesiredPolicy {
        var policy = DesiredPolicy(
            map: map.mapValues { $0.renamed(name) }, include: include?.renamed(name), exclude: exclude?.renamed(name), leaving: leaving,
            groupRules: groupRules.map { GroupRule(when: $0.when.renamed(name), add: $0.add) })
        policy.attributes = attributes.mapValues { $0.renamed(name) }
        return policy
    }

    /// Whether somebody is meant.
    public func isInScope(_ attributes: AttributeValues) -> Bool {
        (include?.holds(attributes) ?? true) && !(exclude?.holds(attributes) ?? false)
    }

    /// What somebody's account is to have: an empty text takes an attribute away, and what an expression says nothing about is absent.
    public func accountAttributes(_ values: AttributeValues) -> [String: String] {
        attributes.compactMapValues { expression in
            guard case .text(let text) = expression else { return nil }
            let found = text.values(values)
            let parts = found.map { $0.trimmingCharacters(in: .whitespacesAndNewlines) }.filter { !$0.isEmpty }
            return found.isEmpty ? nil : parts.joined(separator: ";")
        }
    }

    /// Every group that a rule names.
    public var ruledGroups: [String] {
        var seen: Set<String> = []
        return groupRules.flatMap(\.add).filter { seen.insert($0).inserted }
    }

    /// The groups that rules put somebody into, each once, by the first rule that does.
    public func groups(_ attributes: AttributeValues) -> [RuledGroup] {
        var seen: Set<String> = []
        var groups: [RuledGroup] = []
        for (index, rule) in groupRules.enumerated() where rule.when.holds(attributes) {
            for name in rule.add where seen.insert(name).inserted { groups.append(RuledGroup(name: name, rule: index + 1)) }
        }
        return groups
    }

    /// SHA-256 of the policy as it would be written, lower-case hex: spaces and comments make no difference. Nil where there is none.
    public var digest: String? {
        guard !isEmpty else { return nil }
        var lines = map.map { "map \($0.key.rawValue): \($0.value)" }.sorted()
        // Length before text: no attribute's name can look like two.
        lines += attributes.map { "attribute \($0.key.utf8.count) \($0.key): \($0.value)" }.sorted()
        if let include { lines.append("include: \(include)") }
        if let exclude { lines.append("exclude: \(exclude)") }
        if hasScope { lines.append("leaving: \(leaving.rawValue)") }
        // Length before text: no group's name can look like two.
        lines += groupRules.map { "when \($0.when) add \($0.add.map { "\($0.utf8.count) \($0)" }.joined(separator: ", "))" }
        return SHA256.hash(data: Data(lines.joined(separator: "\n").utf8)).map { String(format: "%02x", $0) }.joined()
    }
}

/// A group that a rule of the configuration puts somebody into.
public struct RuledGroup: Sendable, Hashable, Codable {
    public var name: String
    /// The rule's place in the configuration, from 1.
    public var rule: Int

    public init(name: String, rule: Int) {
        self.name = name
        self.rule = rule
    }
}
