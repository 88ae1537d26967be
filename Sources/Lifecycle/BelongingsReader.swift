import Mimecast
import MimecastClient
import Planning

/// Reads what hangs on single accounts: aliases, rights to open mailboxes, a role. For a few, never for everybody.
struct BelongingsReader: Sendable {
    let client: TenantClient

    /// Three calls an address, and one for the tenant.
    ///
    /// - Returns: by folded address; whoever is gone is absent.
    func read(_ addresses: [String], progress: @Sendable (String) -> Void) async throws -> [String: Belongings] {
        guard !addresses.isEmpty else { return [:] }
        let account = client.dialect == .portal ? try await client.account() : nil
        var found: [String: Belongings] = [:]
        for (index, address) in addresses.enumerated() {
            progress("reading what hangs on \(index + 1) of \(addresses.count) accounts")
            do {
                let profile = try await client.profile(of: address)
                found[EmailAddress.key(address)] = Belongings(
                    aliases: try await client.aliases(of: address).map(\.alias), opens: try await opened(by: address),
                    role: profile.admin == true ? profile.role ?? "administrator" : nil, archive: account?.archive,
                    retentionDays: account?.maxRetention)
            } catch let error as ClientError where error.isAboutTheAddress {
                continue
            }
        }
        return found
    }

    /// The role of each, by folded address, a call each; a nil in it is none. Whoever is gone is absent.
    func roles(of addresses: [String], progress: @Sendable (String) -> Void) async throws -> [String: String?] {
        var roles: [String: String?] = [:]
        for (index, address) in addresses.enumerated() {
            progress("reading the roles of \(index + 1) of \(addresses.count) accounts")
            do {
                let profile = try await client.profile(of: address)
                roles.updateValue(profile.admin == true ? profile.role ?? "administrator" : nil, forKey: EmailAddress.key(address))
            } catch let error as ClientError where error.isAboutTheAddress {
                continue
            }
        }
        return roles
    }

    private func opened(by address: String) async throws -> [String] {
        var mailboxes: [String] = []
        for try await page in client.delegates(of: address) { mailboxes += page.items.map(\.emailAddress) }
        return mailboxes
    }

    /// What is not as a line about an alias or a right wants it.
    ///
    /// - Returns: nil for lines about something else; a nil in it where the change is in effect.
    func difference(_ change: Change) async throws -> String?? {
        guard let counterpart = change.counterpart else { return nil }
        switch change.kind {
        case .addAlias, .removeAlias:
            let key = EmailAddress.key(counterpart)
            let has = try await ifThere { try await client.aliases(of: change.account).contains { EmailAddress.key($0.alias) == key } }
            if change.kind == .addAlias { return .some(has == true ? nil : "\(counterpart) is no alias") }
            return .some(has == true ? "\(counterpart) is still an alias" : nil)
        case .addDelegate, .removeDelegate:
            let has = try await ifThere { try await client.right(of: counterpart, toOpen: change.account) != nil }
            if change.kind == .addDelegate { return .some(has == true ? nil : "\(counterpart) may not open the mailbox") }
            return .some(has == true ? "\(counterpart) may still open the mailbox" : nil)
        default: return nil
        }
    }

    /// - Returns: nil where the account is gone.
    private func ifThere(_ body: () async throws -> Bool) async throws -> Bool? {
        do {
            return try await body()
        } catch let error as ClientError where error.isAboutTheAddress {
            return nil
        }
    }
}

extension ClientError {
    /// The call was carried out as far as it could: there is no such address.
    var isAboutTheAddress: Bool {
        let codes = [FailureCode.forbiddenForAddress, FailureCode.addressNotFound]
        return code == .refused && !reasons.isEmpty && reasons.allSatisfy { codes.contains($0.code) }
    }
}

extension Change {
    /// Why a read cannot tell whether a call of unknown outcome was carried out; it is then sent again, which changes nothing where it
    /// was.
    var doubt: String? { kind == .purge || kind == .unpurge ? "no call shows the purge list" : nil }
}
