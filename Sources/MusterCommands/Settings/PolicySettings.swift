import Mimecast
import Planning

/// The rules of the configuration about the people of a source (docs/policy.md): `source.map`, `source.attributes`, `scope`, `groups`.
enum PolicySettings {
    /// - Parameter top: the members of the file.
    static func policy(_ top: [String: Setting]) throws -> DesiredPolicy {
        var policy = DesiredPolicy()
        let source = try top["source"]?.members(["map", "attributes"]) ?? [:]
        if let attributes = source["attributes"] { policy.attributes = try self.attributes(attributes) }
        if let map = source["map"] {
            for (name, setting) in try map.members(DesiredPolicy.Field.allCases.map(\.rawValue)) {
                guard let field = DesiredPolicy.Field(rawValue: name) else { continue }
                let expression = try read(setting) { (text) throws(ExpressionError) in try Expression(parsing: text) }
                if case .condition = expression, field != .active {
                    throw setting.wrong("This is a condition, and \(name) is a text.", remedy: "Conditions are for active alone.")
                }
                policy.map[field] = expression
            }
        }
        if let scope = top["scope"] {
            let members = try scope.members(["include", "exclude", "leaving"])
            policy.include = try members["include"].map(condition)
            policy.exclude = try members["exclude"].map(condition)
            if let setting = members["leaving"] {
                guard let leaving = DesiredPolicy.Leaving(rawValue: try setting.text()) else {
                    throw setting.wrong(
                        "It is neither leave nor disable.",
                        remedy: "leave: accounts of people who leave the scope stay as they are. disable: they are disabled.")
                }
                guard policy.hasScope else {
                    throw setting.wrong("Nobody can leave a scope that is not there.", remedy: "Write include or exclude beside it.")
                }
                policy.leaving = leaving
            }
        }
        if let groups = top["groups"] { policy.groupRules = try rules(groups) }
        return policy
    }

    /// The vendor's own limits of names are not known; ours keep a mistake from becoming a plan of a million lines.
    private static let mostAttributes = 50
    private static let mostCharactersOfName = 128

    private static func attributes(_ setting: Setting) throws -> [String: Expression] {
        guard case .members(let members) = setting.value else {
            throw setting.wrong("Names of attributes and expressions are expected here.", remedy: "Write Phone: \"telephoneNumber\".")
        }
        guard members.count <= mostAttributes else {
            throw setting.wrong("At most \(mostAttributes) attributes can be mapped.", remedy: "Map those that matter.")
        }
        var attributes: [String: Expression] = [:]
        var known: Set<String> = []
        for (key, value) in members {
            let name = try key.text()
            guard name.count <= mostCharactersOfName, name.first?.isWhitespace == false, name.last?.isWhitespace == false,
                !name.contains(where: \.isNewline)
            else {
                throw key.wrong(
                    "It is no name of an attribute.",
                    remedy: "Write it as the administration console shows it, at most \(mostCharactersOfName) characters.")
            }
            guard known.insert(EmailAddress.fold(name)).inserted else {
                throw key.wrong("The attribute \(name) is mapped twice.", remedy: "Keep one of them; letter case makes no difference.")
            }
            let expression = try read(value) { (text) throws(ExpressionError) in try Expression(parsingAttribute: text) }
            if case .condition = expression {
                throw value.wrong("This is a condition, and an attribute is a text.", remedy: "Conditions are for source.map.active alone.")
            }
            attributes[name] = expression
        }
        return attributes
    }

    private static func rules(_ groups: Setting) throws -> [DesiredPolicy.GroupRule] {
        let example = "Write - when: \"department = 'Sales'\" and below it add: [Sales]."
        guard case .list(let list) = groups.value else { throw groups.wrong("A list of rules is expected here.", remedy: example) }
        return try list.map { rule in
            let members = try rule.members(["when", "add"])
            guard let when = members["when"], let add = members["add"] else {
                throw rule.wrong("A rule has a condition (when) and groups (add).", remedy: example)
            }
            let names = try add.texts().map { try $0.text() }
            guard !names.isEmpty else { throw add.wrong("The rule adds no group.", remedy: example) }
            return DesiredPolicy.GroupRule(when: try condition(when), add: names)
        }
    }

    private static func condition(_ setting: Setting) throws -> Condition {
        try read(setting) { (text) throws(ExpressionError) in try Condition(parsing: text) }
    }

    private static func read<Value>(_ setting: Setting, _ parse: (String) throws(ExpressionError) -> Value) throws -> Value {
        let text = try setting.text()
        do throws(ExpressionError) {
            return try parse(text)
        } catch {
            let excerpt = error.excerpt.split(separator: "\n", omittingEmptySubsequences: false).map { "          \($0)" }
            throw setting.wrong(
                "column \(error.column) of the expression: \(error.message)\n" + excerpt.joined(separator: "\n"), remedy: error.remedy)
        }
    }
}
