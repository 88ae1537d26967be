import Planning

/// The rules of the configuration about the people of a source (docs/policy.md): `source.map`, `scope`, `groups`.
enum PolicySettings {
    /// - Parameter top: the members of the file.
    static func policy(_ top: [String: Setting]) throws -> DesiredPolicy {
        var policy = DesiredPolicy()
        if let map = try top["source"]?.members(["map"])["map"] {
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
