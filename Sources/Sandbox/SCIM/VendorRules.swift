import Mimecast
import MusterStore
import NIOCore
import SCIM
import SCIMStore

/// What the vendor makes of SCIM: a user is an account as soon as it has an address, what the company's directory owns is read-only, a
/// delete disables, and everything leaves its audit event. Part of the transaction that changes the resource.
struct VendorRules: ResourceHooks {
    let caller: Caller
    let origin: SocketAddress?
    /// Milliseconds since 1970.
    let now: Int
    let mode: SandboxOptions.ScimMode
    let ledger: ScimLedger

    private func directory(_ store: ResourceStore) throws -> TenantDirectory {
        try TenantDirectory(store.transaction, tenant: caller.tenant, actor: { caller.actor($0, ip: origin?.ipAddress ?? "") }, now: now)
    }

    func willCreate(_ type: ResourceType, _ resource: inout Resource, _ store: ResourceStore) throws -> Creation {
        let directory = try directory(store)
        switch type.name {
        case UserResource.resourceType:
            // An account is active unless somebody says otherwise.
            if resource.object["active"] == nil { resource.object["active"] = true }
            try Self.check(userName: UserResource(resource).userName)
            return try willCreate(UserResource(resource), directory)
        case GroupResource.resourceType:
            try refusing { try directory.checkNewGroup(named: GroupResource(resource).displayName) }
            return .insert(id: nil)
        default: return .insert(id: nil)
        }
    }

    func didCreate(_ type: ResourceType, _ resource: Resource, _ store: ResourceStore) throws {
        let directory = try directory(store)
        switch type.name {
        case UserResource.resourceType:
            let user = UserResource(resource)
            if let account = try directory.account(id: user.id) {
                // Revived: it was there all the time, disabled.
                try directory.follow(account, user, wasActive: false)
                let isActive = account.resource.active
                try directory.record(
                    isActive ? .userEnabled : .userChanged, "User \(account.address) \(isActive ? "enabled" : "changed")")
            } else if let address = user.accountAddress {
                try directory.makeAccount(user, at: address)
                try directory.record(.userCreated, "User \(address.text) created")
            }
            ledger.note(.created, user.accountAddress?.text ?? user.userName)
        case GroupResource.resourceType:
            let group = GroupResource(resource)
            try refusing { try directory.placeGroup(id: group.id) }
            try directory.record(.groupCreated, "Group \(group.displayName) created")
            ledger.note(.created, group.displayName)
        default: ledger.note(.created, resource.id)
        }
    }

    func willChange(
        _ type: ResourceType, _ before: Resource, _ after: inout Resource, _ row: StoredRow, _ store: ResourceStore
    ) throws {
        let directory = try directory(store)
        switch type.name {
        case UserResource.resourceType:
            try Self.check(userName: UserResource(after).userName)
            let account = try directory.account(id: row.id)
            if let account, account.source == .ldap { throw Self.directoryManaged("The user \(account.address)") }
            let user = UserResource(after)
            if let address = user.accountAddress, address.text != account?.address {
                try check(address, of: row.id, directory)
                if account?.isInternal != true { try refusing { try directory.checkSeats(for: address) } }
            } else if mode == .guide, user.accountAddress == nil {
                throw Self.addressNeeded
            }
        case GroupResource.resourceType:
            let group = try writableGroup(row, directory)
            let name = GroupResource(after).displayName
            if !name.utf8.elementsEqual(group.name.utf8) { try refusing { try directory.checkName(name, of: group) } }
        default: break
        }
    }

