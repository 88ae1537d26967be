import Mimecast
import MimecastClient
import MusterStore
import Planning

/// What was seen of attributes: accounts that are as their source wants them, and names that the vendor refuses. No value is kept.
enum AttributeTable {
    static let tables = ["accepted_attributes", "refused_attributes"]

    static let statements = [
        """
        CREATE TABLE accepted_attributes (
            tenant TEXT NOT NULL, account TEXT NOT NULL, account_id TEXT, person TEXT NOT NULL, digest TEXT NOT NULL,
            PRIMARY KEY (tenant, account)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE refused_attributes (
            tenant TEXT NOT NULL, key TEXT NOT NULL, name TEXT NOT NULL, why TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (tenant, key)
        ) STRICT, WITHOUT ROWID
        """,
    ]

    /// By folded address.
    static func accepted(tenant: String, _ tx: any Transaction) throws -> [String: AcceptedAttributes] {
        var accepted: [String: AcceptedAttributes] = [:]
        try tx.each("SELECT account, account_id, person, digest FROM accepted_attributes WHERE tenant = $1", [.text(tenant)]) { row in
            accepted[row.text(0)] = AcceptedAttributes(
                account: row.text(0), accountID: row.textOrNil(1), person: row.text(2), digest: row.text(3))
            return true
        }
        return accepted
    }

    /// By folded name.
    static func refused(tenant: String, _ tx: any Transaction) throws -> [String: RefusedAttribute] {
        let rows = try tx.all("SELECT key, name, why FROM refused_attributes WHERE tenant = $1", [.text(tenant)]) {
            ($0.text(0), RefusedAttribute(name: $0.text(1), why: $0.text(2)))
        }
        return Dictionary(rows) { first, _ in first }
    }

    /// Keeps what the reads of a plan showed.
    ///
    /// - Parameters:
    ///   - accepted: accounts that are as the source wants them.
    ///   - different: folded addresses of accounts that are not.
    static func keep(_ accepted: [AcceptedAttributes], different: [String], tenant: String, _ tx: any Transaction) throws {
        for mark in accepted {
            try tx.execute(
                """
                INSERT INTO accepted_attributes (tenant, account, account_id, person, digest) VALUES ($1, $2, $3, $4, $5)
                ON CONFLICT (tenant, account) DO UPDATE SET account_id = $3, person = $4, digest = $5
                """, [.text(tenant), .text(mark.account), .string(mark.accountID), .text(mark.person), .text(mark.digest)])
        }
        for account in different { try forget(account, tenant: tenant, tx) }
    }

    /// What was refused is tried again.
    static func forgetRefusals(tenant: String, _ tx: any Transaction) throws {
        try tx.execute("DELETE FROM refused_attributes WHERE tenant = $1", [.text(tenant)])
    }

    /// What a verified line means: whose attributes are others now, or who is somebody else, is read by the next plan.
    static func learn(_ change: Change, tenant: String, _ tx: any Transaction) throws {
        switch change.kind {
        case .attribute, .create, .remove, .purge: try forget(EmailAddress.key(change.account), tenant: tenant, tx)
        case .rename:
            try forget(EmailAddress.key(change.account), tenant: tenant, tx)
            try forget(EmailAddress.key(change.values?.address ?? change.person), tenant: tenant, tx)
        default: break
        }
    }

    /// What a failed line means: of an attribute that is refused by its name no plan makes further lines.
    static func learn(_ change: Change, refusedBy error: ClientError?, tenant: String, at instant: Int, _ tx: any Transaction) throws {
        guard change.kind == .attribute, let error, error.refusesAttributeName, let name = change.counterpart else { return }
        let why = error.reasons.first.map { "\($0.code): \($0.message)" } ?? error.message
        try tx.execute(
            """
            INSERT INTO refused_attributes (tenant, key, name, why, at) VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (tenant, key) DO UPDATE SET name = $3, why = $4, at = $5
            """, [.text(tenant), .text(EmailAddress.fold(name)), .text(name), .text(String(why.prefix(500))), .int(instant)])
    }

    private static func forget(_ account: String, tenant: String, _ tx: any Transaction) throws {
        try tx.execute("DELETE FROM accepted_attributes WHERE tenant = $1 AND account = $2", [.text(tenant), .text(account)])
    }
}
