/// A copy of a resource while PATCH operations change it, one after the other (RFC 7644, section 3.5.2).
///
/// Where the RFC is silent or identity providers need more, our choice:
/// - null, "" and [] unassign a single value and a replaced list; added to a list they add nothing. {} names no sub-attribute and
///   changes nothing.
/// - A `remove` that finds nothing is no error. A `remove` of a list with a value removes those values only.
/// - Without a path, members that mean nothing and what is read-only are ignored, as in POST; a path to either is refused.
/// - `add` where brackets match nothing makes the value that the brackets describe; `replace` does by ``PatchOptions``.
/// - A value of a list that is left with `type` and no more goes, unless it is the primary one.
/// - A value that brackets match and `replace` gets keeps what the brackets said about it, unless the new one says otherwise.
struct ResourcePatcher {
    /// Most values of lists that all operations together may look at: more would keep a writer busy for seconds.
    private static let workLimit = 1_000_000

    let type: ResourceType
    let options: PatchOptions
    let reader: ValueReader
    private let original: JSONObject
    private var object: JSONObject
    var members: [MembershipChange] = []
    private var changedLists: Set<ListPlace> = []
    private var work = 0

    private struct ListPlace: Hashable {
        let extensionURN: String?
        let name: String
    }

    init(_ resource: Resource, type: ResourceType, options: PatchOptions) {
        self.type = type
        self.options = options
        reader = ValueReader(type)
        original = resource.object
        object = resource.object
    }

    // MARK: Operations

    mutating func apply(_ operation: PatchOperation) throws {
        if let path = operation.path {
            try apply(operation.verb, path, operation.value ?? .null, hasValue: operation.value != nil, isNamed: true)
        } else {
            guard operation.verb != .remove else { throw SCIMError.noTarget("'remove' needs a 'path' that says what to remove.") }
            guard let object = operation.value?.object else {
                throw SCIMError.invalidValue("without a 'path' the value is an object with the attributes to change.")
            }
            try spread(operation.verb, object, schema: nil)
        }
    }

    /// Each member of an object is an operation of its own, its name the path.
    private mutating func spread(_ verb: PatchOperation.Verb, _ object: JSONObject, schema: String?) throws {
        let urns = type.urns
        for member in object.members {
            var path: PatchPath
            do { path = try PatchPath.parse(member.name, urns: urns) } catch {
                if member.name.utf8.contains(UInt8(ascii: "[")) { throw error }
                continue
            }
            if path.attribute.schema == nil { path.attribute.schema = schema }
            try apply(verb, path, member.value, hasValue: true, isNamed: false)
        }
    }

    /// - Parameters:
    ///   - value: null where there is none.
    ///   - isNamed: whether the client gave the path as such, and not as the name of a member.
    private mutating func apply(
        _ verb: PatchOperation.Verb, _ path: PatchPath, _ value: JSONValue, hasValue: Bool, isNamed: Bool
    ) throws {
        guard let target = PatchTarget(path, in: type) else {
            if !isNamed { return }
            throw SCIMError.invalidPath("path '\(path)': \(type.name) has no such attribute; see /Schemas.")
        }
        guard let attribute = target.attribute else { return try applyWhole(target.extensionURN, verb, value) }
        if target.extensionURN == nil, attribute.name == CommonAttributes.schemas.name { return }
        if attribute.mutability == .readOnly || target.isMembers == false && target.subAttribute?.mutability == .readOnly {
            if !isNamed { return }
            throw SCIMError.mutability("path '\(path)': it is read-only.")
        }
        if target.isMembers { return try applyMembers(verb, path, target, value, hasValue: hasValue) }
        if path.filter != nil, !attribute.isMultiValued {
            throw SCIMError.invalidPath("path '\(path)': brackets stand behind an attribute with several values only.")
        }
        if attribute.returned == .never {
            // Passwords: checked and forgotten.
            _ = try verb == .remove || value.isBlank ? nil : reader.value(value, of: attribute, at: attribute.name)
            return
        }
        let old = self[target.extensionURN, attribute.name]
        var new: JSONValue?
        if attribute.isMultiValued {
            var list = PatchedList(old?.array ?? [], of: attribute)
            try spend(list.elements.count * (path.filter?.comparisons ?? 1) + (value.array?.count ?? 1))
            try change(&list, verb, path, target, value, hasValue: hasValue)
            if !list.elements.isEmpty { new = .array(list.elements) }
            changedLists.insert(ListPlace(extensionURN: target.extensionURN, name: attribute.name))
        } else {
            new = try changed(old, attribute, verb, target, value)
        }
        try attribute.checkChange(from: old, to: attribute.isRequired && new == nil ? old : new)
        self[target.extensionURN, attribute.name] = new
    }