    func didChange(
        _ type: ResourceType, _ before: Resource, _ after: Resource, _ row: StoredRow, _ store: ResourceStore
    ) throws {
        let directory = try directory(store)
        switch type.name {
        case UserResource.resourceType:
            let user = UserResource(after)
            guard let account = try directory.account(id: user.id) else {
                guard let address = user.accountAddress else { return ledger.note(.updated, user.userName) }
                try directory.makeAccount(user, at: address)
                try directory.record(.userCreated, "User \(address.text) created")
                return ledger.note(.created, address.text)
            }
            let effect = try directory.follow(account, user, wasActive: row.active)
            try note(effect, account, user, wasActive: row.active, directory)
        case GroupResource.resourceType:
            let (old, group) = (GroupResource(before), GroupResource(after))
            let isRenamed = !old.displayName.utf8.elementsEqual(group.displayName.utf8)
            try directory.record(
                .groupChanged,
                isRenamed ? "Group \(old.displayName) renamed to \(group.displayName)" : "Group \(group.displayName) changed")
            ledger.note(isRenamed ? .renamed : .updated, group.displayName)
        default: ledger.note(.updated, after.id)
        }
    }

    func willChangeMembers(
        _ group: StoredRow, adding: inout [String], removing: inout [String], _ store: ResourceStore
    ) throws {
        guard !adding.isEmpty || !removing.isEmpty else { return }
        // Of further resource types with members the vendor knows nothing.
        if try directory(store).group(id: group.id) != nil { _ = try writableGroup(group, directory(store)) }
        // A group that holds itself would never end for whoever unfolds it.
        adding.removeAll { $0 == group.id }
    }

    func didChangeMembers(_ group: StoredRow, added: [String], removed: [String], _ store: ResourceStore) throws {
        let directory = try directory(store)
        for id in removed {
            try store.transaction.execute(
                "DELETE FROM sb_member_notes WHERE tenant = $1 AND group_id = $2 AND member_id = $3",
                [directory.tenant, .text(group.id), .text(id)])
        }
        let name = group.displayName ?? group.id
        for (ids, kind, effect) in [(added, AuditKind.memberAdded, Effect.added), (removed, .memberRemoved, .removed)] {
            for id in ids {
                let member = try directory.account(id: id)?.address ?? store.row(id)?.displayName ?? id
                try directory.record(
                    kind, effect == .added ? "\(member) added to group \(name)" : "\(member) removed from group \(name)")
                ledger.note(effect, member)
            }
        }
    }

    func willDelete(_ type: ResourceType, _ row: StoredRow, _ resource: Resource, _ store: ResourceStore) throws -> Deletion {
        let directory = try directory(store)
        switch type.name {
        case UserResource.resourceType: return try willDelete(row, resource, directory)
        case GroupResource.resourceType:
            let group = try writableGroup(row, directory)
            guard group.folders == 0 else {
                throw SCIMError(409, nil, "The group \(group.name) has groups below it in the console's tree; remove those first.")
            }
            try directory.forgetGroup(group)
            try directory.record(.groupDeleted, "Group \(group.name) deleted")
            ledger.note(.deleted, group.name)
            return .remove
        default:
            ledger.note(.deleted, row.id)
            return .remove
        }
    }

    private func willCreate(_ user: UserResource, _ directory: TenantDirectory) throws -> Creation {
        let address = user.accountAddress
        if address == nil, mode == .guide { throw Self.addressNeeded }
        if let account = try deleted(user, address, directory) {
            guard account.source == .cloud else { throw Self.directoryManaged("The user \(account.address)") }
            if let address { try check(address, of: account.id, directory) }
            return .revive(id: account.id)
        }
        guard let address else { return .insert(id: nil) }
        try check(address, of: nil, directory)
        try refusing { try directory.checkSeats(for: address) }
        return .insert(id: nil)
    }

    /// Whose account a delete has disabled and the new user is to have again: by the user name, or else by the address.
    private func deleted(_ user: UserResource, _ address: EmailAddress?, _ directory: TenantDirectory) throws -> AccountRecord? {
        let resources = directory.resources
        if let id = try resources.userID(named: user.userName), try resources.isHidden(id) { return try directory.account(id: id) }
        guard let address, let account = try directory.account(address) else { return nil }
        return try resources.isHidden(account.id) ? account : nil
    }

