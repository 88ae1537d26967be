import Foundation
import HTTPTypes
import Mimecast
import MusterStore

/// Gives out tokens to v2 applications (RFC 6749, section 4.4). Tokens are opaque and random; only their SHA-256 is kept.
struct TokenEndpoint: Sendable {
    let state: SandboxState

    private struct Reply: Encodable {
        let access_token: String
        let token_type = "Bearer"
        let expires_in: Int
        let scope: String
    }

    /// - Returns: the answer, and whom it was given to.
    /// - Throws: ``CallRefusal``: 400 for a request that cannot be served, 401 for credentials that are not right.
    func answer(_ headers: HTTPFields, _ body: Data) async throws -> (Answer, application: String) {
        let form = Self.form(body)
        guard form["grant_type"] == "client_credentials" else {
            throw CallRefusal(400, "unsupported_grant_type", "The grant type has to be client_credentials")
        }
        guard let (id, secret) = Self.credentials(headers, form) else {
            throw CallRefusal(401, FailureCode.unauthorized, "client_id and client_secret are needed")
        }
        let application = try await state.store.read { try ApplicationFacts.load($0, id: id) }
        guard let application, application.generation == .v2, Self.isEqual(KeyRing.hash(secret), application.secretHash) else {
            throw CallRefusal(401, FailureCode.unauthorized, "The client id or the client secret is wrong")
        }
        let wanted = form["scope"].flatMap { $0.isEmpty ? nil : $0 }
        guard let scopes = wanted.map(Scope.parse) ?? application.scopes, !scopes.isEmpty, scopes.isSubset(of: application.scopes) else {
            throw CallRefusal(400, "invalid_scope", "A scope is not known or not the application's")
        }
        let isGuide = application.dialect == .guide
        let life = state.options.tokenTTL ?? (isGuide ? 3_600 : 1_799)
        let token = "mc-" + Base64URL.encode(KeyRing.randomBytes())
        let now = state.clock.milliseconds
        try await state.store.write(state.facts.code) { tx in
            // Expired ones are kept for a day, so that they can be told from those never given out.
            try tx.execute("DELETE FROM sb_tokens WHERE expires < $1", [.integer(Int64(now - 86_400_000))])
            try tx.execute(
                "INSERT INTO sb_tokens (hash, application, scopes, expires) VALUES ($1, $2, $3, $4)",
                [.blob(KeyRing.hash(token)), .text(application.id), .text(Scope.format(scopes)), .integer(Int64(now + life * 1_000))])
        }
        // Recorded from the portal: an empty scope where none was asked for.
        let shown = isGuide || wanted != nil ? Scope.format(scopes) : ""
        var answer = try Answer.json(Reply(access_token: token, expires_in: life, scope: shown))
        answer.headers[.cacheControl] = "no-store"
        return (answer, application.id)
    }

    private static func credentials(_ headers: HTTPFields, _ form: [String: String]) -> (String, String)? {
        if let id = form["client_id"], let secret = form["client_secret"] { return (id, secret) }
        guard let header = headers[.authorization], header.lowercased().hasPrefix("basic "),
            let bytes = Data(base64Encoded: header.dropFirst(6).trimmingCharacters(in: .whitespaces))
        else { return nil }
        let text = String(decoding: bytes, as: UTF8.self)
        guard let colon = text.firstIndex(of: ":") else { return nil }
        // RFC 6749, section 2.3.1: both parts are form-encoded first.
        let id = String(text[..<colon]).removingPercentEncoding ?? ""
        return (id, String(text[text.index(after: colon)...]).removingPercentEncoding ?? "")
    }

    /// Reads `a=b&c=d`. The first of several values counts.
    static func form(_ body: Data) -> [String: String] {
        guard body.count <= 16_384 else { return [:] }
        let pairs = String(decoding: body, as: UTF8.self).split(separator: "&").map { pair -> (String, String) in
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map { part in
                part.replacingOccurrences(of: "+", with: " ").removingPercentEncoding ?? String(part)
            }
            return (parts.first ?? "", parts.count > 1 ? parts[1] : "")
        }
        return Dictionary(pairs) { first, _ in first }
    }

    private static func isEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        guard left.count == right.count else { return false }
        return zip(left, right).reduce(into: UInt8(0)) { $0 |= $1.0 ^ $1.1 } == 0
    }
}
