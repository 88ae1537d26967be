import Mimecast
import MusterStore
import SCIM
import SCIMStore

extension TenantDirectory {
    /// The attributes of one account, internal or external, ascending by name.
    func attributeList(_ key: AddressKey) throws -> AttributeList {
        let address = try FieldCheck.requiredAddress(key.emailAddress)
        guard let account = try account(address, byAlias: true) else { throw ItemFailure.forbiddenForAddress() }
        return AttributeList(emailAddress: account.address, attributes: try attributes(of: account))
    }

    /// Sets attributes of an internal account and takes others away; answers all of them. Those of directory-synced people are the
    /// company's directory's.
    func updateAttributes(_ item: AttributeChange) throws -> Written<AttributeList> {
        try FieldCheck.present(("emailAddress", item.emailAddress), ("attributes", item.attributes))
        let address = try FieldCheck.requiredAddress(item.emailAddress)
        let wanted = item.attributes ?? []
        guard let account = try account(address), account.isInternal else { throw ItemFailure.forbiddenForAddress() }
        guard account.source == .cloud else { throw ItemFailure.directoryManaged("The account") }
        let shown = try shownAttributes(of: account)
        let edit = try AttributeEdit(
            wanted, shown: Dictionary(shown.map { (EmailAddress.fold($0.name), $0.value) }, uniquingKeysWith: { first, _ in first }),
            kept: Dictionary(keptAttributes(of: account).map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first }))
        for name in edit.gone {
            try tx.execute(
                "DELETE FROM sb_attributes WHERE tenant = $1 AND account_id = $2 AND name = $3", [tenant, .text(account.id), .text(name)])
        }
        for (name, value) in edit.set {
            try tx.execute(
                """
                INSERT INTO sb_attributes (tenant, account_id, name, value) VALUES ($1, $2, $3, $4)
                ON CONFLICT (tenant, account_id, name) DO UPDATE SET value = excluded.value
                """, [tenant, .text(account.id), .text(name), .text(value)])
        }
        if !edit.isEmpty { try record(.userChanged, "Attributes of user \(account.address) changed") }
        return Written(
            row: AttributeList(emailAddress: account.address, attributes: try attributes(of: account)),
            effect: edit.isEmpty ? .none : .updated, target: account.address)
    }

    /// What the account's resource says, and what was kept beside it.
    func attributes(of account: AccountRecord) throws -> [Attribute] {
        let all = try shownAttributes(of: account) + keptAttributes(of: account)
        return all.sorted { EmailAddress.fold($0.name) < EmailAddress.fold($1.name) }.map { Attribute(name: $0.name, value: $0.value) }
    }

    /// Department, title and employee number, where there are any (our choice: they are kept with the account, not as attributes).
    private func shownAttributes(of account: AccountRecord) throws -> [(name: String, value: String)] {
        guard let user = try resources.user(account.id) else { return [] }
        let pairs = [
            ("department", user.enterprise?.department), ("employeeNumber", user.enterprise?.employeeNumber), ("title", user.title),
        ]
        return pairs.compactMap { name, value in value.map { (name, $0) } }
    }

    private func keptAttributes(of account: AccountRecord) throws -> [(name: String, value: String)] {
        try tx.all(
            "SELECT name, value FROM sb_attributes WHERE tenant = $1 AND account_id = $2 ORDER BY name", [tenant, .text(account.id)]
        ) { ($0.text(0), $0.text(1)) }
    }
}
