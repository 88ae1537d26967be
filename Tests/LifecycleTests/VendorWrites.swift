import HTTPTransport
import Foundation
import Mimecast
import MimecastClient

extension FakeVendor.Tenant {
    func index(_ key: String) -> Int? { rows.firstIndex { $0.id == key || $0.address.lowercased() == key.lowercased() } }

    func isTaken(_ address: String) -> Bool {
        rows.contains { $0.address.lowercased() == address.lowercased() || $0.aliases.contains { $0.lowercased() == address.lowercased() } }
    }

    /// - Returns: the failure's code, or nil where it was done.
    mutating func create(_ row: FakeVendor.Row) -> String? {
        guard !isTaken(row.address) else { return FailureCode.userExists }
        rows.append(row)
        return nil
    }

    mutating func update(_ key: String, _ change: (inout FakeVendor.Row) -> Void) -> String? {
        guard let index = index(key) else { return FailureCode.forbiddenForAddress }
        guard !rows[index].isLDAP else { return FailureCode.directoryManaged }
        let old = rows[index].address
        change(&rows[index])
        for group in members.keys where members[group]?.remove(old) != nil { members[group]?.insert(rows[index].address) }
        return nil
    }

    mutating func delete(_ key: String) -> String? {
        guard let index = index(key) else { return FailureCode.addressNotFound }
        let row = rows.remove(at: index)
        for group in members.keys { members[group]?.remove(row.address) }
        return nil
    }

    mutating func join(_ change: MemberChange) -> String? {
        guard let group = change.id, groups.contains(where: { $0.id == group }) else { return FailureCode.folderNotFound }
        guard let address = change.emailAddress, index(address) != nil else { return FailureCode.addressNotFound }
        return members[group, default: []].insert(address).inserted ? nil : FailureCode.memberAlreadyExists
    }

    mutating func leave(_ change: MemberChange) -> String? {
        guard let group = change.id, let address = change.emailAddress, members[group]?.remove(address) != nil else {
            return FailureCode.addressNotFound
        }
        return nil
    }
}

/// What both dialects serve alike.
enum CommonVendor {
    static func write<Row: Codable & Sendable>(
        _ subject: String, _ row: Row, _ effect: @escaping @Sendable (inout FakeVendor.Tenant) -> String?
    ) -> VendorCall {
        VendorCall(subject: subject, isWrite: true) { state in
            if let code = effect(&state.tenant) { return VendorReply.failed(code, subject: subject) }
            return VendorReply.rows([row])
        }
    }

    static func domains() -> VendorCall {
        VendorCall { state in VendorReply.rows(state.tenant.domains.map { InternalDomain(id: nil, domain: $0) }) }
    }

    static func member(_ address: String) -> GroupMember {
        GroupMember(name: nil, emailAddress: address, domain: nil, internal: nil, type: nil)
    }
}
