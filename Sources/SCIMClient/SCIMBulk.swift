import HTTPTransport
import SCIM

/// One operation of a bulk (RFC 7644, section 3.7).
public struct SCIMBulkOperation: Sendable, Hashable {
    public enum Method: String, Sendable { case post = "POST", put = "PUT", patch = "PATCH", delete = "DELETE" }

    public var method: Method
    /// `/Users` for a POST, else `/Users/ID`; the id may be `bulkId:NAME`.
    public var path: String
    /// By which other operations of the same bulk mean what this one makes: they write `bulkId:NAME` in the place of its id.
    public var bulkID: String?
    /// Only this version is changed; nil changes any.
    public var version: String?
    public var data: JSONObject?

    public static func create(_ endpoint: SCIMEndpoint, _ resource: JSONObject, bulkID: String? = nil) -> Self {
        Self(method: .post, path: endpoint.path, bulkID: bulkID, data: resource)
    }

    public static func replace(_ endpoint: SCIMEndpoint, id: String, _ resource: JSONObject, ifMatch version: String? = nil) -> Self {
        Self(method: .put, path: "\(endpoint.path)/\(encode(id))", version: version, data: resource)
    }

    public static func patch(
        _ endpoint: SCIMEndpoint, id: String, _ operations: [PatchOperation], ifMatch version: String? = nil
    ) -> Self {
        Self(method: .patch, path: "\(endpoint.path)/\(encode(id))", version: version, data: SCIMClient.patchBody(operations))
    }

    public static func delete(_ endpoint: SCIMEndpoint, id: String, ifMatch version: String? = nil) -> Self {
        Self(method: .delete, path: "\(endpoint.path)/\(encode(id))", version: version)
    }

    private static func encode(_ id: String) -> String {
        SCIMBulkReference.name(id) == nil ? ServiceURL.encode(id) : id
    }
}

/// What became of one operation of a bulk.
public enum SCIMBulkResult: Sendable, Hashable {
    /// - `id`: of the resource, where the server says it; `version`: its entity tag.
    case done(id: String?, version: String?, response: JSONObject?)
    /// The server said no to it.
    case refused(SCIMClientError)
    /// It was sent, and nothing was said of it: only a read can tell.
    case unknown(SCIMClientError)
    /// It was never sent, or its call as a whole was refused.
    case notSent(SCIMClientError)
}

/// `bulkId:NAME`.
enum SCIMBulkReference {
    static let prefix = "bulkId:"

    static func name(_ text: String) -> String? {
        text.hasPrefix(prefix) ? String(text.dropFirst(prefix.count)) : nil
    }

    static func names(in operation: SCIMBulkOperation) -> [String] {
        var names = operation.path.split(separator: "/").compactMap { name(String($0)) }
        if let data = operation.data { collect(.object(data), &names) }
        return names
    }

    /// The operation with the ids that earlier calls gave in the place of references to them.
    static func resolved(_ operation: SCIMBulkOperation, _ ids: [ExactText: String]) -> SCIMBulkOperation {
        guard !ids.isEmpty else { return operation }
        var operation = operation
        operation.path = operation.path.split(separator: "/", omittingEmptySubsequences: false).map { segment in
            name(String(segment)).flatMap { ids[ExactText($0)] }.map(ServiceURL.encode) ?? String(segment)
        }.joined(separator: "/")
        if let data = operation.data { operation.data = replaced(.object(data), ids).object }
        return operation
    }

    private static func collect(_ value: JSONValue, _ names: inout [String]) {
        switch value {
        case .string(let text): if let name = name(text) { names.append(name) }
        case .array(let values): for value in values { collect(value, &names) }
        case .object(let object): for member in object.members { collect(member.value, &names) }
        case .null, .bool, .number: break
        }
    }

    private static func replaced(_ value: JSONValue, _ ids: [ExactText: String]) -> JSONValue {
        switch value {
        case .string(let text): name(text).flatMap { ids[ExactText($0)] }.map { .string($0) } ?? value
        case .array(let values): .array(values.map { replaced($0, ids) })
        case .object(let object): .object(JSONObject(members: object.members.map { .init($0.name, replaced($0.value, ids)) }))
        case .null, .bool, .number: value
        }
    }
}
