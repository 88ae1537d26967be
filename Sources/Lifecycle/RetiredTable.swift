import Mimecast
import MusterStore
import Planning

/// What Muster disabled and purge-listed, and when: its own record, since no call of the vendor's tells.
enum RetiredTable {
    static func all(tenant: String, _ tx: any Transaction) throws -> [RetiredAccount] {
        try tx.all(
            "SELECT account, account_id, since, purge_listed FROM retired_accounts WHERE tenant = $1 ORDER BY account", [.text(tenant)]
        ) { RetiredAccount(account: $0.text(0), accountID: $0.textOrNil(1), since: $0.int(2), purgeListed: $0.intOrNil(3)) }
    }

    /// What a verified change means for the record.
    ///
    /// - Parameter now: seconds since 1970.
    static func learn(_ change: Change, tenant: String, now: Int, _ tx: any Transaction) throws {
        let account = EmailAddress.key(change.account)
        let keys: [SQLValue] = [.text(tenant), .text(account), .string(change.accountID)]
        switch change.kind {
        case .disable, .unpurge:
            // Whoever was taken off the list has as long as anybody else before they come on it again.
            try put(account, change.accountID, since: now, purgeListed: nil, tenant, tx)
        case .purge:
            let since = try tx.first(
                "SELECT since FROM retired_accounts WHERE tenant = $1 AND account = $2", [.text(tenant), .text(account)]
            ) { $0.int(0) }
            try put(account, change.accountID, since: since ?? now, purgeListed: now, tenant, tx)
        case .create, .enable, .remove:
            try tx.execute("DELETE FROM retired_accounts WHERE tenant = $1 AND (account = $2 OR account_id = $3)", keys)
        case .rename:
            let address = EmailAddress.key(change.values?.address ?? change.person)
            try tx.execute("DELETE FROM retired_accounts WHERE tenant = $1 AND account = $2", [.text(tenant), .text(address)])
            try tx.execute(
                "UPDATE retired_accounts SET account = $4 WHERE tenant = $1 AND (account = $2 OR account_id = $3)", keys + [.text(address)])
        default: break
        }
    }

    private static func put(
        _ account: String, _ id: String?, since: Int, purgeListed: Int?, _ tenant: String, _ tx: any Transaction
    ) throws {
        try tx.execute(
            """
            INSERT INTO retired_accounts (tenant, account, account_id, since, purge_listed) VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (tenant, account) DO UPDATE SET account_id = $3, since = $4, purge_listed = $5
            """, [.text(tenant), .text(account), .string(id), .int(since), .int(purgeListed)])
    }
}
