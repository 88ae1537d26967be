/// What brackets ask of one value of an attribute; all of it must hold for the same value (RFC 7644, section 3.4.2.2).
public struct ElementMatcher: Sendable {
    struct Leaf: Sendable {
        /// As the schema spells it; nil is the value itself.
        var subAttribute: String?
        var demand: FilterDemand
    }

    private let tree: FilterTree<Leaf>

    /// - Parameters:
    ///   - filter: the names in it are sub-attributes; of an attribute that has none, `value` is the value itself.
    ///   - attribute: whose values are looked at.
    /// - Throws: 400 `invalidFilter` for unknown names and for what does not go with a sub-attribute's type.
    public init(_ filter: Filter, of attribute: SchemaAttribute) throws {
        if attribute.kind != .complex, !attribute.isMultiValued {
            throw SCIMError.invalidFilter(
                "Filter: '\(attribute.name)' has neither several values nor sub-attributes to be put in brackets.")
        }
        tree = try FilterTree(filter) { leaf in
            switch leaf {
            case .compare(let path, let comparison, let literal):
                let (name, found) = try Self.resolve(path, in: attribute)
                return Leaf(
                    subAttribute: name,
                    demand: try FilterDemand(comparison, literal, with: found, named: "\(attribute.name)[\(path)]"))
            case .present(let path): return Leaf(subAttribute: try Self.resolve(path, in: attribute).name, demand: .present)
            case .element, .and, .or, .not: throw SCIMError.invalidFilter("Filter: brackets cannot stand in brackets.")
            }
        }
    }

    private static func resolve(
        _ path: AttributePath, in attribute: SchemaAttribute
    ) throws -> (name: String?, attribute: SchemaAttribute) {
        if path.schema == nil, path.subAttribute == nil, let name = path.attribute {
            if let found = attribute.subAttribute(name), found.returned != .never, found.kind != .complex { return (found.name, found) }
            if attribute.kind != .complex, AttributeName.areEqual(name, "value") { return (nil, attribute) }
        }
        throw SCIMError.invalidFilter("Filter: '\(path)' in brackets is no sub-attribute of '\(attribute.name)'.")
    }

    /// - Parameter element: one value as it is stored.
    public func matches(_ element: JSONValue) -> Bool {
        tree.holds { leaf in
            guard let name = leaf.subAttribute else { return leaf.demand.holds(element) }
            return leaf.demand.holds(element.object?[name])
        }
    }

    /// - Parameter baseURL: what `$ref` begins with; nil leaves it unassigned.
    public func matches(_ reference: Reference, baseURL: String? = nil) -> Bool {
        matches(ReferenceElement(reference, baseURL: baseURL))
    }

    func matches(_ element: ReferenceElement) -> Bool {
        tree.holds { $0.demand.holds(element.value(of: $0.subAttribute)) }
    }
}

/// A reference as an element of `members` or `groups`.
struct ReferenceElement {
    private let reference: Reference
    private let baseURL: String?

    init(_ reference: Reference, baseURL: String?) {
        self.reference = reference
        self.baseURL = baseURL
    }

    /// - Parameter subAttribute: as the schema spells it; nil is `value`.
    func value(of subAttribute: String?) -> JSONValue? {
        let text: String?
        switch subAttribute {
        case nil, "value": text = reference.value
        case "display": text = reference.display
        case "type": text = reference.type
        case "$ref":
            guard let baseURL, let endpoint = reference.endpoint else { return nil }
            text = "\(baseURL)\(endpoint)/\(reference.value)"
        default: text = nil
        }
        return text.map { .string($0) }
    }
}
