import HTTPTypes
import SCIM

/// The answer to a ``SCIMRequest``.
public struct SCIMResponse: Sendable {
    public var status: Int
    public var headers: HTTPFields
    /// Empty for HEAD, 204 and 304.
    public var body: [UInt8]

    public init(status: Int, headers: HTTPFields = HTTPFields(), body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// Answers with JSON of the one media type that SCIM has (RFC 7644, section 8.1); to every `Accept`, our choice: clients get it wrong,
    /// and a 406 helps none of them.
    static func json(_ status: Int, _ body: [UInt8]) -> SCIMResponse {
        var headers = HTTPFields()
        // Those that most answers get, the carrier's included.
        headers.reserveCapacity(12)
        headers.append(HTTPField(name: .contentType, value: MediaType.scim))
        return SCIMResponse(status: status, headers: headers, body: body)
    }

    /// An error in the form of RFC 7644, section 3.12; with `Retry-After` where the error has it, with `WWW-Authenticate` for 401.
    public static func refusal(_ error: SCIMError) -> SCIMResponse {
        var response = json(error.status, error.body.serialized)
        if let seconds = error.retryAfter { response.headers[.retryAfter] = String(max(0, seconds)) }
        if error.status == 401 { response.headers[.wwwAuthenticate] = #"Bearer realm="scim""# }
        return response
    }

    /// 401, for whoever mounts the service and checks tokens in front of it.
    public static func unauthorized(_ detail: String) -> SCIMResponse { refusal(SCIMError(401, nil, detail)) }

    /// 405 with what is allowed instead.
    static func methodNotAllowed(_ method: String, _ allowed: Methods) -> SCIMResponse {
        var response = refusal(
            SCIMError(405, nil, "The method \(method.prefix(20)) is not allowed here; allowed are \(allowed.description)."))
        response.headers[.allow] = allowed.description
        return response
    }
}
