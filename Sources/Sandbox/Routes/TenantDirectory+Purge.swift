import Mimecast
import MusterStore
import SCIMStore

extension TenantDirectory {
    /// Notes that an account is to be removed for good. Until then it stays as it is (our choice). One that is on the list already keeps
    /// its date.
    func addToPurgeList(_ text: String) throws -> (address: String, effect: Effect) {
        let account = try purgeable(text)
        // Facts: neither directory-synced people nor administrators.
        guard account.source == .cloud else { throw Self.purgeForbidden("The address is synchronised from the company's directory") }
        guard account.adminRoles.isEmpty else { throw Self.purgeForbidden("The address has an administrator role") }
        guard try purgeListed(account) == nil else { return (account.address, .none) }
        try setPurgeListed(account, now)
        try record(.userPurgeListed, "User \(account.address) added to the purge list")
        return (account.address, .added)
    }

    func removeFromPurgeList(_ text: String) throws -> (address: String, effect: Effect) {
        let account = try purgeable(text)
        guard try purgeListed(account) != nil else {
            throw ItemFailure(FailureCode.addressNotFound, "The address is not on the purge list", field: "emailAddresses")
        }
        try takeOffPurgeList(account, "User \(account.address) removed from the purge list")
        return (account.address, .removed)
    }

    func takeOffPurgeList(_ account: AccountRecord, _ action: String) throws {
        try setPurgeListed(account, nil)
        try record(.userPurgeUnlisted, action)
    }

    /// Ids of accounts that were put on the list by a moment, oldest first.
    func purgeList(until time: Int) throws -> [String] {
        try tx.all(
            """
            SELECT id FROM sb_accounts WHERE tenant = $1 AND purge_listed IS NOT NULL AND purge_listed <= $2 ORDER BY purge_listed, id
            """, [tenant, .int(time)]
        ) { $0.text(0) }
    }

    /// When the oldest entry of the list was made; milliseconds since 1970.
    func oldestPurgeEntry() throws -> Int? {
        try tx.first("SELECT min(purge_listed) FROM sb_accounts WHERE tenant = $1 AND purge_listed IS NOT NULL", [tenant]) {
            $0.intOrNil(0)
        } ?? nil
    }

    private func purgeable(_ text: String) throws -> AccountRecord {
        let address = try FieldCheck.requiredAddress(text, "emailAddresses")
        guard let account = try account(address), account.isInternal else { throw ItemFailure.forbiddenForAddress("emailAddresses") }
        return account
    }

    private func purgeListed(_ account: AccountRecord) throws -> Int? {
        try tx.first("SELECT purge_listed FROM sb_accounts WHERE tenant = $1 AND id = $2", [tenant, .text(account.id)]) {
            $0.intOrNil(0)
        } ?? nil
    }

    private func setPurgeListed(_ account: AccountRecord, _ time: Int?) throws {
        try tx.execute(
            "UPDATE sb_accounts SET purge_listed = $3 WHERE tenant = $1 AND id = $2", [tenant, .text(account.id), .int(time)])
    }

    private static func purgeForbidden(_ message: String) -> ItemFailure {
        ItemFailure(FailureCode.purgeForbidden, message, field: "emailAddresses")
    }
}
