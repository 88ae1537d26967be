/// What a SCIM request is refused with (RFC 7644, section 3.12; RFC 9865, section 2.1).
public struct SCIMError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The `scimType` of an error of status 400 or 409.
    public enum Kind: String, Sendable, CaseIterable {
        case invalidFilter, tooMany, uniqueness, mutability, invalidSyntax, invalidPath, noTarget, invalidValue, invalidVers, sensitive
        case invalidCursor, expiredCursor, invalidCount
    }

    /// The HTTP status.
    public var status: Int
    public var kind: Kind?
    /// What is wrong and what to do about it; never empty, never a secret.
    public var detail: String
    /// In seconds, for 429.
    public var retryAfter: Int?

    public init(_ status: Int, _ kind: Kind? = nil, _ detail: String, retryAfter: Int? = nil) {
        self.status = status
        self.kind = kind
        self.detail = detail
        self.retryAfter = retryAfter
    }

    public var description: String { detail }

    public static let schema = "urn:ietf:params:scim:api:messages:2.0:Error"

    /// The body of the answer; the status is a string in it.
    public var body: JSONValue {
        var object = JSONObject([("schemas", [.string(Self.schema)]), ("status", .string(String(status)))])
        if let kind { object["scimType"] = .string(kind.rawValue) }
        object["detail"] = .string(detail)
        return .object(object)
    }
}

extension SCIMError {
    public static func invalidFilter(_ detail: String) -> SCIMError { SCIMError(400, .invalidFilter, detail) }
    public static func invalidPath(_ detail: String) -> SCIMError { SCIMError(400, .invalidPath, detail) }
    public static func invalidValue(_ detail: String) -> SCIMError { SCIMError(400, .invalidValue, detail) }
    public static func invalidSyntax(_ detail: String) -> SCIMError { SCIMError(400, .invalidSyntax, detail) }
    public static func noTarget(_ detail: String) -> SCIMError { SCIMError(400, .noTarget, detail) }
    public static func mutability(_ detail: String) -> SCIMError { SCIMError(400, .mutability, detail) }
    public static func uniqueness(_ detail: String) -> SCIMError { SCIMError(409, .uniqueness, detail) }
    public static func tooMany(_ detail: String) -> SCIMError { SCIMError(400, .tooMany, detail) }
    public static func notFound(_ type: String, _ id: String) -> SCIMError {
        SCIMError(404, nil, "There is no \(type) with the id \(id.prefix(100)).")
    }
    public static let versionMismatch = SCIMError(
        412, nil, "The resource has another version than If-Match names. Read it again, then repeat the change.")
}
