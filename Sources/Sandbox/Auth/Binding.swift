import Foundation
import MusterStore

/// An access key of v1 with its secret: what a login gives.
struct Binding: Sendable {
    let accessKey: String
    let secretKey: String
    let application: String
    /// Milliseconds since 1970; nil never expires.
    let expires: Int?
    /// Somebody logged in for it, who may be gone by now.
    let isPersonal: Bool
    let person: SignedIn?

    static func load(_ tx: any Transaction, accessKey: String) throws -> Binding? {
        try tx.first(
            """
            SELECT b.secret_key, b.application, b.expires, b.account_id, \(SignedIn.columns)
            FROM sb_bindings b JOIN sb_applications a ON a.id = b.application
            \(SignedIn.tables(tenant: "a.tenant", account: "b.account_id"))
            WHERE b.access_key = $1
            """, [.text(accessKey)]
        ) {
            Binding(
                accessKey: accessKey, secretKey: $0.text(0), application: $0.text(1), expires: $0.intOrNil(2),
                isPersonal: !$0.isNull(3), person: SignedIn($0, at: 4))
        }
    }
}

/// What a login gives, renews and ends.
extension Binding {
    /// How long one lives, in milliseconds: twelve hours, as recorded.
    static let life = 43_200_000
    /// Bindings that a person may have with one application; the oldest go first (the vendor limits them, and tells no number).
    static let most = 20

    /// - Parameter account: who logged in.
    static func issue(_ tx: any Transaction, application: String, account: String, now: Int) throws -> (
        accessKey: String, secretKey: String
    ) {
        let accessKey = Base64URL.encode(KeyRing.randomBytes() + KeyRing.randomBytes())
        let secretKey = Data(KeyRing.randomBytes() + KeyRing.randomBytes()).base64EncodedString()
        try ApplicationTable.bind(
            tx, application: application, account: account, accessKey: accessKey, secretKey: secretKey, now: now, expires: now + life)
        try tx.execute(
            """
            DELETE FROM sb_bindings WHERE application = $1 AND account_id = $2 AND access_key NOT IN (
                SELECT access_key FROM sb_bindings WHERE application = $1 AND account_id = $2 AND access_key <> $3
                ORDER BY created DESC, access_key LIMIT $4
            ) AND access_key <> $3
            """, [.text(application), .text(account), .text(accessKey), .int(most - 1)])
        return (accessKey, secretKey)
    }

    /// Lets one live for another ``life``.
    ///
    /// - Parameter mayOwn: whoever logged in is the application's own administrator, whose binding has no name.
    /// - Returns: its secret; nil where it is nobody's, somebody else's or another application's.
    static func renew(
        _ tx: any Transaction, accessKey: String, application: String, account: String, mayOwn: Bool, now: Int
    ) throws -> String? {
        let found = try tx.first(
            "SELECT account_id, secret_key FROM sb_bindings WHERE access_key = $1 AND application = $2",
            [.text(accessKey), .text(application)]
        ) { (account: $0.textOrNil(0), secretKey: $0.text(1)) }
        guard let found, found.account == account || found.account == nil && mayOwn else { return nil }
        try tx.execute("UPDATE sb_bindings SET expires = $2 WHERE access_key = $1", [.text(accessKey), .int(now + life)])
        return found.secretKey
    }

    /// - Parameter account: who calls; nil is the application's own administrator.
    /// - Returns: false where the binding is not theirs.
    static func end(_ tx: any Transaction, accessKey: String, application: String, account: String?) throws -> Bool {
        let owner = account.map { [SQLValue.text($0)] } ?? []
        return try tx.execute(
            "DELETE FROM sb_bindings WHERE access_key = $1 AND application = $2 AND account_id \(account == nil ? "IS NULL" : "= $3")",
            [.text(accessKey), .text(application)] + owner) > 0
    }
}
