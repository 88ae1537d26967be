extension PatchOperation {
    /// The schema of the message that carries operations (RFC 7644, section 3.5.2).
    public static let schema = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
    /// Most operations in one message (our choice).
    public static let limit = 1000

    /// Reads a PATCH body. Member names and verbs are taken in any letter case, unknown members are ignored, a path that is null or ""
    /// is none. Whether names exist is seen when the operations are applied.
    ///
    /// - Throws: 400 `invalidSyntax` for what is no such message, `noTarget` for a `remove` without a path, `invalidValue` for an `add` or
    ///   a `replace` without a value (null is one), `invalidPath` and `invalidFilter` for a path; 413 for more than ``limit`` operations.
    public static func list(_ body: JSONObject, type: ResourceType) throws -> [PatchOperation] {
        let schemas = body.value(ofAttribute: "schemas")?.array ?? []
        if !schemas.contains(where: { $0.text.map { AttributeName.areEqual($0, schema) } ?? false }) {
            throw SCIMError.invalidSyntax("A PATCH body names the schema \"\(schema)\" in 'schemas'.")
        }
        guard let operations = body.value(ofAttribute: "Operations")?.array, !operations.isEmpty else {
            throw SCIMError.invalidSyntax("A PATCH body has a list 'Operations' with at least one operation.")
        }
        if operations.count > limit {
            throw SCIMError(413, nil, "A PATCH has at most \(limit) operations; this one has \(operations.count). Send several.")
        }
        let urns = type.urns
        return try operations.enumerated().map { index, json in
            try SCIMError.inOperation(index) { try PatchOperation(json, urns: urns) }
        }
    }

    private init(_ json: JSONValue, urns: [String]) throws {
        guard let object = json.object else { throw SCIMError.invalidSyntax("an operation is an object with 'op', 'path' and 'value'.") }
        guard let name = object.value(ofAttribute: "op")?.text, let verb = Verb(rawValue: name.lowercased()) else {
            throw SCIMError.invalidSyntax("'op' is \"add\", \"remove\" or \"replace\".")
        }
        self.init(verb, value: object.value(ofAttribute: "value"))
        switch object.value(ofAttribute: "path") {
        case nil, .null, .string(""): break
        case .string(let text): path = try PatchPath.parse(text, urns: urns)
        default: throw SCIMError.invalidPath("'path' is a string.")
        }
        switch verb {
        case .remove where path == nil: throw SCIMError.noTarget("'remove' needs a 'path' that says what to remove.")
        case .add where value == nil, .replace where value == nil:
            throw SCIMError.invalidValue("'\(verb.rawValue)' needs a 'value'; null unassigns.")
        default: break
        }
    }
}

extension SCIMError {
    /// Names the operation, counted from 1, in whatever is thrown.
    static func inOperation<Result>(_ index: Int, _ body: () throws -> Result) throws -> Result {
        do { return try body() } catch var error as SCIMError {
            error.detail = "Operation \(index + 1): \(error.detail)"
            throw error
        }
    }
}
