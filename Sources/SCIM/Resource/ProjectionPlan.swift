/// What a projection comes to for one type: what becomes of each attribute of a stored body.
struct ProjectionPlan: Sendable, Hashable {
    /// What becomes of an attribute.
    enum Fate: Sendable, Hashable {
        case whole
        case none
        /// The sub-attributes that are shown.
        case parts([String])

        /// Whether a sub-attribute is shown.
        func shows(_ sub: String) -> Bool {
            switch self {
            case .whole: true
            case .none: false
            case .parts(let names): names.contains { ExactText.areEqual($0, sub) }
            }
        }
    }

    /// Whether the stored body is shown as it is.
    let isWholeBody: Bool
    /// Of the core schema's attributes and of externalId, by the spelling of the schema. Empty where the whole body is shown.
    let core: [String: Fate]
    /// Of the extensions' attributes, by URN.
    let extensions: [String: [String: Fate]]
    let meta: Fate
    let groups: Fate
    let members: Fate

    var showsMembers: Bool { members != .none }
    var showsGroups: Bool { groups != .none }

    init(_ projection: Projection, _ type: ResourceType) {
        let choice = projection.choice
        if choice == .all, !type.traits.hasRequested {
            isWholeBody = true
            core = [:]
            extensions = [:]
            meta = .whole
            groups = type.schema.position(of: "groups") == nil ? .none : .whole
            members = type.hasMembers ? .whole : .none
            return
        }
        var fates: [String: Fate] = [:]
        var isWhole = true
        for attribute in type.schema.attributes + [CommonAttributes.externalID] {
            let fate = Self.fate(attribute, choice, urn: type.schema.id, isCore: true)
            fates[attribute.name] = fate
            if fate != .whole, !Self.liesBeside(attribute.name, type), attribute.returned != .never { isWhole = false }
        }
        members = type.hasMembers ? fates[ResourceType.membersAttribute] ?? .none : .none
        groups = type.schema.attribute("groups").flatMap { fates[$0.name] } ?? .none
        meta = Self.fate(CommonAttributes.meta, choice, urn: type.schema.id, isCore: true)
        var others: [String: [String: Fate]] = [:]
        for schema in type.extensions.map(\.schema) {
            var inner: [String: Fate] = [:]
            for attribute in schema.attributes {
                let fate = Self.fate(attribute, choice, urn: schema.id, isCore: false)
                inner[attribute.name] = fate
                if fate != .whole, attribute.returned != .never { isWhole = false }
            }
            others[schema.id] = inner
        }
        core = fates
        extensions = others
        isWholeBody = isWhole
    }

    /// What is left of a stored resource.
    func applied(to object: JSONObject) -> JSONObject {
        var members: [JSONObject.Member] = []
        members.reserveCapacity(object.members.count)
        for member in object.members {
            if member.name == CommonAttributes.id.name || member.name == CommonAttributes.schemas.name {
                members.append(member)
            } else if let inner = extensions[member.name] {
                let shown = (member.value.object?.members ?? []).compactMap { Self.projected($0, inner[$0.name] ?? .whole) }
                if !shown.isEmpty { members.append(JSONObject.Member(member.name, .object(JSONObject(members: shown)))) }
            } else if let shown = Self.projected(member, core[member.name] ?? .none) {
                members.append(shown)
            }
        }
        return JSONObject(members: members)
    }

    private static func projected(_ member: JSONObject.Member, _ fate: Fate) -> JSONObject.Member? {
        switch fate {
        case .whole: return member
        case .none: return nil
        case .parts:
            func parts(_ value: JSONValue) -> JSONValue? {
                guard let object = value.object else { return nil }
                let shown = object.members.filter { fate.shows($0.name) }
                return shown.isEmpty ? nil : .object(JSONObject(members: shown))
            }
            if let elements = member.value.array {
                let shown = elements.compactMap(parts)
                return shown.isEmpty ? nil : JSONObject.Member(member.name, .array(shown))
            }
            return parts(member.value).map { JSONObject.Member(member.name, $0) }
        }
    }

    private static func liesBeside(_ name: String, _ type: ResourceType) -> Bool {
        name == ResourceType.membersAttribute && type.hasMembers || name == "groups" && type.schema.attribute(name)?.mutability == .readOnly
    }

    // MARK: Deciding

    private static func fate(_ attribute: SchemaAttribute, _ choice: Projection.Choice, urn: String, isCore: Bool) -> Fate {
        switch attribute.returned {
        case .always: return .whole
        case .never: return .none
        case .default, .request: break
        }
        switch choice {
        case .all: return attribute.returned == .request ? .none : parts(attribute) { $0.returned != .request }
        case .only(let paths):
            var named: [String] = []
            var isNamed = false
            for path in paths where isOf(path, urn, isCore) {
                guard let name = path.attribute else {
                    if attribute.returned == .default { isNamed = true }
                    continue
                }
                guard AttributeName.areEqual(name, attribute.name) else { continue }
                guard let sub = path.subAttribute else {
                    isNamed = true
                    continue
                }
                named.append(sub)
            }
            func isNamedItself(_ sub: SchemaAttribute) -> Bool { named.contains { AttributeName.areEqual($0, sub.name) } }
            if isNamed { return parts(attribute) { $0.returned != .request || isNamedItself($0) } }
            guard attribute.subAttributes.contains(where: isNamedItself) else { return .none }
            return parts(attribute) { $0.returned == .always || isNamedItself($0) }
        case .without(let paths):
            if attribute.returned == .request { return .none }
            var excluded: [String] = []
            for path in paths where isOf(path, urn, isCore) {
                guard let name = path.attribute else { return .none }
                guard AttributeName.areEqual(name, attribute.name) else { continue }
                guard let sub = path.subAttribute else { return .none }
                excluded.append(sub)
            }
            return parts(attribute) { sub in
                sub.returned == .always || sub.returned == .default && !excluded.contains { AttributeName.areEqual($0, sub.name) }
            }
        }
    }

    private static func isOf(_ path: AttributePath, _ urn: String, _ isCore: Bool) -> Bool {
        guard let schema = path.schema else { return isCore }
        return AttributeName.areEqual(schema, urn)
    }

    private static func parts(_ attribute: SchemaAttribute, _ isShown: (SchemaAttribute) -> Bool) -> Fate {
        let shown = attribute.subAttributes.filter { $0.returned != .never && isShown($0) }
        if shown.count == attribute.subAttributes.count { return .whole }
        return shown.isEmpty ? .none : .parts(shown.map(\.name))
    }
}
