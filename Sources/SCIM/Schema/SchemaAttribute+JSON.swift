extension SchemaAttribute {
    /// The definition as `/Schemas` shows it (RFC 7643, section 7); nothing in it is null.
    public var json: JSONValue {
        var object: JSONObject = [
            "name": .string(name), "type": .string(kind.rawValue), "multiValued": .bool(isMultiValued),
            "description": .string(description), "required": .bool(isRequired),
        ]
        if !canonicalValues.isEmpty { object["canonicalValues"] = .array(canonicalValues.map { .string($0) }) }
        object["caseExact"] = .bool(isCaseExact)
        object["mutability"] = .string(mutability.rawValue)
        object["returned"] = .string(returned.rawValue)
        object["uniqueness"] = .string(uniqueness.rawValue)
        if !referenceTypes.isEmpty { object["referenceTypes"] = .array(referenceTypes.map { .string($0) }) }
        if kind == .complex { object["subAttributes"] = .array(subAttributes.map(\.json)) }
        return .object(object)
    }

    /// Reads a definition. What is not said is as RFC 7643, section 2.2, has it: an optional string that is read and written, returned by
    /// default, not unique, in any letter case; references and binary values are case exact.
    ///
    /// - Parameter owner: The schema, or the schema and the complex attribute, as errors tell it.
    /// - Throws: 400 `invalidValue`.
    init(_ json: JSONValue, of owner: String, isSub: Bool = false) throws {
        guard let object = json.object else { throw SCIMError.invalidValue("Each attribute of \(owner) is an object.") }
        guard let name = object.value(ofAttribute: "name")?.text, Self.isName(name) else {
            throw SCIMError.invalidValue("Each attribute of \(owner) has a name of letters, digits, - and _, beginning with a letter.")
        }
        let place = "\(owner): \(name)"
        func word<Word: RawRepresentable<String>>(_ name: String, _ standard: Word) throws -> Word {
            guard let value = object.value(ofAttribute: name), value != .null else { return standard }
            guard let text = value.text, let word = Word(rawValue: text) else {
                throw SCIMError.invalidValue("\(place) has \(name) of none of the values in RFC 7643, section 7.")
            }
            return word
        }
        func truth(_ name: String, _ standard: Bool) throws -> Bool {
            guard let value = object.value(ofAttribute: name), value != .null else { return standard }
            guard let truth = value.bool else { throw SCIMError.invalidValue("\(place) has \(name) neither true nor false.") }
            return truth
        }
        func texts(_ name: String) throws -> [String] {
            guard let value = object.value(ofAttribute: name), !value.isUnassigned else { return [] }
            let texts = value.array?.compactMap(\.text) ?? []
            guard texts.count == value.array?.count else {
                throw SCIMError.invalidValue("\(place) has \(name) that is no list of strings.")
            }
            return texts
        }
        let kind = try word("type", Kind.string)
        var subs: [SchemaAttribute] = []
        if kind == .complex {
            if isSub {
                throw SCIMError.invalidValue("\(place) is complex within a complex attribute, which RFC 7643, section 2.3.8, forbids.")
            }
            guard let list = object.value(ofAttribute: "subAttributes")?.array, !list.isEmpty else {
                throw SCIMError.invalidValue("\(place) is complex and has no subAttributes.")
            }
            subs = try Self.list(list, of: place, isSub: true)
        }
        self.init(
            name, kind, isMultiValued: try truth("multiValued", false),
            description: object.value(ofAttribute: "description")?.text ?? "", isRequired: try truth("required", false),
            canonicalValues: try texts("canonicalValues"), isCaseExact: try truth("caseExact", kind == .reference || kind == .binary),
            mutability: try word("mutability", Mutability.readWrite), returned: try word("returned", Returned.default),
            uniqueness: try word("uniqueness", Uniqueness.none), referenceTypes: try texts("referenceTypes"), subAttributes: subs)
    }

    /// Whether every resource has an attribute of this name.
    var isCommon: Bool { CommonAttributes.all.contains { AttributeName.areEqual($0.name, name) } }

    /// Reads definitions whose names must differ, in any letter case.
    static func list(_ json: [JSONValue], of owner: String, isSub: Bool = false) throws -> [SchemaAttribute] {
        guard json.count <= most else { throw SCIMError.invalidValue("\(owner) has more than \(most) attributes.") }
        var attributes: [SchemaAttribute] = []
        for element in json {
            let attribute = try SchemaAttribute(element, of: owner, isSub: isSub)
            if attributes.contains(where: { AttributeName.areEqual($0.name, attribute.name) }) {
                throw SCIMError.invalidValue("\(owner) has two attributes of the name \(attribute.name).")
            }
            attributes.append(attribute)
        }
        return attributes
    }

    /// The most attributes of a schema, and of a complex attribute.
    private static let most = 200

    /// RFC 7643, section 2.1, and `$ref`.
    private static func isName(_ name: String) -> Bool {
        if name == "$ref" { return true }
        guard name.utf8.count <= 100, let first = name.utf8.first, isLetter(first) else { return false }
        return name.utf8.allSatisfy { isLetter($0) || $0 &- 0x30 < 10 || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") }
    }

    private static func isLetter(_ byte: UInt8) -> Bool { AttributeName.lower(byte) &- 0x61 < 26 }
}
