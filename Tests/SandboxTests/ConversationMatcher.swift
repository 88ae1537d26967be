/// Compares an answer with what a step expects, and keeps what it captures (Tests/Conversations/README.md has the notation).
struct ConversationMatcher {
    /// Values by name, for `${name}`.
    var values: [String: String]
    private(set) var differences: [String] = []

    init(values: [String: String] = [:]) { self.values = values }

    struct UnknownName: Error, CustomStringConvertible {
        let name: String
        var description: String { "nothing has captured ${\(name)}" }
    }

    /// The text with `${name}` replaced.
    func filled(_ text: String) throws -> String {
        guard text.contains("${") else { return text }
        var result = ""
        var rest = text[...]
        while let start = rest.firstRange(of: "${") {
            guard let end = rest[start.upperBound...].firstIndex(of: "}") else { break }
            result += rest[..<start.lowerBound]
            let name = String(rest[start.upperBound..<end])
            guard let value = values[name] else { throw UnknownName(name: name) }
            result += value
            rest = rest[rest.index(after: end)...]
        }
        return result + rest
    }

    /// Adds a line to `differences` for each place where `actual` (nil where there is none) is not as expected.
    mutating func match(_ expected: ConversationJSON, _ actual: ConversationJSON?, at place: String = "body") {
        switch expected {
        case .object(let members) where members.contains { Self.isDirective($0.name) }:
            for member in members { follow(member, actual, at: place) }
        case .object(let members):
            guard let actual, actual.members != nil else { return differ(place, expected, actual) }
            for member in members {
                guard let name = fill(member.name, at: place) else { continue }
                match(member.value, actual[name], at: "\(place).\(name)")
            }
        case .array(let elements):
            guard let found = actual?.elements, found.count == elements.count else { return differ(place, expected, actual) }
            for (index, element) in elements.enumerated() { match(element, found[index], at: "\(place)[\(index)]") }
        case .string(let text):
            guard let text = fill(text, at: place) else { return }
            if !(actual?.text.map { $0.utf8.elementsEqual(text.utf8) } ?? false) { differ(place, .string(text), actual) }
        case .null, .bool, .number:
            if actual?.serialized != expected.serialized { differ(place, expected, actual) }
        }
    }

    /// `$ref` is an attribute, and `${name}` is to be filled in.
    private static func isDirective(_ name: String) -> Bool { name.hasPrefix("$") && name != "$ref" && !name.hasPrefix("${") }

    private mutating func follow(_ directive: ConversationJSON.Member, _ actual: ConversationJSON?, at place: String) {
        let argument = directive.value
        switch directive.name {
        case "$type":
            if !Self.isOf(type: argument.text ?? "", actual) { differ(place, argument, actual) }
        case "$capture":
            switch actual {
            case .string(let text): values[argument.text ?? ""] = text
            case .some(let value): values[argument.text ?? ""] = value.serialized
            case nil: differ(place, .string("something to capture"), actual)
            }
        case "$count", "$min":
            let size = actual?.elements?.count ?? actual?.integer
            let fits = directive.name == "$min" ? (size ?? -1) >= (argument.integer ?? .max) : size == argument.integer
            if !fits { differ(place, .string("\(directive.name) \(argument.serialized)"), actual) }
        case "$contains":
            for wanted in argument.elements ?? [] where !contains(wanted, actual) {
                differ(place, .string("an element like \(wanted.serialized)"), actual)
            }
        case "$lacks":
            if actual != nil, actual?.elements == nil { differ(place, .string("an array or nothing"), actual) }
            for unwanted in argument.elements ?? [] where trial(in: actual, { $0.fits(unwanted, $1) }) {
                differ(place, .string("no element like \(unwanted.serialized)"), actual)
            }
        case "$each":
            for (index, element) in (actual?.elements ?? []).enumerated() { match(argument, element, at: "\(place)[\(index)]") }
            if actual?.elements == nil { differ(place, .string("an array"), actual) }
        case "$starts", "$ends":
            guard let part = fill(argument.text ?? "", at: place) else { return }
            let text = actual?.text ?? ""
            if !(directive.name == "$starts" ? text.hasPrefix(part) : text.hasSuffix(part)) {
                differ(place, .string("\(directive.name) \(part)"), actual)
            }
        case "$not":
            if fits(argument, actual) { differ(place, .string("anything but \(argument.serialized)"), actual) }
        case "$any":
            if !(argument.elements ?? []).contains(where: { fits($0, actual) }) {
                differ(place, .string("one of \(argument.serialized)"), actual)
            }
        default:
            differences.append("\(place): the fixture asks for \(directive.name), which nobody knows")
        }
    }

    /// Finds the first element that is as wanted and keeps what it captures.
    private mutating func contains(_ wanted: ConversationJSON, _ actual: ConversationJSON?) -> Bool {
        for element in actual?.elements ?? [] {
            var attempt = ConversationMatcher(values: values)
            attempt.match(wanted, element)
            guard attempt.differences.isEmpty else { continue }
            values = attempt.values
            return true
        }
        return false
    }

    private func trial(in actual: ConversationJSON?, _ test: (ConversationMatcher, ConversationJSON) -> Bool) -> Bool {
        (actual?.elements ?? []).contains { test(self, $0) }
    }

    private func fits(_ expected: ConversationJSON, _ actual: ConversationJSON?) -> Bool {
        var attempt = ConversationMatcher(values: values)
        attempt.match(expected, actual)
        return attempt.differences.isEmpty
    }

    private static func isOf(type: String, _ actual: ConversationJSON?) -> Bool {
        switch (type, actual) {
        case ("absent", nil), ("unassigned", nil): true
        case (_, nil): false
        case ("present", _): true
        case ("unassigned", let value?): value.elements?.isEmpty ?? value.members?.isEmpty ?? false
        case ("number", let value?): ["number", "integer"].contains(value.typeName)
        case (_, let value?): value.typeName == type
        }
    }

    private mutating func fill(_ text: String, at place: String) -> String? {
        do {
            return try filled(text)
        } catch {
            differences.append("\(place): \(error)")
            return nil
        }
    }

    private mutating func differ(_ place: String, _ expected: ConversationJSON, _ actual: ConversationJSON?) {
        differences.append("\(place): expected \(short(expected)), got \(actual.map { short($0) } ?? "nothing")")
    }

    private func short(_ value: ConversationJSON) -> String {
        let text = value.serialized
        return text.count > 400 ? text.prefix(400) + "…" : text
    }
}
