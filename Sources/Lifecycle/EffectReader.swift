import Mimecast
import MimecastClient
import Planning

/// Reads whether changes are in effect: each account and each group once, however many lines ask.
struct EffectReader: Sendable {
    let client: TenantClient

    /// For each line, nil where the change is in effect, else what was found instead.
    func read(_ changes: [Change]) async throws -> [Int: String?] {
        let addresses = Set(changes.filter { $0.groupID == nil }.map(\.addressAfter))
        let accounts = addresses.isEmpty ? [:] : try await client.lookUp(addresses.sorted())
        var members: [String: Set<String>] = [:]
        for group in Set(changes.compactMap(\.groupID)).sorted() {
            var keys = Set<String>()
            for try await page in client.members(ofGroup: group) { keys.formUnion(page.addresses.map { EmailAddress.key($0.address) }) }
            members[group] = keys
        }
        var found: [Int: String?] = [:]
        for change in changes {
            found.updateValue(
                Self.difference(change, account: accounts[EmailAddress.key(change.addressAfter)], members: members), forKey: change.line)
        }
        return found
    }

    /// What is not as the change wants it; nil where all is.
    static func difference(_ change: Change, account: Account?, members: [String: Set<String>]) -> String? {
        let key = EmailAddress.key(change.account)
        switch change.kind {
        case .create, .rename, .update:
            guard let account else { return "no account \(change.addressAfter)" }
            return change.values.flatMap { fieldDifference($0, account) }
        case .enable: return account == nil ? "no account \(change.account)" : account?.status == .active ? nil : "still disabled"
        case .disable: return account == nil || account?.status == .disabled ? nil : "still active"
        case .remove: return account == nil ? nil : "still there"
        case .addMember: return change.groupID.flatMap { members[$0] }?.contains(key) == true ? nil : "not a member"
        case .removeMember: return change.groupID.flatMap { members[$0] }?.contains(key) == true ? "still a member" : nil
        case .blocked, .undecided: return nil
        }
    }

    private static func fieldDifference(_ values: Change.Values, _ account: Account) -> String? {
        func text(_ field: String, _ wanted: String?, _ found: String?) -> String? {
            guard let wanted, let found, wanted != found else { return nil }
            return "\(field) is \(found)"
        }
        func list(_ field: String, _ wanted: [String]?, _ found: [String]?) -> String? {
            guard let wanted, let found, Set(wanted.map(EmailAddress.key)) != Set(found.map(EmailAddress.key)) else { return nil }
            return "\(field) is \(found.sorted().joined(separator: "; "))"
        }
        return text("name", values.name, account.name) ?? text("firstName", values.firstName, account.firstName)
            ?? text("lastName", values.lastName, account.lastName) ?? list("aliases", values.aliases, account.aliases)
            ?? list("adminRoles", values.adminRoles, account.adminRoles)
    }
}

extension Change {
    /// Where the account is found once the change is in effect.
    var addressAfter: String { kind == .rename ? values?.address ?? account : account }
}
