import Mimecast
import MusterStore
import SCIMStore

extension TenantDirectory {
    /// Where a right was given: in the administration console, as clients have seen it.
    private static let grantedIn = "ADCON"

    /// Gives one account the right to open another's mailbox. Rights are kept here, not in the company's directory, so directory-synced
    /// people have them, too (our choice).
    func addDelegate(_ item: DelegateChange) throws -> Written<DelegateReply> {
        try FieldCheck.present(("primaryAddress", item.primaryAddress), ("delegateAddress", item.delegateAddress))
        let primary = try FieldCheck.requiredAddress(item.primaryAddress, "primaryAddress")
        let delegate = try FieldCheck.requiredAddress(item.delegateAddress, "delegateAddress")
        let account = try delegateAccount(primary, "primaryAddress")
        let opened = try delegateAccount(delegate, "delegateAddress")
        guard account.id != opened.id else { throw ItemFailure.invalid("delegateAddress", "Nobody is their own delegate") }
        let isThere = try tx.first(
            "SELECT 1 FROM sb_delegates WHERE tenant = $1 AND account_id = $2 AND delegate_id = $3",
            [tenant, .text(account.id), .text(opened.id)]
        ) { _ in true }
        guard isThere == nil else {
            throw ItemFailure(FailureCode.delegateExists, "The right is there already", field: "delegateAddress")
        }
        let id = KeyRing.newID()
        try tx.execute(
            "INSERT INTO sb_delegates (tenant, id, account_id, delegate_id, created) VALUES ($1, $2, $3, $4, $5)",
            [tenant, .text(id), .text(account.id), .text(opened.id), .int(now)])
        try record(.delegateAdded, "\(account.address) may open the mailbox of \(opened.address)")
        return Written(row: DelegateReply(id: id), effect: .added, target: account.address)
    }

    /// A page of the mailboxes that an account may open. No total: rights are not counted.
    func delegates(_ query: DelegateQuery, _ slice: PageSlice) throws -> Reading<DelegateList> {
        let primary = try FieldCheck.requiredAddress(query.primaryAddress, "primaryAddress")
        let account = try delegateAccount(primary, "primaryAddress")
        // CROSS JOIN keeps the order: from the account's rights to the mailboxes.
        let fetched = try tx.all(
            """
            SELECT d.id, \(AccountRecord.columns)
            FROM sb_delegates d CROSS JOIN sb_accounts a CROSS JOIN scim_resources r
            WHERE d.tenant = $1 AND d.account_id = $2 AND d.delegate_id > $3
                AND a.tenant = d.tenant AND a.id = d.delegate_id AND r.tenant = d.tenant AND r.id = d.delegate_id
            ORDER BY d.delegate_id LIMIT $4
            """, [tenant, .text(account.id), .text(slice.after.first ?? ""), .int(slice.fetch)]
        ) { (id: $0.text(0), opened: AccountRecord($0, at: 1)) }
        let (found, next) = slice.page(fetched) { [$0.opened.id] }
        let rows = found.map {
            DelegateRow(id: $0.id, emailAddress: $0.opened.address, name: $0.opened.resource.displayName, source: Self.grantedIn)
        }
        return Reading(
            rows: [DelegateList(delegateUsers: rows)], shown: rows.count, total: nil, next: next, target: account.address)
    }

    func removeDelegate(_ key: IDKey) throws -> Written<DelegateReply> {
        let id = try FieldCheck.id(key.id)
        let right = try tx.first(
            "SELECT account_id, delegate_id FROM sb_delegates WHERE tenant = $1 AND id = $2", [tenant, .text(id)]
        ) { (account: $0.text(0), opened: $0.text(1)) }
        guard let right, let account = try account(id: right.account), let opened = try self.account(id: right.opened) else {
            throw ItemFailure(FailureCode.delegateNotFound, "There is no such right", field: "id")
        }
        try tx.execute("DELETE FROM sb_delegates WHERE tenant = $1 AND id = $2", [tenant, .text(id)])
        try record(.delegateRemoved, "\(account.address) may no longer open the mailbox of \(opened.address)")
        return Written(row: DelegateReply(id: id), effect: .removed, target: account.address)
    }

    private func delegateAccount(_ address: EmailAddress, _ field: String) throws -> AccountRecord {
        guard let account = try account(address), account.isInternal else { throw ItemFailure.forbiddenForAddress(field) }
        return account
    }
}
