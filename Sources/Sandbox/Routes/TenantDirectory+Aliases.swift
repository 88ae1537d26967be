import Mimecast
import MusterStore
import SCIMStore

extension TenantDirectory {
    /// So that one answer can hold them all: get-aliases has no pages.
    static let mostAliases = 500

    /// An account's aliases, ascending by address; the account by its address or one of them. External people have none.
    func aliasRows(_ key: AddressKey) throws -> [AliasRow] {
        let address = try FieldCheck.requiredAddress(key.emailAddress)
        guard let account = try account(address, byAlias: true) else { throw ItemFailure.forbiddenForAddress() }
        return try aliases(of: account.id).compactMap { EmailAddress($0) }.map { aliasRow($0, account) }
    }

    /// Gives an account one more address. One that it has already is no change (the call's name is update-alias; our choice); an alias
    /// of somebody else has to be taken from them first.
    func addAlias(_ item: AliasChange) throws -> Written<AliasRow> {
        let (alias, account) = try aliasChange(item)
        guard isInternal(domain: alias.domain) else { throw ItemFailure.forbiddenForAddress("alias") }
        guard alias.folded != account.addressFolded else {
            throw ItemFailure.invalid("alias", "The account's own address cannot be its alias")
        }
        let present = try aliases(of: account.id).compactMap { EmailAddress($0) }
        if let same = present.first(where: { $0 == alias }) {
            return Written(row: aliasRow(same, account), effect: .none, target: account.address)
        }
        guard try !isTaken(alias) else {
            throw ItemFailure(FailureCode.userExists, "The address belongs to an account already", field: "alias")
        }
        guard present.count < Self.mostAliases else {
            throw ItemFailure.invalid("alias", "An account has at most \(Self.mostAliases) aliases")
        }
        try setAliases(of: account, present + [alias])
        try record(.aliasAdded, "Alias \(alias.text) added to user \(account.address)")
        return Written(row: aliasRow(alias, account), effect: .updated, target: account.address)
    }

    /// Takes an address from an account, and answers it as it was.
    func removeAlias(_ item: AliasChange) throws -> Written<AliasRow> {
        let (alias, account) = try aliasChange(item)
        let present = try aliases(of: account.id).compactMap { EmailAddress($0) }
        guard let gone = present.first(where: { $0 == alias }) else {
            throw ItemFailure(FailureCode.aliasNotFound, "The address is no alias of the account", field: "alias")
        }
        try setAliases(of: account, present.filter { $0 != alias })
        try record(.aliasRemoved, "Alias \(gone.text) removed from user \(account.address)")
        return Written(row: aliasRow(gone, account), effect: .updated, target: account.address)
    }

    private func aliasChange(_ item: AliasChange) throws -> (alias: EmailAddress, account: AccountRecord) {
        try FieldCheck.present(("alias", item.alias), ("aliasFor", item.aliasFor))
        let alias = try FieldCheck.requiredAddress(item.alias, "alias")
        let address = try FieldCheck.requiredAddress(item.aliasFor, "aliasFor")
        guard let account = try account(address), account.isInternal else { throw ItemFailure.forbiddenForAddress("aliasFor") }
        guard account.source == .cloud else { throw ItemFailure.directoryManaged("The account") }
        return (alias, account)
    }

    private func setAliases(of account: AccountRecord, _ aliases: [EmailAddress]) throws {
        var counts: [CountKey: Int] = [:]
        _ = try replaceAliases(of: account.id, with: aliases, &counts)
        try addToCounts(counts)
    }

    private func aliasRow(_ alias: EmailAddress, _ account: AccountRecord) -> AliasRow {
        AliasRow(
            domain: alias.domain, isInternal: isInternal(domain: alias.domain), alias: alias.text,
            aliasDisplayName: account.resource.displayName, aliasFor: account.address, type: account.addressType)
    }
}
