import SCIM

/// A resource type at its endpoint, with what every request to it needs.
final class Endpoint: Sendable {
    let type: ResourceType
    /// ``type`` alone.
    let types: [ResourceType]
    let urns: [String]
    /// "/Users", without a slash at the end.
    let path: [UInt8]
    /// Where ``path`` is followed by an id.
    let methods: Methods
    let listMethods: Methods

    init(_ type: ResourceType, _ operations: SCIMSettings.Operations) {
        self.type = type
        types = [type]
        urns = type.urns
        var path = Array(type.endpoint.utf8)
        while path.last == UInt8(ascii: "/") { path.removeLast() }
        self.path = path
        listMethods = [.read, .post]
        let isGuideGroup = operations == .guide && ExactText.areEqual(type.name, GroupResource.resourceType)
        methods = isGuideGroup ? [.patch, .delete] : .resource
    }
}
