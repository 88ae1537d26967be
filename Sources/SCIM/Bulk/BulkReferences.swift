/// Where an operation of a bulk request names a resource that another one makes (RFC 7644, section 3.7.2): `bulkId:x` as a whole string
/// anywhere in its data, at the end of a `$ref`, in a quoted string of a PATCH path, and as a segment of the operation's own path.
struct BulkReferences {
    private static let mark = "bulkId:"

    /// Whether the data is a PatchOp message, whose paths have filters in them.
    let isPatch: Bool

    // MARK: Reading

    /// Every bulkId that the data refers to, as often as it does.
    func found(in data: JSONObject) -> [String] {
        var found: [String] = []
        visit(data) { found.append($0) }
        return found
    }

    private func visit(_ object: JSONObject, isOperation: Bool = false, _ body: (String) -> Void) {
        for member in object.members {
            if isOperation, let text = member.value.text, AttributeName.areEqual(member.name, "path") {
                for part in Self.literals(of: text) where part.isLiteral {
                    if let reference = Self.reference(in: part.text, isAddress: true) { body(reference.bulkID) }
                }
            } else {
                let isOperations = isPatch && AttributeName.areEqual(member.name, "Operations")
                visit(member.value, isAddress: AttributeName.areEqual(member.name, "$ref"), isOperations: isOperations, body)
            }
        }
    }

    private func visit(_ value: JSONValue, isAddress: Bool = false, isOperations: Bool = false, _ body: (String) -> Void) {
        switch value {
        case .string(let text): if let reference = Self.reference(in: text, isAddress: isAddress) { body(reference.bulkID) }
        case .array(let elements): for element in elements { visit(element, isOperations: isOperations, body) }
        case .object(let object): visit(object, isOperation: isOperations, body)
        case .null, .bool, .number: break
        }
    }

    // MARK: Resolving

    /// The data with ids in the place of bulkIds; those without an id stay.
    func resolved(_ object: JSONObject, _ id: (String) -> String?) -> JSONObject { resolved(object, isOperation: false, id) }

    private func resolved(_ object: JSONObject, isOperation: Bool, _ id: (String) -> String?) -> JSONObject {
        var object = object
        for (index, member) in object.members.enumerated() {
            if isOperation, let text = member.value.text, AttributeName.areEqual(member.name, "path") {
                let parts = Self.literals(of: text).map { part in
                    part.isLiteral ? Self.resolved(part.text, isAddress: true, id) ?? part.text : part.text
                }
                object.members[index].value = .string(parts.joined())
            } else {
                let isOperations = isPatch && AttributeName.areEqual(member.name, "Operations")
                object.members[index].value = resolved(
                    member.value, isAddress: AttributeName.areEqual(member.name, "$ref"), isOperations: isOperations, id)
            }
        }
        return object
    }

    private func resolved(
        _ value: JSONValue, isAddress: Bool = false, isOperations: Bool = false, _ id: (String) -> String?
    ) -> JSONValue {
        switch value {
        case .string(let text): Self.resolved(text, isAddress: isAddress, id).map { .string($0) } ?? value
        case .array(let elements): .array(elements.map { resolved($0, isOperations: isOperations, id) })
        case .object(let object): .object(resolved(object, isOperation: isOperations, id))
        case .null, .bool, .number: value
        }
    }

    private static func resolved(_ text: String, isAddress: Bool, _ id: (String) -> String?) -> String? {
        guard let reference = reference(in: text, isAddress: isAddress), let id = id(reference.bulkID) else { return nil }
        return reference.before + id
    }

    // MARK: Splitting

    /// Takes out of a resource to be made whatever refers to some bulkIds: elements of lists, else whole attributes, those of an extension
    /// one by one.
    ///
    /// - Returns: both are parts of a resource; what is taken out can be added by a PATCH without a path.
    func split(_ data: JSONObject, where isDeferred: (String) -> Bool) -> (now: JSONObject, later: JSONObject) {
        var now = JSONObject()
        var later = JSONObject()
        for member in data.members {
            let isAddress = AttributeName.areEqual(member.name, "$ref")
            guard refers(member.value, isAddress: isAddress, to: isDeferred) else {
                now.members.append(member)
                continue
            }
            switch member.value {
            case .array(let elements):
                let kept = elements.filter { !refers($0, to: isDeferred) }
                if !kept.isEmpty { now.members.append(JSONObject.Member(member.name, .array(kept))) }
                later.members.append(JSONObject.Member(member.name, .array(elements.filter { refers($0, to: isDeferred) })))
            case .object(let inner) where member.name.utf8.contains(UInt8(ascii: ":")):
                let parts = split(inner, where: isDeferred)
                if !parts.now.isEmpty { now.members.append(JSONObject.Member(member.name, .object(parts.now))) }
                later.members.append(JSONObject.Member(member.name, .object(parts.later)))
            default: later.members.append(member)
            }
        }
        return (now, later)
    }

    private func refers(_ value: JSONValue, isAddress: Bool = false, to isDeferred: (String) -> Bool) -> Bool {
        var refers = false
        visit(value, isAddress: isAddress) { refers = refers || isDeferred($0) }
        return refers
    }

    // MARK: Paths

    /// The bulkId that an operation's own path names.
    static func found(inPath path: String) -> String? { segment(of: path)?.bulkID }

    /// The path with an id in the place of its bulkId; nil where there is none.
    static func resolved(path: String, _ id: (String) -> String?) -> String? {
        guard let segment = segment(of: path) else { return path }
        return id(segment.bulkID).map { segment.before + $0 + segment.after }
    }

    private static func segment(of path: String) -> (before: String, bulkID: String, after: String)? {
        guard let reference = reference(in: path, isAddress: true) else { return nil }
        let end = reference.bulkID.utf8.firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") } ?? reference.bulkID.endIndex
        return (reference.before, String(reference.bulkID[..<end]), String(reference.bulkID[end...]))
    }

    // MARK: Text

    /// - Parameter isAddress: whether a `/bulkId:` within the text counts.
    private static func reference(in text: String, isAddress: Bool) -> (before: String, bulkID: String)? {
        var rest = text.utf8[...]
        while true {
            if rest.starts(with: mark.utf8) {
                let start = rest.index(rest.startIndex, offsetBy: mark.utf8.count)
                return start == rest.endIndex ? nil : (String(text[..<rest.startIndex]), String(text[start...]))
            }
            guard isAddress, let slash = rest.firstIndex(of: UInt8(ascii: "/")) else { return nil }
            rest = rest[rest.index(after: slash)...]
        }
    }

    /// A PATCH path cut at its quotation marks, which belong to the parts that are no literals.
    private static func literals(of path: String) -> [(text: String, isLiteral: Bool)] {
        var parts: [(text: String, isLiteral: Bool)] = []
        var start = path.startIndex
        var isLiteral = false
        var isEscaped = false
        var index = path.startIndex
        while index < path.endIndex {
            let byte = path.utf8[index]
            let next = path.utf8.index(after: index)
            if isEscaped {
                isEscaped = false
            } else if isLiteral, byte == UInt8(ascii: "\\") {
                isEscaped = true
            } else if byte == UInt8(ascii: "\"") {
                let cut = isLiteral ? index : next
                parts.append((String(path[start..<cut]), isLiteral))
                start = cut
                isLiteral.toggle()
            }
            index = next
        }
        parts.append((String(path[start...]), false))
        return parts
    }
}
