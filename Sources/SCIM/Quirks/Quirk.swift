/// What an identity provider sends otherwise than the RFCs have it, turned into what they have before the strict core sees it.
///
/// A rewriting never fails and is linear; shapes that it does not know it leaves to the core, which refuses them; done twice it changes
/// nothing more. ``Quirks`` walks the messages and asks each quirk in turn.
public protocol Quirk: Sendable {
    /// For logs and metrics.
    var name: String { get }

    func applies(to client: QuirkClient) -> Bool

    /// A resource of a POST or PUT, before its attributes.
    func rewrite(body: inout JSONObject, type: ResourceType)

    /// The attributes of a resource, or of the value of a PATCH operation that has no path.
    func rewrite(attributes: inout JSONObject, type: ResourceType)

    /// The value of a known attribute, before its sub-attributes.
    ///
    func rewrite(value: inout JSONValue, of attribute: SchemaAttribute, as role: ValueRole)

    /// A PatchOp message, before its operations.
    func rewrite(patch: inout JSONObject)

    /// An attribute's name in a filter or a PATCH path; not in brackets.
    func rewrite(path: inout AttributePath, type: ResourceType)

    /// The name that a filter compares; not in brackets.
    func rewrite(compared path: inout AttributePath, type: ResourceType)

    /// What an attribute is compared with.
    func rewrite(literal: inout FilterLiteral, of attribute: SchemaAttribute)

    func rewrite(options: inout PatchOptions)
}

extension Quirk {
    public func rewrite(body: inout JSONObject, type: ResourceType) {}
    public func rewrite(attributes: inout JSONObject, type: ResourceType) {}
    public func rewrite(value: inout JSONValue, of attribute: SchemaAttribute, as role: ValueRole) {}
    public func rewrite(patch: inout JSONObject) {}
    public func rewrite(path: inout AttributePath, type: ResourceType) {}
    public func rewrite(compared path: inout AttributePath, type: ResourceType) {}
    public func rewrite(literal: inout FilterLiteral, of attribute: SchemaAttribute) {}
    public func rewrite(options: inout PatchOptions) {}
}

/// What the value of an attribute is for.
public enum ValueRole: Sendable, Hashable {
    /// All of the attribute, or, of a multi-valued one, what is added to it.
    case whole
    /// One element of a multi-valued attribute, by a PATCH path with brackets.
    case element
    /// What a PATCH takes out. An empty list here would mean all of it, so nothing may be taken out of it.
    case removed
}
