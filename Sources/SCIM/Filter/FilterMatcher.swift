/// A filter prepared for resources of one type: names resolved, literals checked and folded.
///
/// Where RFC 7644 is silent, our choice:
/// - An attribute with several values matches when any of them does, `ne` included; `ne` matches also where there is none.
/// - `eq null` is `not pr`, `ne null` is `pr`; "" and lists and objects without content are unassigned.
/// - An attribute with sub-attributes is compared by its `value` (`emails co "@x"`, `manager eq "1"`, `members eq "1"`); without one
///   (`name eq …`) it cannot be.
/// - Texts compare by their bytes, folded unless `caseExact` (``FoldedText``); dates as instants; `co`, `sw` and `ew` go with texts only.
/// - `meta.version` is compared in the form `W/"…"`.
public struct FilterMatcher: Sendable {
    private enum Leaf: Sendable {
        case test(AttributePlace, subAttribute: String?, FilterDemand)
        case element(AttributePlace, ElementMatcher)
    }

    private let tree: FilterTree<Leaf>

    /// - Parameter ignoringUnknown: names that the type does not have are unassigned, as in a search over several types
    ///   (RFC 7644, section 3.4.2.1), instead of an error.
    /// - Throws: 400 `invalidFilter` for names that the type does not have or never returns (`password`), and for operators and literals
    ///   that do not go with an attribute's type.
    public init(_ filter: Filter, type: ResourceType, ignoringUnknown: Bool = false) throws {
        tree = try FilterTree(filter) { try Self.leaf($0, type, ignoringUnknown) }
    }

    private static func leaf(_ filter: Filter, _ type: ResourceType, _ ignoringUnknown: Bool) throws -> Leaf {
        func locate(_ path: AttributePath) throws -> LocatedAttribute {
            if let found = LocatedAttribute(path, in: type, ignoringUnknown: ignoringUnknown) { return found }
            throw SCIMError.invalidFilter("Filter: '\(path)' is no attribute of \(type.name) that can be searched for; see /Schemas.")
        }
        switch filter {
        case .present(let path):
            let found = try locate(path)
            return .test(found.place, subAttribute: found.subAttribute?.name, .present)
        case .compare(let path, let comparison, let literal):
            let found = try locate(path)
            if found.place == .nowhere {
                let isTrueOfNothing = (comparison == .eq) == (literal == .null) && [.eq, .ne].contains(comparison)
                return .test(.nowhere, subAttribute: nil, isTrueOfNothing ? .absent : .present)
            }
            let (subAttribute, compared) = try comparable(found, path)
            return .test(found.place, subAttribute: subAttribute, try FilterDemand(comparison, literal, with: compared, named: "\(path)"))
        case .element(let path, let inner):
            let found = try locate(path)
            guard let attribute = found.attribute else {
                return .test(.nowhere, subAttribute: nil, .present)
            }
            if found.subAttribute != nil || found.place == .meta {
                throw SCIMError.invalidFilter("Filter: brackets stand behind an attribute with several values, which '\(path)' is not.")
            }
            return .element(found.place, try ElementMatcher(inner, of: attribute))
        case .and, .or, .not: throw SCIMError.invalidFilter("Filter: not a comparison.")
        }
    }

    /// The attribute whose values are compared, and its name where it is a sub-attribute.
    private static func comparable(_ found: LocatedAttribute, _ path: AttributePath) throws -> (String?, SchemaAttribute) {
        if let subAttribute = found.subAttribute, subAttribute.kind != .complex { return (subAttribute.name, subAttribute) }
        if let attribute = found.attribute, found.subAttribute == nil {
            if attribute.kind != .complex { return (nil, attribute) }
            if let value = attribute.subAttribute("value"), value.kind != .complex { return (value.name, value) }
        }
        throw SCIMError.invalidFilter("Filter: '\(path)' has sub-attributes; compare one of them.")
    }

    // MARK: Matching

    /// - Throws: whatever the subject's closures throw.
    public func matches(_ subject: FilterSubject) throws -> Bool {
        var reader = SubjectReader(subject)
        return try tree.holds { leaf in
            switch leaf {
            case .test(let place, let subAttribute, let demand): try Self.holds(demand, place, subAttribute, &reader)
            case .element(let place, let matcher):
                switch place {
                case .groups: try reader.groups().contains { matcher.matches($0) }
                case .members: try reader.members().contains { matcher.matches($0) }
                default:
                    switch reader.stored(place) {
                    case .array(let elements): elements.contains { matcher.matches($0) }
                    case let value?: matcher.matches(value)
                    case nil: false
                    }
                }
            }
        }
    }

    private static func holds(
        _ demand: FilterDemand, _ place: AttributePlace, _ subAttribute: String?, _ reader: inout SubjectReader
    ) throws -> Bool {
        switch place {
        case .meta:
            guard let subAttribute else { return demand.holds(.bool(true)) }
            guard let instant = reader.metaInstant(subAttribute) else { return demand.holds(reader.meta(subAttribute)) }
            if case .compare(let comparison) = demand { return comparison.holds(instant: instant) }
            return demand.holds(.bool(true))
        case .groups: return holdsForAny(demand, try reader.groups()) { $0.value(of: subAttribute) }
        case .members: return holdsForAny(demand, try reader.members()) { $0.value(of: subAttribute) }
        case .core, .extended, .wholeExtension, .nowhere:
            let value = reader.stored(place)
            guard let subAttribute else { return demand.holds(value) }
            guard case .array(let elements) = value else { return demand.holds(value?.object?[subAttribute]) }
            return holdsForAny(demand, elements) { $0.object?[subAttribute] }
        }
    }

    private static func holdsForAny<Element>(
        _ demand: FilterDemand, _ elements: [Element], value: (Element) -> JSONValue?
    ) -> Bool {
        switch demand {
        case .present: elements.contains { demand.holds(value($0)) }
        case .absent: elements.allSatisfy { demand.holds(value($0)) }
        case .compare: elements.isEmpty ? demand.holds(nil) : elements.contains { demand.holds(value($0)) }
        }
    }
}
