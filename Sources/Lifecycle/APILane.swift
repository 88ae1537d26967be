import Mimecast
import MimecastClient
import Planning

/// The vendor's API: one call of its catalogue a line.
struct APILane: WriteLane {
    let client: TenantClient

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
        case .addMember: if let group = change.groupID { try await client.addMember(change.account, toGroup: group) }
        case .removeMember: if let group = change.groupID { try await client.removeMember(change.account, fromGroup: group) }
        case .blocked, .undecided: break
        }
    }
}
