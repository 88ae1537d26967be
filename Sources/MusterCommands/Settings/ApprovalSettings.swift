import Mimecast
import Planning

/// The section `approvals` of a configuration: `fourEyes` (read elsewhere, since the environment may say it, too), `expires`, `rules`.
///
/// A rule has `for` (removals, additions, privilege, or kinds of changes), `addresses`, `over`, `persons`, `by` and `others`.
enum ApprovalSettings {
    static let names = ["fourEyes", "expires", "rules"]
    /// More rules than anybody reads.
    private static let most = 100

    static func rules(_ setting: Setting) throws -> ApprovalRules {
        var rules = ApprovalRules()
        let members = try setting.members(names)
        if let setting = members["expires"] {
            guard let span = Interval(argument: try setting.text()),
                (ApprovalRules.shortest...ApprovalRules.longest).contains(span.seconds)
            else { throw setting.wrong("It is no time from 5m to 4h.", remedy: "Write 2h.") }
            rules.lifetime = span.seconds
        }
        if let setting = members["rules"] {
            guard case .list(let list) = setting.value, list.count <= most else {
                throw setting.wrong("A list of at most \(most) rules is expected here.", remedy: "Begin each rule with a dash.")
            }
            rules.rules = try list.map(rule)
        }
        return rules
    }

    private static func rule(_ setting: Setting) throws -> ApprovalRule {
        var rule = ApprovalRule()
        let members = try setting.members(["for", "addresses", "over", "persons", "by", "others"])
        for setting in try members["for"]?.texts() ?? [] {
            let text = try setting.text()
            if let direction = GuardDirection(rawValue: text) {
                rule.directions.insert(direction)
            } else if let kind = Change.Kind(rawValue: text), kind.isWork {
                rule.kinds.insert(kind)
            } else {
                let words = GuardDirection.allCases.map(\.rawValue) + Change.Kind.allCases.filter(\.isWork).map(\.rawValue)
                throw setting.wrong(
                    "\(text.prefix(60)) is no direction and no kind of change.",
                    remedy: Nearest.name(to: text, among: words).map { "Did you mean \($0)?" }
                        ?? "Write one of \(words.joined(separator: ", ")).")
            }
        }
        rule.addresses = Set(
            try members["addresses"]?.texts().map { setting in
                let text = try setting.text()
                guard let address = EmailAddress(text), !text.contains("*") else {
                    throw setting.wrong("\(text.prefix(60)) is no address.", remedy: "List whole addresses.")
                }
                return address.folded
            } ?? [])
        guard !rule.directions.isEmpty || !rule.kinds.isEmpty || !rule.addresses.isEmpty else {
            throw setting.wrong("The rule does not say what it is about.", remedy: "Give it for or addresses.")
        }
        if let setting = members["over"] { rule.over = try setting.count(0...10_000_000) }
        if let setting = members["persons"] { rule.persons = try setting.count(1...20) }
        if let setting = members["by"] {
            rule.approvers = Set(try setting.texts().map { EmailAddress.fold(try $0.text()) })
            guard !rule.approvers.isEmpty else { throw setting.wrong("It lets nobody approve.", remedy: "List who may: by: [ann]") }
        }
        if let setting = members["others"] { rule.isOthers = try setting.truth() }
        guard rule.approvers.isEmpty || rule.approvers.count >= rule.persons else {
            throw setting.wrong(
                "It asks for \(rule.persons) persons and lets \(rule.approvers.count) approve.",
                remedy: "List more of them, or ask for fewer.")
        }
        return rule
    }
}
