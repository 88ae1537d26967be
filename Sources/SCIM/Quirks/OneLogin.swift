/// OneLogin, whose bodies come from a template that an administrator edits: the manager by the name that SCIM 1.x has for it,
/// `managerId`, in the manager or in its stead.
public struct OneLoginQuirk: Quirk {
    public let name = "onelogin"

    private static let oldName = "managerId"

    public init() {}

    public func applies(to client: QuirkClient) -> Bool { client.provider == nil || client.provider == .oneLogin }

    public func rewrite(attributes: inout JSONObject, type: ResourceType) {
        guard let schema = type.extension(UserResource.enterpriseSchema)?.schema, schema.attribute(Self.oldName) == nil,
            schema.attribute("manager") != nil
        else { return }
        for index in attributes.members.indices where AttributeName.areEqual(attributes.members[index].name, schema.id) {
            guard case .object(var object) = attributes.members[index].value else { continue }
            Self.rename(in: &object, to: "manager")
            for index in object.members.indices where AttributeName.areEqual(object.members[index].name, "manager") {
                guard case .object(var manager) = object.members[index].value else { continue }
                Self.rename(in: &manager, to: "value")
                object.members[index].value = .object(manager)
            }
            attributes.members[index].value = .object(object)
        }
    }

    private static func rename(in object: inout JSONObject, to name: String) {
        guard object.value(ofAttribute: name) == nil,
            let index = object.members.firstIndex(where: { AttributeName.areEqual($0.name, oldName) })
        else { return }
        object.members[index].name = name
    }
}
