import Mimecast
import MusterStore
import SCIMStore

extension TenantDirectory {
    /// What get-profile says of people without an administrator's role: the field is never null (recorded), the word is our choice.
    static let roleOfOthers = "User"

    /// One account, internal or external, by its address or an alias (that an alias will do is our choice). `id` is the address.
    ///
    /// - Throws: ``ItemFailure`` `err_xdk_operation_forbidden_for_address` for an address that is nobody's (facts).
    func profile(_ key: ProfileKey) throws -> UserProfile {
        let address = try FieldCheck.requiredAddress(key.emailAddress)
        guard let account = try account(address, byAlias: true) else { throw ItemFailure.forbiddenForAddress() }
        var attributes: [String: String] = [:]
        var photo: String?
        for attribute in try self.attributes(of: account) {
            guard let name = attribute.name, let value = attribute.value else { continue }
            // The picture is large and has fields of its own.
            if AttributeEdit.isPhoto(name) { photo = value } else { attributes[name] = value }
        }
        if key.showAvatar != true { photo = nil }
        return UserProfile(
            id: account.address, emailAddress: account.address, name: account.resource.displayName ?? "", role: Self.role(account),
            admin: !account.adminRoles.isEmpty, external: !account.isInternal,
            editable: account.isInternal && account.source == .cloud, localPassword: try hasPassword(account),
            changePassword: account.flags.forcePasswordChange, companyName: facts.company, serverTimeZone: "UTC",
            accountCode: facts.code, attributes: attributes, links: Self.links, avatarCode: photo,
            avatarMimeType: photo.map(Self.mimeType))
    }

    /// The role that permits most, where there are several.
    private static func role(_ account: AccountRecord) -> String {
        let known = AdministratorRole.allCases.first { account.adminRoles.contains($0.rawValue) }
        return known?.rawValue ?? account.adminRoles.first ?? roleOfOthers
    }

    /// The calls that tell more about the person (our choice).
    private static let links: [ProfileLink] = [
        ("self", Endpoints.Portal.profile.description), ("aliases", Endpoints.Portal.aliases.description),
        ("attributes", Endpoints.Portal.attributes.description),
    ].map { ProfileLink(name: $0, method: $1.method.rawValue, uri: $1.path) }

    /// Whether a password is kept here; a directory's people have theirs there.
    private func hasPassword(_ account: AccountRecord) throws -> Bool {
        try tx.first(
            "SELECT 1 FROM sb_accounts WHERE tenant = $1 AND id = $2 AND password IS NOT NULL", [tenant, .text(account.id)]
        ) { _ in true } ?? false
    }

    /// By the first bytes of the picture, which base64 keeps recognisable.
    private static func mimeType(_ base64: String) -> String {
        if base64.hasPrefix("/9j/") { return "image/jpeg" }
        if base64.hasPrefix("iVBORw0KGgo") { return "image/png" }
        if base64.hasPrefix("R0lGOD") { return "image/gif" }
        return "application/octet-stream"
    }
}
