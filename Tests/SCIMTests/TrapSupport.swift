import SCIM
import Testing

/// What the trap tests are written in: JSON in, JSON out, through the quirks of an unknown client where not said otherwise.
enum Trap {
    static let core = UserResource.schema
    static let enterprise = UserResource.enterpriseSchema

    static func object(_ text: String) throws -> JSONObject {
        let long = text.replacing("CORE", with: core).replacing("ENT", with: enterprise)
        return try #require(try JSONValue.parse(Array(long.utf8)).object)
    }

    static func text(_ resource: Resource) -> String { String(decoding: JSONValue.object(resource.object).serialized, as: UTF8.self) }

    /// A stored user, as a POST makes it.
    static func user(_ json: String, id: String = "1", _ quirks: Quirks = Quirks(QuirkClient())) throws -> Resource {
        var body = try object(json)
        quirks.rewrite(resource: &body, type: .user)
        var resource = try ResourceType.user.creation(body).resource
        resource.id = id
        return resource
    }

    /// A stored user, changed as a PUT does.
    static func put(_ resource: Resource, _ json: String) throws -> Resource {
        var body = try object(json)
        Quirks(QuirkClient()).rewrite(resource: &body, type: .user)
        return try ResourceType.user.replaced(resource, by: ResourceType.user.replacement(body).0)
    }

    static func patch(
        _ resource: Resource, _ operations: String, _ type: ResourceType = .user, _ client: QuirkClient = QuirkClient()
    ) throws -> ChangedResource {
        let quirks = Quirks(client)
        var body = try object(#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[\#(operations)]}"#)
        quirks.rewrite(patch: &body, type: type)
        let change = ResourceChange.patch(try PatchOperation.list(body, type: type), quirks.patchOptions)
        return try change.applied(to: resource, type: type)
    }

    static func matches(_ resource: Resource, _ filter: String, _ type: ResourceType = .user) throws -> Bool {
        let long = filter.replacing("CORE", with: core).replacing("ENT", with: enterprise)
        var filter = try Filter.parse(long, urns: type.urns)
        Quirks(QuirkClient()).rewrite(filter: &filter, types: [type])
        let subject = FilterSubject(type: type, object: resource.object, created: 1_000, modified: 2_000, version: "1")
        return try FilterMatcher(filter, type: type).matches(subject)
    }

    static func refusal(_ body: () throws -> Void) -> SCIMError? {
        do {
            try body()
            return nil
        } catch {
            return error as? SCIMError
        }
    }
}
