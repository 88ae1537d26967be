import Mimecast
import MusterStore
import SCIMStore

/// What a sync did about one change, in the order in which its audit event tells it.
enum SyncOutcome: String, CaseIterable {
    case created = "users added"
    /// An account that was there already is the directory's from now on.
    case linked = "users linked"
    case changed = "users changed"
    case enabled = "users enabled"
    case disabled = "users disabled"
    /// Gone from the directory, but not from here.
    case released = "users no longer in the directory"
    case joined = "members added"
    case left = "members removed"
    case groupCreated = "groups added"
    case groupDeleted = "groups removed"
    case unchanged = "entries unchanged"
    case dropped = "entries that could not be applied"
    case waiting = "removals paused"
}

extension TenantDirectory {
    /// Syncs every connection that can be read. Nothing happens over the others, and nothing is taken away while there are any.
    func syncConnections() throws {
        let all = try connections()
        let live = all.filter(\.isLive)
        guard !live.isEmpty else { return }
        let isPaused = live.count < all.count
        var tallies: [String: [SyncOutcome: Int]] = [:]
        if try isPaused ? hasNewChanges(live) : hasChanges() {
            let byID = Dictionary(live.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
            let plan = try SyncPlan.split(changes(), live: Set(byID.keys), isPaused: isPaused)
            for entry in plan.pass {
                guard let connection = byID[entry.connection] else { continue }
                let outcome = try carryOut(entry.change, over: connection)
                tallies[entry.connection, default: [:]][outcome, default: 0] += 1
                try removeChange(entry.number)
            }
            for entry in plan.wait where byID[entry.connection] != nil {
                tallies[entry.connection, default: [:]][.waiting, default: 0] += 1
                try leaveWaiting(entry.number)
            }
        }
        for connection in live {
            let tally = tallies[connection.id] ?? [:]
            let parts = SyncOutcome.allCases.compactMap { outcome in tally[outcome].map { "\($0) \(outcome.rawValue)" } }
            let result = parts.isEmpty ? "No changes found" : "Processed " + parts.joined(separator: ", ")
            try record(.syncCompleted, "Directory sync of \(connection.description): \(result)")
        }
        try tx.execute(
            "UPDATE sb_connections SET last_sync = $2 WHERE tenant = $1 AND enabled = 1 AND error IS NULL", [tenant, .int(now)])
    }

    /// What cannot be applied is dropped, with an audit event: the next change must not wait for it for ever.
    private func carryOut(_ change: DirectoryChange, over connection: ConnectionRecord) throws -> SyncOutcome {
        do {
            return try apply(change, connection)
        } catch let failure as ItemFailure {
            try record(.connectionChanged, "Directory sync of \(connection.description) left out an entry: \(failure.message)")
            return .dropped
        }
    }

    /// - Throws: ``ItemFailure`` where it cannot be applied; nothing has changed then.
    private func apply(_ change: DirectoryChange, _ connection: ConnectionRecord) throws -> SyncOutcome {
        switch change {
        case .create(let address, let name, let groups):
            return try bring(FieldCheck.address(address, "emailAddress"), name, groups)
        case .disable(let address), .enable(let address):
            let account = try syncedAccount(address)
            // A connection may be told to leave it to the administrators who is disabled.
            guard connection.acknowledgesDisabled else { return .unchanged }
            let effect = try update(account, AccountChange(isActive: change == .enable(address: address)))
            return effect == .none ? .unchanged : effect == .enabled ? .enabled : .disabled
        case .rename(let address, let new, let name):
            let account = try syncedAccount(address)
            let new = try new.map { try freeAddress($0, for: account) }
            return try update(account, AccountChange(address: new, name: name)) == .none ? .unchanged : .changed
        case .delete(let address):
            try release(syncedAccount(address))
            return .released
        case .addMember(let address, let name):
            let (account, group) = try (syncedAccount(address), syncedGroup(name))
            guard try !resources.isMember(account.id, of: group.id) else { return .unchanged }
            try join(account, group)
            return .joined
        case .removeMember(let address, let name):
            return try leave(syncedAccount(address), syncedGroup(name)) ? .left : .unchanged
        case .createGroup(let name):
            guard try directoryGroup(named: name) == nil else { return .unchanged }
            try insertGroup(named: name, source: .ldap)
            return .groupCreated
        case .deleteGroup(let name):
            try drop(syncedGroup(name))
            return .groupDeleted
        }
    }

    /// Somebody appeared in the directory: a new account, or one that was made by hand and is the directory's from now on.
    private func bring(_ address: EmailAddress, _ name: String?, _ groups: [String]) throws -> SyncOutcome {
        guard isInternal(domain: address.domain) else {
            throw ItemFailure(FailureCode.forbiddenForAddress, "\(address.text) is at no domain of the company")
        }
        let known = try account(address)
        if known == nil, try isTaken(address) { throw ItemFailure(FailureCode.userExists, "\(address.text) is taken") }
        let outcome: SyncOutcome
        let account: AccountRecord?
        if let known {
            account = known
            let effect = try update(known, AccountChange(name: name, source: .ldap))
            outcome = known.source == .cloud ? .linked : effect == .none ? .unchanged : .changed
        } else {
            account = try create(NewAccount(address: address, name: name, source: .ldap))
            outcome = .created
        }
        guard let account else { return outcome }
        // A group that the tenant does not have is passed over: the person matters more.
        for group in Set(try groups.compactMap { try directoryGroup(named: $0)?.id }).sorted() {
            if let group = try self.group(id: group), try !resources.isMember(account.id, of: group.id) { try join(account, group) }
        }
        return outcome
    }

    /// Somebody left the directory: they are not removed, but turn from a directory-synced account into a plain one (the vendor's support
    /// articles), in the address type that the vendor gives to addresses seen in mail.
    private func release(_ account: AccountRecord) throws {
        for id in try resources.groups(of: account.id) {
            if let group = try group(id: id), group.source == .ldap { try leave(account, group) }
        }
        _ = try update(account, AccountChange(source: .cloud))
        try tx.execute(
            "UPDATE sb_accounts SET address_type = 'created_by_email' WHERE tenant = $1 AND id = $2", [tenant, .text(account.id)])
        try relist(account.id)
    }

    private func syncedAccount(_ address: String) throws -> AccountRecord {
        guard let account = try account(FieldCheck.address(address, "emailAddress")), account.source == .ldap else {
            throw ItemFailure(FailureCode.addressNotFound, "\(address) is no directory-synced account")
        }
        return account
    }

    private func syncedGroup(_ name: String) throws -> GroupRecord {
        guard let group = try directoryGroup(named: name) else {
            throw ItemFailure(FailureCode.folderNotFound, "There is no group \(name) of the directory")
        }
        return group
    }

    private func freeAddress(_ text: String, for account: AccountRecord) throws -> EmailAddress {
        let address = try FieldCheck.address(text, "newAddress")
        guard isInternal(domain: address.domain) else {
            throw ItemFailure(FailureCode.forbiddenForAddress, "\(address.text) is at no domain of the company")
        }
        if address.folded != account.addressFolded, try isTaken(address, except: account.id),
            try !aliases(of: account.id).contains(where: { EmailAddress($0) == address })
        {
            throw ItemFailure(FailureCode.userExists, "\(address.text) is taken")
        }
        return address
    }
}
