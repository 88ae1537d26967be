/// One operation of a bulk request (RFC 7644, section 3.7).
public struct BulkOperation: Sendable, Hashable {
    public enum Method: String, Sendable, Hashable, CaseIterable { case post = "POST", put = "PUT", patch = "PATCH", delete = "DELETE" }

    /// Nil only with a flaw.
    public var method: Method?
    /// What the answer repeats as the method: in capitals, or what was sent where that is no method.
    public var methodName: String
    /// Below the base address, with its first slash: `/Users`, `/Users/1`, `/Users/bulkId:x`.
    public var path: String
    /// Every POST has one. Other methods may carry one, which is repeated in the answer and means nothing else.
    public var bulkID: String?
    /// The ETag that the resource must have.
    public var version: String?
    /// An object, for every method but DELETE.
    public var data: JSONObject?
    /// Why it cannot be carried out, whatever comes of the others.
    public var flaw: SCIMError?

    public init(_ method: Method, _ path: String, bulkID: String? = nil, version: String? = nil, data: JSONObject? = nil) {
        self.method = method
        self.path = path
        self.bulkID = bulkID
        self.version = version
        self.data = data
        methodName = method.rawValue
    }

    init(_ object: JSONObject) {
        bulkID = object.value(ofAttribute: "bulkId")?.text
        version = object.value(ofAttribute: "version")?.text
        data = object.value(ofAttribute: "data")?.object
        path = object.value(ofAttribute: "path")?.text ?? ""
        methodName = object.value(ofAttribute: "method")?.text ?? ""
        method = Method.allCases.first { AttributeName.areEqual($0.rawValue, methodName) }
        if let method { methodName = method.rawValue }
        flaw = Self.flaw(of: self, sent: object)
        if !path.utf8.starts(with: "/".utf8) { path = "/" + path }
        if method == .delete { data = nil }
    }

    private static func flaw(of operation: BulkOperation, sent object: JSONObject) -> SCIMError? {
        guard let method = operation.method else { return .invalidSyntax("The method must be POST, PUT, PATCH or DELETE.") }
        if operation.path.isEmpty { return .invalidSyntax("A path is missing, such as /Users or /Users/{id}.") }
        if method == .post, operation.bulkID?.isEmpty ?? true { return .invalidSyntax("A POST needs a bulkId, a string.") }
        if method != .delete, operation.data == nil { return .invalidSyntax("A \(method.rawValue) needs data, a JSON object.") }
        if operation.version == nil, let version = object.value(ofAttribute: "version"), version != .null {
            return .invalidSyntax("A version is a string, the ETag of the resource.")
        }
        return nil
    }
}