    /// The path is a schema's URN.
    private mutating func applyWhole(_ urn: String?, _ verb: PatchOperation.Verb, _ value: JSONValue) throws {
        if verb != .remove, let object = value.object { return try spread(verb, object, schema: urn) }
        guard verb == .remove || value.isBlank else {
            throw SCIMError.invalidValue("the value of '\(urn ?? type.schema.id)' is an object with its attributes.")
        }
        guard let urn, let attributes = type.extension(urn)?.schema.attributes else {
            throw SCIMError.mutability("'\(type.schema.id)' is what a \(type.name) is and cannot be unassigned.")
        }
        for attribute in attributes where attribute.mutability != .readOnly {
            if attribute.mutability == .immutable { try attribute.checkChange(from: self[urn, attribute.name], to: nil) }
            self[urn, attribute.name] = nil
        }
    }

    /// Counts what an operation looks at.
    mutating func spend(_ count: Int) throws {
        work += count
        if work > Self.workLimit { throw SCIMError(413, nil, "the operations have too many values to look at. Send several PATCHes.") }
    }

    // MARK: The copy

    private subscript(urn: String?, name: String) -> JSONValue? {
        get {
            guard let urn else { return object[name] }
            return object[urn]?.object?[name]
        }
        set {
            // What says the same keeps its bytes: then the resource keeps its version.
            if let newValue, let old = self[urn, name], old.isSame(as: newValue) { return }
            guard let urn else {
                object[name] = newValue
                return
            }
            var inner = object[urn]?.object ?? JSONObject()
            inner[name] = newValue
            object[urn] = inner.isEmpty ? nil : .object(inner)
        }
    }

    /// Values that say what kind they are and nothing of what, as `{"type": "work"}`: what is left where an identity provider clears an
    /// address. They wait until the end, for the next operation may fill them.
    private mutating func dropHollowElements(_ place: ListPlace) {
        guard let elements = self[place.extensionURN, place.name]?.array else { return }
        let rest = elements.filter { element in
            guard let object = element.object, !PatchedList.isPrimary(element) else { return true }
            return object.members.contains { $0.name != "type" && $0.name != "primary" }
        }
        if rest.count < elements.count { self[place.extensionURN, place.name] = rest.isEmpty ? nil : .array(rest) }
    }

    /// What has come of it.
    ///
    /// - Throws: 400 `mutability` where a required attribute has gone, `invalidValue` where it is blank, or where an
    ///   extension has begun without one; 413 where the resource has become too large.
    mutating func finished() throws -> ChangedResource {
        for place in changedLists { dropHollowElements(place) }
        for attribute in type.schema.attributes where attribute.isRequired && attribute.mutability != .readOnly {
            let value = object[attribute.name]
            if original[attribute.name] != nil { try attribute.checkChange(from: original[attribute.name], to: value) }
            if let text = value?.text, ValueReader.isBlank(text) {
                throw SCIMError.invalidValue("'\(attribute.name)' is required and must not be blank.")
            }
        }
        for item in type.extensions {
            let urn = item.schema.id
            guard let inner = object[urn]?.object else {
                if item.isRequired, original[urn] != nil { throw SCIMError.mutability("the extension '\(urn)' is required.") }
                continue
            }
            for attribute in item.schema.attributes where attribute.isRequired && inner[attribute.name] == nil {
                let old = original[urn]?.object
                if let old, old[attribute.name] == nil { continue }
                try attribute.checkChange(from: old?[attribute.name], to: nil)
                throw SCIMError.invalidValue("'\(urn):\(attribute.name)' is required where the extension is used.")
            }
        }
        var resource = Resource(object)
        resource.announceSchemas(type)
        if !object.isSame(as: original) { try resource.checkSize() }
        return ChangedResource(resource, members: members)
    }
}
