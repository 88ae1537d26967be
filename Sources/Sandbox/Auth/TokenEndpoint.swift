import Foundation
import HTTPTypes
import Mimecast
import MusterStore

/// Gives out tokens to v2 applications: for themselves (RFC 6749, section 4.4), or for somebody who signed in (section 4.1.3). Tokens
/// are opaque and random; only their SHA-256 is kept. There are no refresh tokens (facts).
struct TokenEndpoint: Sendable {
    /// Largest form, in bytes.
    private static let largest = 16_384
    /// Expired ones are kept for a day, so that they can be told from those never given out; milliseconds.
    private static let memory = 86_400_000

    let state: SandboxState
    /// Whose credentials are good here.
    let region: Region

    private struct Reply: Encodable {
        let access_token: String
        let token_type = "Bearer"
        let expires_in: Int
        let scope: String
    }

    /// - Throws: ``CallRefusal``: 400 for a request that cannot be served, 401 for credentials that are not right, 413.
    func answer(_ headers: HTTPFields, _ body: Data) async throws -> OpenAnswer {
        guard body.count <= Self.largest else {
            throw CallRefusal(413, "invalid_request", "A form has at most \(Self.largest) bytes")
        }
        // Whatever the content type says: some clients leave it out, and some send JSON.
        let form = FormFields(json: body) ?? FormFields(body)
        if let name = form.repeated.sorted().first {
            throw CallRefusal(400, "invalid_request", "\(name.prefix(100)) was sent more than once")
        }
        guard let grant = form["grant_type"] else { throw CallRefusal(400, "invalid_request", "grant_type is missing") }
        guard ["client_credentials", "authorization_code"].contains(grant) else {
            throw CallRefusal(400, "unsupported_grant_type", "The grant type has to be client_credentials or authorization_code")
        }
        let application = try await application(headers, form)
        return grant == "client_credentials" ? try await own(application, form) : try await personal(application, form)
    }

    /// A secret is always needed: every v2 application has one (our choice, where PKCE alone could do).
    private func application(_ headers: HTTPFields, _ form: FormFields) async throws -> ApplicationFacts {
        let challenge: HTTPFields = headers[.authorization] == nil ? [:] : [.wwwAuthenticate: "Basic realm=\"oauth\""]
        guard let credentials = try ClientCredentials(headers, form) else {
            throw CallRefusal(401, FailureCode.unauthorized, "client_id and client_secret are needed", headers: challenge)
        }
        let application = try await state.store.read { try ApplicationFacts.load($0, id: credentials.id) }
        guard let application, application.generation == .v2, application.region == region,
            ConstantTime.areEqual(KeyRing.hash(credentials.secret), application.secretHash)
        else { throw CallRefusal(401, FailureCode.unauthorized, "The client id or the client secret is wrong", headers: challenge) }
        return application
    }

    private func own(_ application: ApplicationFacts, _ form: FormFields) async throws -> OpenAnswer {
        let wanted = form["scope"]
        guard let scopes = wanted.map(Scope.parse) ?? application.scopes, !scopes.isEmpty, scopes.isSubset(of: application.scopes) else {
            throw CallRefusal(400, "invalid_scope", "A scope is not known or not the application's")
        }
        let token = Self.newToken()
        let (now, life) = (state.clock.milliseconds, life(application))
        try await state.store.write(application.tenant) { tx in
            try Self.keep(tx, token, application.id, account: nil, scopes, now: now, life: life)
        }
        // Recorded from the portal: an empty scope where none was asked for.
        let shown = application.dialect == .guide || wanted != nil ? Scope.format(scopes) : ""
        return try reply(application, token, life, shown)
    }

    private func personal(_ application: ApplicationFacts, _ form: FormFields) async throws -> OpenAnswer {
        guard let code = form["code"], let redirect = form["redirect_uri"], let verifier = form["code_verifier"] else {
            throw CallRefusal(400, "invalid_request", "code, redirect_uri and code_verifier are needed")
        }
        guard PKCE.challenge(verifier) != nil else {
            throw CallRefusal(400, "invalid_request", "A code verifier has 43 to 128 unreserved characters")
        }
        let proof = AuthorizationCode.Proof(code: code, redirect: redirect, verifier: verifier)
        let token = Self.newToken()
        let (now, life) = (state.clock.milliseconds, life(application))
        // A refusal is committed, too: it may end a token.
        let grant = try await state.store.write(application.tenant) { tx in
            let directory = try TenantDirectory(tx, tenant: application.tenant, actor: { _ in nil }, now: now)
            let grant = try AuthorizationCode.redeem(directory, proof, application: application.id, token: KeyRing.hash(token))
            if let grant {
                try Self.keep(tx, token, application.id, account: grant.person.account.id, grant.scopes, now: now, life: life)
            }
            return grant
        }
        guard let grant else {
            throw CallRefusal(400, "invalid_grant", "The code is unknown, used, expired, or not for this redirect_uri and code_verifier")
        }
        let scopes = grant.scopes.intersection(application.scopes).intersection(grant.person.scopes)
        return try reply(application, token, life, Scope.format(scopes), target: grant.person.account.address)
    }

    private func life(_ application: ApplicationFacts) -> Int {
        state.options.tokenTTL ?? (application.dialect == .guide ? 3_600 : 1_799)
    }

    private func reply(
        _ application: ApplicationFacts, _ token: String, _ life: Int, _ scope: String, target: String? = nil
    ) throws -> OpenAnswer {
        var answer = try Answer.json(Reply(access_token: token, expires_in: life, scope: scope))
        answer.headers[.cacheControl] = "no-store"
        return OpenAnswer(answer, application: application.id, target: target)
    }

    private static func newToken() -> String { "mc-" + Base64URL.encode(KeyRing.randomBytes()) }

    /// - Parameter life: seconds.
    private static func keep(
        _ tx: any Transaction, _ token: String, _ application: String, account: String?, _ scopes: Set<Scope>, now: Int, life: Int
    ) throws {
        try tx.execute("DELETE FROM sb_tokens WHERE expires < $1", [.int(now - memory)])
        try tx.execute(
            "INSERT INTO sb_tokens (hash, application, account_id, scopes, expires) VALUES ($1, $2, $3, $4, $5)",
            [
                .blob(KeyRing.hash(token)), .text(application), .string(account), .text(Scope.format(scopes)), .int(now + life * 1_000),
            ])
    }
}

// MARK: - Refusals

extension TokenEndpoint {
    /// The gateway's flat form, with RFC 6749's two names beside it, so that either kind of client can read it (our choice).
    private struct Refused: Encodable {
        let error: String
        let error_description: String
        let fail: [Failure]
    }

    static func answer(_ refusal: CallRefusal) throws -> Answer {
        let error =
            switch refusal.code {
            case FailureCode.unauthorized: "invalid_client"
            case "invalid_client", "invalid_grant", "invalid_request", "invalid_scope", "unsupported_grant_type": refusal.code
            default: refusal.status >= 500 ? "server_error" : refusal.status == 429 ? "temporarily_unavailable" : "invalid_request"
            }
        let body = Refused(
            error: error, error_description: refusal.message, fail: GatewayError(code: refusal.code, message: refusal.message).fail)
        var answer = try Answer.json(body, status: refusal.status)
        answer.headers[.cacheControl] = "no-store"
        answer.headers.append(contentsOf: refusal.headers)
        return answer
    }
}
