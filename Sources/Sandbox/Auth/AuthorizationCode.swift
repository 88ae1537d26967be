import Mimecast
import MusterStore

/// The one-time codes of the authorization-code flow. Only their SHA-256 is kept.
enum AuthorizationCode {
    /// How long one is good, in milliseconds.
    static let life = 5 * 60 * 1_000
    /// For how long it is remembered afterwards, so that its second use is noticed.
    private static let memory = 86_400_000

    /// - Returns: the code.
    static func issue(
        _ tx: any Transaction, _ request: AuthorizationRequest, _ application: ApplicationFacts, account: String, now: Int
    ) throws -> String {
        try tx.execute("DELETE FROM sb_codes WHERE expires < $1", [.int(now - memory)])
        let code = Base64URL.encode(KeyRing.randomBytes())
        try tx.execute(
            """
            INSERT INTO sb_codes (hash, application, account_id, redirect, challenge, scopes, expires)
            VALUES ($1, $2, $3, $4, $5, $6, $7)
            """,
            [
                .blob(KeyRing.hash(code)), .text(application.id), .text(account), .text(request.redirect), .text(request.challenge),
                .text(Scope.format(request.granted(application))), .int(now + life),
            ])
        return code
    }

    /// What an application shows to get a token.
    struct Proof: Sendable {
        let code: String
        let redirect: String
        let verifier: String
    }

    /// What a code stands for.
    struct Grant: Sendable {
        let person: Person
        let scopes: Set<Scope>
    }

    /// Uses a code up. A second use ends the token that the first one gave (RFC 6749, section 4.1.2).
    ///
    /// - Parameter token: SHA-256 of the token that it is to give.
    /// - Returns: nil where it is not, or no longer, good for that. The transaction has to be committed all the same.
    static func redeem(
        _ directory: TenantDirectory, _ proof: Proof, application: String, token: [UInt8]
    ) throws -> Grant? {
        let hash = SQLValue.blob(KeyRing.hash(proof.code))
        let found = try directory.tx.first(
            "SELECT account_id, redirect, challenge, scopes, expires, token FROM sb_codes WHERE hash = $1 AND application = $2",
            [hash, .text(application)]
        ) {
            (
                account: $0.text(0), redirect: $0.text(1), challenge: $0.text(2), scopes: Scope.parse($0.text(3)) ?? [], expires: $0.int(4),
                token: $0.isNull(5) ? nil : $0.blob(5)
            )
        }
        guard let found else { return nil }
        if let given = found.token {
            try directory.tx.execute("DELETE FROM sb_tokens WHERE hash = $1", [.blob(given)])
            return nil
        }
        guard directory.now < found.expires, found.redirect.utf8.elementsEqual(proof.redirect.utf8),
            PKCE.challenge(proof.verifier) == found.challenge, let person = try Person.load(directory, id: found.account), person.isAdmitted
        else { return nil }
        try directory.tx.execute("UPDATE sb_codes SET token = $2 WHERE hash = $1", [hash, .blob(token)])
        return Grant(person: person, scopes: found.scopes)
    }
}
