import Mimecast
import MusterStore

/// Somebody inside who writes and receives mail.
struct MailPerson: Sendable, Hashable {
    let address: String
    /// Since when they get none; milliseconds since 1970, nil where they do.
    let disabledSince: Int?

    func isDisabled(at time: Int) -> Bool { disabledSince.map { $0 <= time } ?? false }
}

extension TenantDirectory {
    /// How many people take part in the mail that is made up: enough to look alive, few enough to be found at once.
    private static var mailPeople: Int { 40 }
    /// How many of those who were disabled last are still written to.
    private static var mailLeavers: Int { 5 }

    /// The first people of the address list.
    func mailPeople() throws -> [MailPerson] {
        try tx.all(
            """
            SELECT d.address, r.active, r.modified FROM sb_addresses d CROSS JOIN scim_resources r
            WHERE d.tenant = $1 AND d.internal = 1 AND d.kind = 'primary' AND r.tenant = d.tenant AND r.id = d.account_id
            ORDER BY d.address_folded LIMIT \(Self.mailPeople)
            """, [tenant], Self.person)
    }

    /// Those who were disabled last. When is not kept; that they were last changed then is near enough for mail that is made up.
    func mailLeavers() throws -> [MailPerson] {
        try tx.all(
            """
            SELECT a.address, r.active, r.modified FROM scim_resources r CROSS JOIN sb_accounts a
            WHERE r.tenant = $1 AND r.active = 0 AND a.tenant = r.tenant AND a.id = r.id AND a.internal = 1
            ORDER BY r.modified DESC LIMIT \(Self.mailLeavers)
            """, [tenant], Self.person)
    }

    private static func person(_ row: any SQLRow) -> MailPerson {
        MailPerson(address: row.text(0), disabledSince: row.bool(1) ? nil : row.int(2))
    }
}
