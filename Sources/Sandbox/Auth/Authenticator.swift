import Foundation
import HTTPTypes
import Mimecast
import MusterStore
import Synchronization

/// Finds out who makes a call, by token (v2) or by signature (v1).
final class Authenticator: Sendable {
    /// How far a v1 call's date may be off, in milliseconds (our choice: believed, never stated).
    static let skew = 15 * 60 * 1_000

    private let store: any Store
    private let clock: SandboxClock
    /// Request ids of v1 that were seen, with the sandbox's time. Kept in memory alone: they matter for minutes.
    private let seen = Mutex<[String: Int]>([:])

    init(store: any Store, clock: SandboxClock) {
        self.store = store
        self.clock = clock
    }

    /// - Parameters:
    ///   - target: the request's path with its query, as v1 signs it.
    /// - Throws: ``CallRefusal``.
    func caller(_ headers: HTTPFields, target: String) async throws -> Caller {
        guard let authorization = headers[.authorization] else {
            throw CallRefusal(401, FailureCode.unauthorized, "No credentials were sent")
        }
        let scheme = authorization.prefix { $0 != " " }.lowercased()
        switch scheme {
        case "bearer":
            return try await bearer(String(authorization.dropFirst(7)).trimmingCharacters(in: .whitespaces))
        case "mc":
            return try await signed(authorization, headers, target: target)
        default:
            throw CallRefusal(401, FailureCode.unauthorized, "This kind of authentication is not known")
        }
    }

    private func bearer(_ token: String) async throws -> Caller {
        let hash = KeyRing.hash(token)
        let found = try await store.read { tx in
            try tx.first(
                """
                SELECT \(ApplicationFacts.columns), t.scopes, t.expires FROM sb_tokens t JOIN sb_applications a ON a.id = t.application
                WHERE t.hash = $1
                """, [.blob(hash)]
            ) { (caller: Caller(application: ApplicationFacts($0), scopes: Scope.parse($0.text(8)) ?? []), expires: $0.int(9)) }
        }
        guard let found else { throw CallRefusal(401, FailureCode.tokenVerificationFailed, "The token cannot be verified") }
        guard clock.milliseconds < found.expires else { throw CallRefusal(401, FailureCode.tokenExpired, "The token has expired") }
        return found.caller
    }

    private func signed(_ authorization: String, _ headers: HTTPFields, target: String) async throws -> Caller {
        let wrong = CallRefusal(401, FailureCode.invalidSignature, "0004 Invalid Signature", form: .envelope)
        guard let id = Self.header(headers, "x-mc-app-id"), let requestID = Self.header(headers, "x-mc-req-id"),
            let date = Self.header(headers, "x-mc-date"), let sent = RequestSignature(header: authorization)
        else { throw wrong }
        let application = try await store.read { try ApplicationFacts.load($0, id: id) }
        guard let application, application.generation == .v1, let applicationKey = application.applicationKey,
            let secretKey = application.secretKey
        else {
            // Recorded: HTTP 200, and no key in the entry.
            throw CallRefusal(200, FailureCode.developerKey, "App ID is invalid: \(id)", form: .envelope)
        }
        let right = RequestSignature(
            date: date, requestID: requestID, path: target, applicationKey: applicationKey, accessKey: application.accessKey ?? "",
            secretKey: secretKey)
        guard let right, right.matches(sent), sent.accessKey == application.accessKey else { throw wrong }
        let now = clock.milliseconds
        guard let instant = RequestSignature.instant(date), abs(instant.timeIntervalSince1970 * 1_000 - Double(now)) <= Double(Self.skew)
        else {
            throw CallRefusal(
                401, FailureCode.invalidSignature, "0004 Invalid Signature: the date is more than 15 minutes off", form: .envelope)
        }
        guard remember("\(id) \(requestID)", now: now) else {
            throw CallRefusal(
                401, FailureCode.invalidSignature, "0004 Invalid Signature: the request id was used before", form: .envelope)
        }
        return Caller(application: application, scopes: application.scopes)
    }

    /// - Returns: false where the id was seen before. Older ones than any accepted date are forgotten.
    private func remember(_ id: String, now: Int) -> Bool {
        seen.withLock { seen in
            guard seen[id] == nil else { return false }
            if seen.count >= 20_000 { seen = seen.filter { now - $0.value <= 2 * Self.skew } }
            seen[id] = now
            return true
        }
    }

    private static func header(_ headers: HTTPFields, _ name: String) -> String? {
        HTTPField.Name(name).flatMap { headers[$0] }.flatMap { $0.isEmpty ? nil : $0 }
    }
}