    private func willDelete(_ row: StoredRow, _ resource: Resource, _ directory: TenantDirectory) throws -> Deletion {
        guard let account = try directory.account(id: row.id) else {
            ledger.note(.deleted, UserResource(resource).userName)
            return .remove
        }
        guard account.source == .cloud else { throw Self.directoryManaged("The user \(account.address)") }
        var user = UserResource(resource)
        user.active = false
        if account.resource.active { try directory.record(.userDisabled, "User \(account.address) disabled") }
        ledger.note(.disabled, account.address)
        // The guide's vendor goes on to show whom it disabled; RFC 7644, section 3.6, wants 404 from then on.
        if mode == .guide { return .keep(user.resource) }
        for id in try directory.resources.groups(of: row.id) {
            guard let group = try directory.group(id: id) else { continue }
            try directory.leave(account, group)
        }
        try directory.resources.replace(user, now: now)
        try directory.relist(row.id)
        return .hide
    }

    func didDelete(_ type: ResourceType, _ row: StoredRow, _ store: ResourceStore) throws {
        if type.name == UserResource.resourceType, mode == .guide { try directory(store).relist(row.id) }
    }

    /// - Parameter id: whose address it is to be; nil is a new user's.
    private func check(_ address: EmailAddress, of id: String?, _ directory: TenantDirectory) throws {
        if mode == .guide, !directory.isInternal(domain: address.domain) {
            throw SCIMError.invalidValue("The domain \(address.domain) is none of the account's. Use an address in one of its own domains.")
        }
        if let owner = try directory.owner(of: address), owner != id {
            throw SCIMError.uniqueness("The address \(address.text) belongs to another account.")
        }
    }

    private func writableGroup(_ row: StoredRow, _ directory: TenantDirectory) throws -> GroupRecord {
        guard let group = try directory.group(id: row.id) else { throw SCIMError.notFound("Group", row.id) }
        guard group.source == .cloud else { throw Self.directoryManaged("The group \(group.name)") }
        return group
    }

    private func note(
        _ effect: Effect, _ account: AccountRecord, _ user: UserResource, wasActive: Bool, _ directory: TenantDirectory
    ) throws {
        switch effect {
        case .renamed: try directory.record(.userChanged, "User \(account.address) renamed to \(user.accountAddress?.text ?? "")")
        case .disabled: try directory.record(.userDisabled, "User \(account.address) disabled")
        case .enabled: try directory.record(.userEnabled, "User \(account.address) enabled")
        default: try directory.record(.userChanged, "User \(account.address) changed")
        }
        // Whoever looks for leavers must find the other change too.
        let isActive = account.resource.active
        if effect == .renamed, isActive != wasActive {
            try directory.record(isActive ? .userEnabled : .userDisabled, "User \(account.address) \(isActive ? "enabled" : "disabled")")
        }
        ledger.note(effect, account.address)
    }

    /// A longer one could be stored and not be looked up: filters have an end.
    private static func check(userName: String) throws {
        guard userName.utf8.count <= 1_000 else { throw SCIMError.invalidValue("A user name has at most 1000 bytes.") }
    }

    private static func directoryManaged(_ what: String) -> SCIMError {
        SCIMError(
            403, nil, "\(what) is synchronised from the company's directory. Change it there; the next synchronisation brings it here.")
    }

    private static var addressNeeded: SCIMError {
        SCIMError.invalidValue("A user needs an address: its user name or its primary e-mail has to be one.")
    }
}

/// Tells in SCIM's form what the vendor's own calls would refuse.
private func refusing<T>(_ body: () throws -> T) throws -> T {
    do {
        return try body()
    } catch let failure as ItemFailure {
        switch failure.code {
        case FailureCode.userExists, ItemFailure.folderExistsCode: throw SCIMError.uniqueness("\(failure.message).")
        case ItemFailure.seatsExceededCode: throw SCIMError(403, nil, "\(failure.message). Free some, or raise the contract.")
        default: throw SCIMError.invalidValue("\(failure.message).")
        }
    }
}
