import Mimecast
import MimecastClient
import Planning

/// The vendor's API: one call of its catalogue a line.
struct APILane: WriteLane {
    let client: TenantClient
    let groups: GroupFinder

    init(client: TenantClient) {
        self.client = client
        groups = GroupFinder(client: client)
    }

    var calls: Int { 0 }

    func carryOut(_ change: Change) async throws {
        let key = AccountKey(id: change.accountID, address: change.account)
        switch change.kind {
        case .create:
            let values = change.values ?? Change.Values()
            try await client.create(
                NewAccount(
                    address: change.account, name: values.name ?? change.account, firstName: values.firstName, lastName: values.lastName,
                    aliases: values.aliases, adminRoles: values.adminRoles))
        case .rename, .update:
            let values = change.values ?? Change.Values()
            try await client.update(
                key,
                AccountChange(
                    newAddress: values.address, name: values.name, firstName: values.firstName, lastName: values.lastName,
                    aliases: values.aliases, adminRoles: values.adminRoles))
        case .enable: try await client.update(key, AccountChange(status: .active))
        case .disable: try await client.update(key, AccountChange(status: .disabled))
        case .remove: try await client.delete(key)
        case .addMember: try await client.addMember(change.account, toGroup: try await groups.id(of: change))
        case .removeMember: try await client.removeMember(change.account, fromGroup: try await groups.id(of: change))
        case .createGroup: try await createGroup(change)
        case .purge: _ = try await client.addToPurgeList([change.account])
        case .unpurge: _ = try await client.removeFromPurgeList([change.account])
        case .addAlias: try Self.only(try await client.addAliases([AliasChange(alias: change.counterpart, aliasFor: change.account)]))
        case .removeAlias:
            try Self.only(try await client.removeAliases([AliasChange(alias: change.counterpart, aliasFor: change.account)]))
        case .addDelegate:
            try Self.only(
                try await client.addDelegates([DelegateChange(primaryAddress: change.counterpart, delegateAddress: change.account)]))
        case .removeDelegate: try await removeDelegate(change)
        case .attribute:
            if let error = try await AttributeLane(client: client).carryOut([change])[change.line] ?? nil { throw error }
        case .blocked, .undecided: break
        }
    }

    /// A name that a cloud group has already is not given twice: it may have been made since the plan was.
    private func createGroup(_ change: Change) async throws {
        let name = change.group ?? change.person
        guard try await groups.isFree(name) else {
            throw ClientError(.refused, "There is a group \(name) already; nothing was sent.", remedy: "Read and plan again.")
        }
        groups.learn(name, id: try await client.createGroup(name).id)
    }

    private func removeDelegate(_ change: Change) async throws {
        guard let id = try await client.right(of: change.counterpart ?? "", toOpen: change.account) else {
            throw ClientError(
                .refused, "\(change.counterpart ?? "Nobody") may not open the mailbox of \(change.account); nothing was sent.",
                remedy: "Read and plan again.")
        }
        try Self.only(try await client.removeDelegates([id]))
    }

    /// Whether the company's directory owns the line's account or group, by a read.
    func isDirectorys(_ change: Change) async throws -> Bool {
        if !change.account.isEmpty, change.kind != .create {
            let found = try await client.lookUp([change.account])
            if found.values.contains(where: { $0.authority == .ldap }) { return true }
        }
        guard let group = change.groupID else { return false }
        for try await page in client.groups() {
            if let found = page.groups.first(where: { $0.id == group }) { return found.authority == .ldap }
        }
        return false
    }

    private static func only<Row>(_ outcomes: [Result<Row, ClientError>]) throws { for outcome in outcomes { _ = try outcome.get() } }
}

extension TenantClient {
    /// The id of the right of one account to open another's mailbox; nil where there is none.
    func right(of delegate: String, toOpen mailbox: String) async throws -> String? {
        let key = EmailAddress.key(mailbox)
        for try await page in delegates(of: delegate) {
            if let row = page.items.first(where: { EmailAddress.key($0.emailAddress) == key }) { return row.id }
        }
        return nil
    }
}
