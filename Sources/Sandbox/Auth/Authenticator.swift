import Foundation
import HTTPTypes
import Mimecast
import MusterStore
import SCIM
import Synchronization

/// Finds out who makes a call, by token (v2) or by signature (v1). Credentials of another region are as wrong as wrong ones.
final class Authenticator: Sendable {
    /// How far a v1 call's date may be off, in milliseconds (our choice: believed, never stated).
    static let skew = 15 * 60 * 1_000

    private let store: any Store
    private let clock: SandboxClock
    /// Tokens as they were read when the store had seen so many commits: whoever only reads is looked up once.
    private let known = Mutex<(commits: UInt64, tokens: [[UInt8]: Found])>((0, [:]))
    private static let mostKnown = 10_000
    private let seen = ReplayMemory(span: 2 * skew)
    /// Consents that were answered: each is good once.
    let consents = ReplayMemory(span: Consent.life)
    /// Of people who sign in.
    let attempts = SignInAttempts()

    init(store: any Store, clock: SandboxClock) {
        self.store = store
        self.clock = clock
    }

    /// - Parameters:
    ///   - target: the request's path with its query, as v1 signs it.
    ///   - region: where the call came in.
    /// - Throws: ``CallRefusal``.
    func caller(_ headers: HTTPFields, target: String, region: Region) async throws -> Caller {
        guard let authorization = try Self.authorization(headers) else {
            // v1 tells it in its own form (documented: 400 0001).
            if Self.header(headers, "x-mc-app-id") != nil { throw Self.noCredentials("the header Authorization") }
            throw CallRefusal(401, FailureCode.unauthorized, "No credentials were sent")
        }
        let scheme = Substring(authorization.utf8.prefix { $0 != UInt8(ascii: " ") })
        if AttributeName.areEqual(scheme, "bearer") {
            return try await bearer(
                String(Substring(authorization.utf8.dropFirst(scheme.utf8.count).drop { $0 == UInt8(ascii: " ") })), region)
        }
        if AttributeName.areEqual(scheme, "mc") { return try await signed(authorization, headers, target: target, region) }
        throw CallRefusal(401, FailureCode.unauthorized, "This kind of authentication is not known")
    }

    /// - Throws: 401 where it was sent twice: who reads only one of them may read the wrong one.
    private static func authorization(_ headers: HTTPFields) throws -> String? {
        var found: String?
        for field in headers where field.name == .authorization {
            guard found == nil else { throw CallRefusal(401, FailureCode.unauthorized, "Authorization was sent twice; send it once") }
            found = field.value
        }
        return found
    }

    /// The caller of an unsigned call is the application that it names.
    func unsigned(_ headers: HTTPFields) async throws -> Caller {
        guard let id = Self.header(headers, "x-mc-app-id"), Self.header(headers, "x-mc-req-id") != nil else {
            throw Self.noCredentials("the headers x-mc-app-id and x-mc-req-id")
        }
        guard let application = try await store.read({ try ApplicationFacts.load($0, id: id) }), application.generation == .v1 else {
            throw Self.unknownApplication(id)
        }
        return Caller(application: application, person: nil, granted: [])
    }

    /// Forgets which request ids were seen and which sign-ins failed, when time was moved back.
    func forget() {
        seen.forget()
        attempts.forget()
    }

    private func bearer(_ token: String, _ region: Region) async throws -> Caller {
        guard let found = try await found(KeyRing.hash(token)), found.application.region == region, !found.isPersonal || found.person != nil
        else {
            throw CallRefusal(401, FailureCode.tokenVerificationFailed, "The token cannot be verified")
        }
        guard clock.milliseconds < found.expires else { throw CallRefusal(401, FailureCode.tokenExpired, "The token has expired") }
        return found.caller
    }

    /// What is known of a token.
    private struct Found: Sendable {
        let application: ApplicationFacts
        let expires: Int
        let isPersonal: Bool
        let person: SignedIn?
        let caller: Caller
    }

