/// Names of an extension without its URN in filters and PATCH paths, where one extension alone has them, and a complex attribute compared
/// as if it were its `value`: Entra probes with `id eq "…" and manager eq "…"`.
public struct UnqualifiedNames: Quirk {
    public let name = "unqualified-names"

    public init() {}

    public func applies(to client: QuirkClient) -> Bool { true }

    public func rewrite(path: inout AttributePath, type: ResourceType) {
        guard path.schema == nil, path.attribute != nil, type.resolve(path) == nil else { return }
        let found = type.extensions.map { qualified in
            AttributePath(schema: qualified.schema.id, path.attribute, path.subAttribute)
        }.filter { type.resolve($0) != nil }
        if found.count == 1 { path = found[0] }
    }

    public func rewrite(compared path: inout AttributePath, type: ResourceType) {
        guard path.subAttribute == nil, let attribute = type.resolve(path)?.attribute, attribute.kind == .complex,
            !attribute.isMultiValued, let value = attribute.subAttribute("value")
        else { return }
        path.subAttribute = value.name
    }
}
