import Mimecast
import SCIMStore

extension GatewayUser {
    /// A row of the cloud gateway's list: an account by its own address, or by one of its aliases.
    ///
    /// - Parameters:
    ///   - address: as written; nil is the account's own.
    ///   - alias: the folded alias; nil where the row is the account's own.
    init(_ account: AccountRecord, address: String? = nil, alias: String? = nil) {
        self.init(
            // An alias has an id of its own, or two rows of one page would share one.
            id: alias.map { KeyRing.id("alias \(account.id) \($0)") } ?? account.id, emailAddress: address ?? account.address,
            name: account.resource.displayName ?? "", domain: EmailAddress.domain(ofFolded: alias ?? account.addressFolded),
            type: account.isInternal ? "internal" : "external", internal: account.isInternal, disabled: !account.resource.active,
            createdDateTime: vendorDate(milliseconds: account.resource.created),
            updatedDateTime: vendorDate(milliseconds: account.resource.modified), addressType: account.addressType,
            isAlias: alias != nil, source: account.source.rawValue)
    }

    /// The same from a row of an address list; nil where that is nobody's account.
    ///
    /// - Parameter dates: those of the page so far: accounts are made and changed many at a time.
    init?(_ row: AddressRow, _ dates: inout [Int: String]) {
        guard let account = row.account else { return nil }
        func date(_ milliseconds: Int) -> String {
            if let known = dates[milliseconds] { return known }
            let text = vendorDate(milliseconds: milliseconds)
            dates[milliseconds] = text
            return text
        }
        self.init(
            id: row.kind == .alias ? KeyRing.id("alias \(account) \(row.folded)") : account, emailAddress: row.address,
            name: row.listed.name ?? "", domain: row.domain, type: row.isInternal ? "internal" : "external", internal: row.isInternal,
            disabled: !row.listed.isActive, createdDateTime: date(row.listed.created), updatedDateTime: date(row.listed.modified),
            addressType: row.listed.addressType, isAlias: row.kind == .alias, source: row.listed.source.rawValue)
    }
}
