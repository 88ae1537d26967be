import Foundation
import Mimecast
import MusterStore
import SCIMStore

/// An account as one row of the store: the SCIM resource's plain columns and the vendor's facts side by side.
struct AccountRecord: Sendable {
    var resource: StoredRow
    /// As written.
    var address: String
    var addressFolded: String
    var isInternal: Bool
    var source: Authority
    /// created_manually, created_by_ldap_sync, … (recorded).
    var addressType: String
    var adminRoles: [String]
    var flags: AccountFlags

    var id: String { resource.id }
    var domain: String { EmailAddress.domain(ofFolded: addressFolded) }

    /// The columns, in the order that ``init(_:)`` reads them; the tables are to be named `r` and `a`.
    static let columns =
        StoredRow.columns + ", a.address, a.address_folded, a.internal, a.source, a.address_type, a.admin_roles, "
        + "a.force_password_change, a.password_never_expires, a.locked, a.allow_pop, a.allow_smtp"

    init(_ row: any SQLRow, at first: Int = 0) {
        resource = StoredRow(row, at: first)
        let next = first + StoredRow.width
        address = row.text(next)
        addressFolded = row.text(next + 1)
        isInternal = row.bool(next + 2)
        source = Authority(rawValue: row.text(next + 3)) ?? .cloud
        addressType = row.text(next + 4)
        adminRoles = StringList.decode(row.text(next + 5))
        flags = AccountFlags(
            forcePasswordChange: row.bool(next + 6), passwordNeverExpires: row.bool(next + 7), locked: row.bool(next + 8),
            allowPop: row.bool(next + 9), allowSmtp: row.bool(next + 10))
    }
}

/// The switches that only the portal's update shows.
struct AccountFlags: Sendable, Hashable {
    var forcePasswordChange = false
    var passwordNeverExpires = false
    var locked = false
    var allowPop = false
    var allowSmtp = false
}

/// Strings in one column, as a JSON array.
enum StringList {
    static func encode(_ list: [String]) -> String {
        guard !list.isEmpty, let data = try? JSONEncoder().encode(list) else { return "[]" }
        return String(decoding: data, as: UTF8.self)
    }

    static func decode(_ text: String) -> [String] {
        text == "[]" ? [] : (try? JSONDecoder().decode([String].self, from: Data(text.utf8))) ?? []
    }
}

extension EmailAddress {
    /// The part after the last at sign of an address that is folded already.
    static func domain(ofFolded address: String) -> String {
        address.lastIndex(of: "@").map { String(address[address.index(after: $0)...]) } ?? ""
    }
}
