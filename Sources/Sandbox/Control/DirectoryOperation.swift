import Mimecast
import SCIMStore

/// One change of the tenant from behind the API: at once, by an administrator in the console (nothing is refused for being
/// directory-managed), or `via` the company's own directory, where it waits for the next sync.
struct DirectoryOperation: Codable, Sendable {
    enum Kind: String, Codable, Sendable {
        /// `name`, `source` as wanted (the console); `groups`.
        case create
        case disable, enable
        /// The console removes the account; out of the directory the person only leaves that.
        case delete
        /// `newAddress`, `name`, or both.
        case rename
        /// `source`: cloud or ldap. The console alone.
        case setSource
        /// `group`: the group's name or id. Over the directory only groups of the directory.
        case addMember, removeMember
        /// `group`: the name (to delete by the console: or id); `source` as wanted (the console).
        case createGroup, deleteGroup
        /// `description`, `serverType`, `acknowledgeDisabledAccounts`.
        case addConnection
        /// `connection`; `enabled`, `status` with its `error`, `acknowledgeDisabledAccounts`.
        case setConnection
    }

    enum Via: String, Codable, Sendable { case console, directory }

    enum Status: String, Codable, Sendable { case ok, error }

    var op: Kind
    /// nil is the console.
    var via: Via?
    var emailAddress: String?
    var newAddress: String?
    var name: String?
    var source: Authority?
    var group: String?
    /// Names or ids.
    var groups: [String]?
    /// The id or description of a connection; nil is the first one.
    var connection: String?
    var description: String?
    /// `active_directory` where nothing is said.
    var serverType: String?
    var enabled: Bool?
    var status: Status?
    /// Why the connection is in error.
    var error: String?
    var acknowledgeDisabledAccounts: Bool?

    /// Carries out a list of operations. What is due by the clock comes first: a sync of this morning must not find what changes now.
    ///
    /// Whoever calls this wakes ``TenantLife`` after the commit.
    ///
    /// - Throws: ``ItemFailure``, which takes back the whole list.
    static func carryOut(_ operations: [DirectoryOperation], _ directory: TenantDirectory) throws {
        while try TenantChores.carryOut(directory) <= directory.now {}
        for operation in operations { try operation.run(directory) }
    }

    /// Carries out one alone, as a list of one.
    func carryOut(_ directory: TenantDirectory) throws { try Self.carryOut([self], directory) }

    private func run(_ directory: TenantDirectory) throws {
        switch op {
        case .addConnection: try addConnection(directory)
        case .setConnection: try setConnection(directory)
        case .createGroup, .deleteGroup, .create, .disable, .enable, .delete, .rename, .setSource, .addMember, .removeMember:
            if via == .directory {
                try directory.queue(change(directory), over: directory.connection(named: connection))
            } else if op == .createGroup || op == .deleteGroup {
                try carryOutGroup(directory)
            } else {
                try carryOutPerson(directory)
            }
        }
    }

    private func carryOutGroup(_ directory: TenantDirectory) throws {
        guard op == .createGroup else { return try directory.drop(existing(group, directory)) }
        let name = try FieldCheck.required(group, "group")
        if source == .ldap, try directory.directoryGroup(named: name) != nil {
            throw ItemFailure.invalid("group", "The directory has a group \(name)")
        }
        try directory.insertGroup(named: name, source: source ?? .cloud)
    }

    private func carryOutPerson(_ directory: TenantDirectory) throws {
        let address = try FieldCheck.requiredAddress(emailAddress)
        if op == .create {
            guard try !directory.isTaken(address) else { throw ItemFailure(FailureCode.userExists, "\(address.text) exists already") }
            let joined = try (groups ?? []).map { try existing($0, directory) }
            let name = try name.map { try FieldCheck.plain($0, "name") }
            let account = try directory.create(NewAccount(address: address, name: name, source: source ?? .cloud))
            for group in joined {
                if let account, try !directory.resources.isMember(account.id, of: group.id) { try directory.join(account, group) }
            }
            return
        }
        guard let account = try directory.account(address) else {
            throw ItemFailure(FailureCode.addressNotFound, "\(address.text) is no account", field: "emailAddress")
        }
        switch op {
        case .create, .createGroup, .deleteGroup, .addConnection, .setConnection: break
        case .disable: _ = try directory.update(account, AccountChange(isActive: false))
        case .enable: _ = try directory.update(account, AccountChange(isActive: true))
        case .delete: try directory.delete(account, reason: "deleted in the console")
        case .rename:
            let new = try newAddress.map { try FieldCheck.address($0, "newAddress") }
            if let new, new != address, try directory.isTaken(new, except: account.id) {
                throw ItemFailure(FailureCode.userExists, "\(new.text) exists already", field: "newAddress")
            }
            _ = try directory.update(account, AccountChange(address: new, name: name.map { try FieldCheck.plain($0, "name") }))
        case .setSource:
            guard let source else { throw ItemFailure(FailureCode.validationNull, "A source is needed", field: "source") }
            _ = try directory.update(account, AccountChange(source: source))
        case .addMember, .removeMember:
            let group = try existing(group, directory)
            if op == .removeMember {
                try directory.leave(account, group)
            } else if try !directory.resources.isMember(account.id, of: group.id) {
                try directory.join(account, group)
            }
        }
    }

    /// The group of this id or name.
    private func existing(_ group: String?, _ directory: TenantDirectory) throws -> GroupRecord {
        if let group, let found = try directory.group(id: group) { return found }
        let named = try directory.groups(query: group ?? "", source: nil, after: nil, limit: 10_000).first { $0.name == group }
        guard let named else { throw ItemFailure(FailureCode.folderNotFound, "There is no group \(group ?? "")", field: "group") }
        return named
    }
}
