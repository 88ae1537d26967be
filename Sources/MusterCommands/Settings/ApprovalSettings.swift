import Mimecast
import Planning
import Yams

/// The section `approvals` of a configuration: `fourEyes` (read elsewhere, since the environment may say it, too), `expires`, `rules`.
///
/// A rule has `for` (removals, additions, privilege, or kinds of changes), `addresses`, `over`, `persons`, `by` and `others`.
enum ApprovalSettings {
    private static let keys = ["fourEyes", "expires", "rules"]
    private static let ruleKeys = ["for", "addresses", "over", "persons", "by", "others"]
    /// More rules than anybody reads.
    private static let most = 100

    static func read(_ section: [(key: String, value: Node)]) throws -> ApprovalRules {
        var rules = ApprovalRules()
        for (key, value) in section {
            switch key {
            case "fourEyes": continue
            case "expires":
                let text = try ConfigTree.text(value, "the setting approvals.expires")
                guard let span = Interval(argument: text), (ApprovalRules.shortest...ApprovalRules.longest).contains(span.seconds) else {
                    throw ConfigTree.invalid("the setting approvals.expires is no time from 5m to 4h: \(text.prefix(60))", "Write 2h.")
                }
                rules.lifetime = span.seconds
            case "rules":
                guard let list = value.sequence, list.count <= most else {
                    throw ConfigTree.invalid("the setting approvals.rules is no list of rules", "Begin each rule with a dash.")
                }
                rules.rules = try list.enumerated().map { try rule($1, "rule \($0 + 1) of approvals.rules") }
            default: throw unknown(key, "approvals", keys)
            }
        }
        return rules
    }

    private static func rule(_ node: Node, _ what: String) throws -> ApprovalRule {
        var rule = ApprovalRule()
        var isAboutSomething = false
        for (key, value) in try ConfigTree.entries(node, what) {
            switch key {
            case "for":
                for text in try ConfigTree.texts(value, "\(what): for") {
                    if let direction = GuardDirection(rawValue: text) {
                        rule.directions.insert(direction)
                    } else if let kind = Change.Kind(rawValue: text), kind.isWork {
                        rule.kinds.insert(kind)
                    } else {
                        let words = GuardDirection.allCases.map(\.rawValue) + Change.Kind.allCases.filter(\.isWork).map(\.rawValue)
                        throw ConfigTree.invalid(
                            "\(what) is for \(text.prefix(60)), which is no direction and no kind of change",
                            Spelling.nearest(to: text, among: words).map { "Did you mean \($0)?" }
                                ?? "Write one of \(words.joined(separator: ", ")).")
                    }
                    isAboutSomething = true
                }
            case "addresses":
                rule.addresses = Set(
                    try ConfigTree.texts(value, "\(what): addresses").map { text in
                        guard let address = EmailAddress(text), !text.contains("*") else {
                            throw ConfigTree.invalid("\(what) names \(text.prefix(60)), which is no address", "List whole addresses.")
                        }
                        return address.folded
                    })
                isAboutSomething = isAboutSomething || !rule.addresses.isEmpty
            case "over": rule.over = try count(value, "\(what): over", 0...10_000_000)
            case "persons": rule.persons = try count(value, "\(what): persons", 1...20)
            case "by":
                rule.approvers = Set(try ConfigTree.texts(value, "\(what): by").map(EmailAddress.fold))
                guard !rule.approvers.isEmpty else { throw ConfigTree.invalid("\(what) lets nobody approve", "List who may: by: [ann]") }
            case "others":
                let text = try ConfigTree.text(value, "\(what): others")
                guard ["true", "false"].contains(text) else {
                    throw ConfigTree.invalid("\(what): others is neither true nor false", "Write true or false.")
                }
                rule.isOthers = text == "true"
            default: throw unknown(key, what, ruleKeys)
            }
        }
        guard isAboutSomething else {
            throw ConfigTree.invalid("\(what) does not say what it is about", "Give it for or addresses.")
        }
        guard rule.approvers.isEmpty || rule.approvers.count >= rule.persons else {
            throw ConfigTree.invalid(
                "\(what) asks for \(rule.persons) persons and lets \(rule.approvers.count) approve", "List more of them, or ask for fewer.")
        }
        return rule
    }

    private static func count(_ node: Node, _ what: String, _ range: ClosedRange<Int>) throws -> Int {
        let text = try ConfigTree.text(node, what)
        guard let count = Int(text), range.contains(count) else {
            throw ConfigTree.invalid(
                "\(what) is no count: \(text.prefix(60))", "Write a number from \(range.lowerBound) to \(range.upperBound).")
        }
        return count
    }

    private static func unknown(_ key: String, _ what: String, _ known: [String]) -> Trouble {
        ConfigTree.invalid(
            "\(what) has no setting \(key.prefix(60))",
            Spelling.nearest(to: key, among: known).map { "Did you mean \($0)?" } ?? "There are \(known.joined(separator: ", ")).")
    }
}
