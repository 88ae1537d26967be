import Foundation
import Mimecast

/// Validates JSON against a schema, as far as the schema of events goes (JSON Schema 2020-12: the key words that it uses, and no others).
public struct SchemaCheck: Sendable {
    private let root: JSON

    public init(_ text: String) throws { root = try JSONDecoder().decode(JSON.self, from: Data(text.utf8)) }

    private static let known: Set<String> = [
        "$schema", "$id", "$comment", "$anchor", "$defs", "$ref", "title", "description", "type", "const", "enum", "required", "properties",
        "additionalProperties", "items", "minItems", "uniqueItems", "minLength", "minProperties", "pattern", "minimum", "allOf", "if",
        "then",
    ]

    /// - Returns: what is wrong, a line each; empty where the value is valid.
    public func faults(_ text: String) throws -> [String] {
        faults(try JSONDecoder().decode(JSON.self, from: Data(text.utf8)), root, "")
    }

    private func faults(_ value: JSON, _ schema: JSON, _ place: String) -> [String] {
        guard case .object(let rules) = schema else { return ["\(place): no schema"] }
        var faults: [String] = []
        func need(_ isSo: Bool, _ what: String) { if !isSo { faults.append("\(place): \(what)") } }
        for (rule, argument) in rules.sorted(by: { $0.key < $1.key }) {
            switch (rule, argument) {
            case ("$ref", .string(let name)): faults += self.faults(value, resolved(name), place)
            case ("type", .string(let type)): need(Self.type(value) == type || type == "integer" && Self.isInteger(value), "is no \(type)")
            case ("const", _): need(value == argument, "is not \(argument)")
            case ("enum", .array(let values)): need(values.contains(value), "\(value) is none of the values")
            case ("required", .array(let names)):
                guard case .object(let members) = value else { continue }
                for case .string(let name) in names { need(members[name] != nil, "has no \(name)") }
            case ("properties", .object(let properties)):
                guard case .object(let members) = value else { continue }
                for (name, member) in members {
                    if let schema = properties[name] { faults += self.faults(member, schema, place + "/" + name) }
                }
            case ("additionalProperties", .bool(false)):
                guard case .object(let members) = value, case .object(let properties)? = rules["properties"] else { continue }
                for name in members.keys { need(properties[name] != nil, "knows no \(name)") }
            case ("items", _):
                guard case .array(let list) = value else { continue }
                for (index, item) in list.enumerated() { faults += self.faults(item, argument, "\(place)/\(index)") }
            case ("minItems", .number(let least)): if case .array(let list) = value { need(Double(list.count) >= least, "is too short") }
            case ("uniqueItems", .bool(true)):
                if case .array(let list) = value { need(list.indices.allSatisfy { !list[..<$0].contains(list[$0]) }, "has one twice") }
            case ("minLength", .number(let least)): if case .string(let text) = value { need(Double(text.count) >= least, "is too short") }
            case ("minProperties", .number(let least)):
                if case .object(let members) = value { need(Double(members.count) >= least, "has too few members") }
            case ("minimum", .number(let least)): if case .number(let number) = value { need(number >= least, "is too small") }
            case ("pattern", .string(let pattern)):
                if case .string(let text) = value {
                    need(text.range(of: pattern, options: .regularExpression) != nil, "is not like \(pattern)")
                }
            case ("allOf", .array(let schemas)): for schema in schemas { faults += self.faults(value, schema, place) }
            case ("if", _):
                if self.faults(value, argument, place).isEmpty, let then = rules["then"] { faults += self.faults(value, then, place) }
            default: need(Self.known.contains(rule), "the check does not know \(rule)")
            }
        }
        return faults
    }

    private func resolved(_ name: String) -> JSON {
        guard case .object(let members) = root, case .object(let defs)? = members["$defs"] else { return .null }
        if name.hasPrefix("#/$defs/") { return defs[String(name.dropFirst(8))] ?? .null }
        return defs.values.first {
            if case .object(let rules) = $0 { rules["$anchor"] == .string(String(name.dropFirst())) } else { false }
        } ?? .null
    }

    private static func isInteger(_ value: JSON) -> Bool {
        if case .number(let number) = value { number == number.rounded() } else { false }
    }

    private static func type(_ value: JSON) -> String {
        switch value {
        case .object: "object"
        case .array: "array"
        case .string: "string"
        case .bool: "boolean"
        case .null: "null"
        default: "number"
        }
    }
}
