/// Where an attribute's values are found.
enum AttributePlace: Sendable, Hashable {
    /// In the resource, under this name.
    case core(String)
    /// In the object of the extension with this URN.
    case extended(String, String)
    /// The whole object of an extension.
    case wholeExtension(String)
    case meta
    case groups
    case members
    /// The type has no such attribute, which counts as unassigned (RFC 7644, section 3.4.2.1).
    case nowhere
}

/// A name that a filter or a sort uses, found.
struct LocatedAttribute: Sendable {
    let place: AttributePlace
    /// Nil for a whole extension and for what the type does not have.
    let attribute: SchemaAttribute?
    let subAttribute: SchemaAttribute?

    /// - Parameter ignoringUnknown: what the type does not have is `nowhere` instead of an error.
    /// - Returns: nil where the type has no such attribute, or never shows it.
    init?(_ path: AttributePath, in type: ResourceType, ignoringUnknown: Bool) {
        guard let found = type.resolve(path) else {
            guard ignoringUnknown else { return nil }
            place = .nowhere
            attribute = nil
            subAttribute = nil
            return
        }
        if found.attribute?.returned == .never || found.subAttribute?.returned == .never { return nil }
        attribute = found.attribute
        subAttribute = found.subAttribute
        switch (found.extensionURN, found.attribute) {
        case (let urn?, let attribute?): place = .extended(urn, attribute.name)
        case (let urn?, nil): place = .wholeExtension(urn)
        case (nil, nil): return nil
        case (nil, let attribute?):
            switch attribute.name {
            case "meta": place = .meta
            case ResourceType.membersAttribute: place = .members
            case "groups" where attribute.mutability == .readOnly: place = .groups
            default: place = .core(attribute.name)
            }
        }
    }
}

extension SubjectReader {
    /// What the resource has stored in a place; nil for the places beside it.
    func stored(_ place: AttributePlace) -> JSONValue? {
        switch place {
        case .core(let name): subject.object[name]
        case .extended(let urn, let name): subject.object[urn]?.object?[name]
        case .wholeExtension(let urn): subject.object[urn]
        case .meta, .groups, .members, .nowhere: nil
        }
    }

    /// `meta.version` and so on, as texts are shown; the dates are instants and not among them.
    func meta(_ name: String) -> JSONValue? {
        switch name {
        case "resourceType": .string(subject.type.name)
        case "location": subject.location.map { .string($0) }
        case "version": .string("W/\"\(subject.version)\"")
        default: nil
        }
    }

    /// `meta.created` and `meta.lastModified` in milliseconds since 1970; nil for any other name.
    func metaInstant(_ name: String) -> Int? {
        switch name {
        case "created": subject.created
        case "lastModified": subject.modified
        default: nil
        }
    }
}
