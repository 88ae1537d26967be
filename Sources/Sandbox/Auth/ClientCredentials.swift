import Foundation
import HTTPTypes

/// How an application proves at the token endpoint who it is (RFC 6749, section 2.3.1): in the form, or by HTTP Basic.
struct ClientCredentials: Sendable {
    let id: String
    let secret: String

    /// - Returns: nil where either is missing.
    /// - Throws: ``CallRefusal`` 400 where form and header name two applications.
    init?(_ headers: HTTPFields, _ form: FormFields) throws {
        let header = headers[.authorization].flatMap { Self.basic($0) }
        if let header, let id = form["client_id"], id != header.id {
            throw CallRefusal(400, "invalid_request", "The form and the Authorization header name two applications")
        }
        if let id = form["client_id"], let secret = form["client_secret"] {
            (self.id, self.secret) = (id, secret)
        } else if let header {
            (id, secret) = header
        } else {
            return nil
        }
    }

    private static func basic(_ header: String) -> (id: String, secret: String)? {
        guard header.lowercased().hasPrefix("basic "),
            let bytes = Data(base64Encoded: header.dropFirst(6).trimmingCharacters(in: .whitespaces))
        else { return nil }
        let text = String(decoding: bytes, as: UTF8.self)
        guard let colon = text.firstIndex(of: ":") else { return nil }
        // Both parts are form-encoded first.
        guard let id = String(text[..<colon]).removingPercentEncoding,
            let secret = String(text[text.index(after: colon)...]).removingPercentEncoding
        else { return nil }
        return (id, secret)
    }
}