    private func found(_ hash: [UInt8]) async throws -> Found? {
        let commits = store.commits
        if let found = known.withLock({ $0.commits == commits ? $0.tokens[hash] : nil }) { return found }
        let width = ApplicationFacts.width
        let found = try await store.read { tx in
            try tx.first(
                """
                SELECT \(ApplicationFacts.columns), t.scopes, t.expires, t.account_id, \(SignedIn.columns)
                FROM sb_tokens t JOIN sb_applications a ON a.id = t.application JOIN sb_tenants n ON n.tenant = a.tenant
                \(SignedIn.tables(tenant: "a.tenant", account: "t.account_id"))
                WHERE t.hash = $1
                """, [.blob(hash)]
            ) { row in
                let (application, person) = (ApplicationFacts(row), SignedIn(row, at: width + 3))
                return Found(
                    application: application, expires: row.int(width + 1), isPersonal: !row.isNull(width + 2), person: person,
                    caller: Caller(application: application, person: person, granted: Scope.parse(row.text(width)) ?? []))
            }
        }
        guard let found else { return nil }
        known.withLock { known in
            if known.commits != commits || known.tokens.count >= Self.mostKnown { known = (commits, [:]) }
            known.tokens[hash] = found
        }
        return found
    }

    private static func wrong(_ reason: String = "") -> CallRefusal {
        CallRefusal(401, FailureCode.invalidSignature, "0004 Invalid Signature" + reason, form: .envelope)
    }

    private func signed(_ authorization: String, _ headers: HTTPFields, target: String, _ region: Region) async throws -> Caller {
        guard let id = Self.header(headers, "x-mc-app-id"), let requestID = Self.header(headers, "x-mc-req-id"),
            let date = Self.header(headers, "x-mc-date"), let sent = RequestSignature(header: authorization)
        else { throw Self.wrong() }
        // It is remembered for a while.
        guard requestID.utf8.count <= 256 else { throw Self.wrong(": the request id is too long") }
        let (application, binding) = try await store.read { tx in
            (try ApplicationFacts.load(tx, id: id), try Binding.load(tx, accessKey: sent.accessKey))
        }
        guard let application, application.generation == .v1, let applicationKey = application.applicationKey else {
            throw Self.unknownApplication(id)
        }
        // The guide: an application that was moved to v2 fails by authentication, not by version.
        guard application.region == region, application.movedTo == nil, let binding, binding.application == id,
            let right = RequestSignature(
                date: date, requestID: requestID, path: target, applicationKey: applicationKey, accessKey: binding.accessKey,
                secretKey: binding.secretKey),
            right.matches(sent), !binding.isPersonal || binding.person != nil
        else { throw Self.wrong() }
        let now = clock.milliseconds
        guard let instant = RequestSignature.instant(date), abs(instant.timeIntervalSince1970 * 1_000 - Double(now)) <= Double(Self.skew)
        else { throw Self.wrong(": the date is more than 15 minutes off") }
        guard seen.remember("\(id) \(requestID)", now: now) else { throw Self.wrong(": the request id was used before") }
        if let expires = binding.expires, expires <= now {
            throw CallRefusal(418, FailureCode.bindingExpired, "Access key expired; log in again with it", form: .envelope)
        }
        return Caller(application: application, person: binding.person, granted: application.scopes)
    }

    /// Documented: 400 0001.
    static func noCredentials(_ what: String) -> CallRefusal {
        CallRefusal(400, FailureCode.clientUnauthorized, "0001 Credentials are missing from the request: \(what)", form: .envelope)
    }

    /// Documented: 401 0001.
    static var wrongKind: CallRefusal {
        CallRefusal(401, FailureCode.clientUnauthorized, "0001 This type of authentication is not supported for the user", form: .envelope)
    }

    /// Recorded: HTTP 200, and no key in the entry.
    static func unknownApplication(_ id: String) -> CallRefusal {
        CallRefusal(200, FailureCode.developerKey, "App ID is invalid: \(id)", form: .envelope)
    }

    static func header(_ headers: HTTPFields, _ name: String) -> String? {
        HTTPField.Name(name).flatMap { headers[$0] }.flatMap { $0.isEmpty ? nil : $0 }
    }
}
