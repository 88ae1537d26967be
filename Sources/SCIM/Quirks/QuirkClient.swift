/// Whose requests these are, as far as that is known.
public struct QuirkClient: Sendable, Hashable {
    /// By the setting of the token that came with the request.
    public var setting: IdentityProvider?
    public var userAgent: String?
    /// Whether the RFCs are to be taken by the letter.
    public var isStrict: Bool

    public init(setting: IdentityProvider? = nil, userAgent: String? = nil, isStrict: Bool = false) {
        self.setting = setting
        self.userAgent = userAgent
        self.isStrict = isStrict
    }

    /// By the setting, else by the User-Agent.
    public var provider: IdentityProvider? { setting ?? userAgent.flatMap { IdentityProvider(userAgent: $0) } }
}

/// The identity providers whose ways are known.
public enum IdentityProvider: String, Sendable, Hashable, CaseIterable {
    /// Keeps to what the core takes: the id in the value of the PATCH that renames a group, and `id`, `meta` and `groups` in its PUTs, are
    /// ignored as what is read-only is.
    case okta
    case entra
    /// Sends `application/json`, which everybody may, and attributes as the RFC has them.
    case google
    /// Sends no User-Agent: only a setting tells.
    case oneLogin = "onelogin"

    /// By what each is seen to send: `Okta SCIM Client 1.0.0`, `Microsoft Azure AD SCIM provisioning 1.2.3`, `Google-Auto-Provisioning`.
    public init?(userAgent: String) {
        let text = String(decoding: userAgent.utf8.prefix(200).map(AttributeName.lower), as: UTF8.self)
        if text.contains("okta scim") {
            self = .okta
        } else if text.contains("azure ad") || text.contains("entra id") {
            self = .entra
        } else if text.contains("google-auto-provisioning") {
            self = .google
        } else {
            return nil
        }
    }
}
