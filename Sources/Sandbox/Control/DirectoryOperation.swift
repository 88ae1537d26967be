import Mimecast
import SCIMStore

/// One change of the tenant from behind the API: by an administrator in the console, or by the company's directory. Nothing is
/// refused for being directory-managed.
struct DirectoryOperation: Codable, Sendable {
    enum Kind: String, Codable, Sendable {
        /// `name`, `source` as wanted.
        case create
        case disable, enable, delete
        /// `newAddress`, `name`, or both.
        case rename
        /// `source`: cloud or ldap.
        case setSource
        /// `group`: the group's name or id.
        case addMember, removeMember
    }

    var op: Kind
    var emailAddress: String
    var newAddress: String?
    var name: String?
    var source: Authority?
    var group: String?

    /// - Throws: ``ItemFailure``, which takes back the whole list.
    func carryOut(_ directory: TenantDirectory) throws {
        let address = try FieldCheck.requiredAddress(emailAddress)
        if op == .create {
            guard try !directory.isTaken(address) else { throw ItemFailure(FailureCode.userExists, "\(emailAddress) exists already") }
            _ = try directory.create(NewAccount(address: address, name: name, source: source ?? .cloud))
            return
        }
        guard let account = try directory.account(address) else {
            throw ItemFailure(FailureCode.addressNotFound, "\(emailAddress) is no account", field: "emailAddress")
        }
        switch op {
        case .create: break
        case .disable: _ = try directory.update(account, AccountChange(isActive: false))
        case .enable: _ = try directory.update(account, AccountChange(isActive: true))
        case .delete: try directory.delete(account)
        case .rename:
            let new = try newAddress.map { try FieldCheck.address($0, "newAddress") }
            if let new, new != address, try directory.isTaken(new) {
                throw ItemFailure(FailureCode.userExists, "\(new.text) exists already", field: "newAddress")
            }
            _ = try directory.update(account, AccountChange(address: new, name: name))
        case .setSource:
            guard let source else { throw ItemFailure(FailureCode.validationNull, "A source is needed", field: "source") }
            _ = try directory.update(account, AccountChange(source: source))
        case .addMember, .removeMember:
            let group = try group(directory)
            if op == .removeMember {
                try directory.leave(account, group)
            } else if try !directory.resources.isMember(account.id, of: group.id) {
                try directory.resources.add([account.id], to: group.id, now: directory.now)
            }
        }
    }

    private func group(_ directory: TenantDirectory) throws -> GroupRecord {
        if let group, let found = try directory.group(id: group) { return found }
        let named = try directory.groups(query: group ?? "", source: nil, after: nil, limit: 10_000).first { $0.name == group }
        guard let named else { throw ItemFailure(FailureCode.folderNotFound, "There is no group \(group ?? "")", field: "group") }
        return named
    }
}
