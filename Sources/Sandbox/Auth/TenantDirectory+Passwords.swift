import Mimecast
import MusterStore

extension TenantDirectory {
    /// nil where none is kept: nobody signs in with that account.
    func password(of account: String) throws -> PasswordHash? {
        let stored = try tx.first(
            "SELECT password FROM sb_accounts WHERE tenant = $1 AND id = $2 AND password IS NOT NULL", [tenant, .text(account)]
        ) { $0.blob(0) }
        return stored.flatMap { PasswordHash(stored: $0) }
    }

    /// Keeps a new account's password, which has signed in nowhere yet.
    func setFirstPassword(_ password: PasswordHash, of account: String) throws {
        try tx.execute(
            "UPDATE sb_accounts SET password = $3 WHERE tenant = $1 AND id = $2", [tenant, .text(account), .blob(password.stored)])
    }

    /// Replaces a password. Whatever was signed in with the old one ends: tokens, bindings, codes (our choice).
    func changePassword(_ password: PasswordHash, of account: AccountRecord) throws {
        try setFirstPassword(password, of: account.id)
        for table in ["sb_tokens", "sb_bindings", "sb_codes"] {
            try tx.execute(
                "DELETE FROM \(table) WHERE account_id = $1 AND application IN (SELECT id FROM sb_applications WHERE tenant = $2)",
                [.text(account.id), tenant])
        }
        try record(.passwordChanged, "Password of \(account.address) changed")
    }
}

/// The password that the credentials file names.
enum AdministratorPassword {
    /// Keeps it, unless the administrator has another one by now, or is gone.
    static func set(_ directory: TenantDirectory, _ password: String) throws {
        guard let id = try missing(directory) else { return }
        try directory.setFirstPassword(PasswordHash(password), of: id)
    }

    /// Gives it to the administrator of a tenant that was made when people had none.
    static func complete(_ store: any Store, tenant: String, _ password: String, now: Int) async throws {
        let isMissing = try await store.read { try missing(TenantDirectory($0, tenant: tenant, actor: { _ in nil }, now: now)) != nil }
        guard isMissing else { return }
        try await store.write(tenant) { try set(TenantDirectory($0, tenant: tenant, actor: { _ in nil }, now: now), password) }
    }

    /// The administrator's id, where no password is kept.
    private static func missing(_ directory: TenantDirectory) throws -> String? {
        guard let address = EmailAddress(directory.facts.adminAddress), let account = try directory.account(address) else { return nil }
        return try directory.password(of: account.id) == nil ? account.id : nil
    }
}
