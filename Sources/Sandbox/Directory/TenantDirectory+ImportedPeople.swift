import Mimecast
import MusterStore
import SCIMStore

extension TenantDirectory {
    /// Makes the people of an import and puts them into its group, those who are there already included. Rows that cannot be carried
    /// out are passed over: no address, one of another company, one that is nobody's account yet taken, no seat left.
    ///
    /// - Returns: how many rows made an account or put somebody into the group.
    func importPeople(_ rows: [ImportFile.Row], into group: GroupRecord?) throws -> Int {
        var free = facts.seatsEnforced ? max(0, facts.seats - (try count([.primary], isInternal: true))) : Int.max
        var seen: Set<String> = []
        var new: [NewAccount] = []
        var known: [AccountRecord] = []
        for row in rows {
            guard let address = EmailAddress(row.email), isInternal(domain: address.domain), seen.insert(address.folded).inserted else {
                continue
            }
            if let account = try account(address, byAlias: true) {
                known.append(account)
                continue
            }
            guard free > 0, try !isTaken(address), Self.isGood(name: row.name) else { continue }
            free -= 1
            new.append(NewAccount(address: address, name: row.name))
        }
        try make(new, in: group)
        guard let group else { return new.count }
        var joined = 0
        for account in known where try !resources.isMember(account.id, of: group.id) {
            try join(account, group)
            joined += 1
        }
        return new.count + joined
    }

    private static func isGood(name: String?) -> Bool {
        guard let name else { return true }
        return (try? FieldCheck.plain(name, "name")) != nil
    }

    /// Counts are kept once for all of them, and each person has an audit event of their own.
    private func make(_ drafts: [NewAccount], in group: GroupRecord?) throws {
        guard !drafts.isEmpty else { return }
        let ids = try create(drafts, ids: drafts.map { _ in KeyRing.newID() })
        if let group { try resources.add(ids, to: group.id, now: now) }
        for (draft, id) in zip(drafts, ids) {
            try tx.execute(
                "UPDATE sb_accounts SET address_type = 'created_by_import' WHERE tenant = $1 AND id = $2", [tenant, .text(id)])
            try relist(id)
            try record(.userCreated, "User \(draft.address.text) created")
            if let group { try record(.memberAdded, "\(draft.address.text) added to group \(group.name)") }
        }
    }

    /// Takes everybody and every domain out of a group.
    func empty(_ group: GroupRecord) throws {
        while true {
            let members = try resources.members(of: group.id, limit: 500)
            guard !members.isEmpty else { break }
            for id in members {
                if let account = try account(id: id) {
                    try leave(account, group)
                } else {
                    try resources.remove(id, from: group.id, now: now)
                }
            }
        }
        let domains = try tx.all(
            "SELECT domain FROM sb_group_domains WHERE tenant = $1 AND group_id = $2 ORDER BY domain", [tenant, .text(group.id)]
        ) { $0.text(0) }
        for domain in domains { _ = try leave(domain: domain, group) }
    }
}
