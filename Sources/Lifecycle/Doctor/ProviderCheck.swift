import Mimecast

/// Where people are provisioned from.
public enum IdentityProvider: String, Sendable, CaseIterable {
    case okta, entra, onelogin, google

    var name: String {
        switch self {
        case .okta: "Okta"
        case .entra: "Microsoft Entra ID"
        case .onelogin: "OneLogin"
        case .google: "Google Workspace"
        }
    }
}

/// What the vendor supports of an identity provider (guide; facts, section 6).
enum ProviderCheck {
    private static let keepGroups =
        "Try it with one group before you rely on it, or have Muster keep the groups (a groups column in muster plan --from)."

    static func findings(_ provider: IdentityProvider?, connections: [Connection]) -> [Finding] {
        switch provider {
        case .google?:
            return [
                Finding(
                    .unsupportedProvider, .warning, "The vendor does not officially support SCIM from Google Workspace (--idp google).",
                    remedy: """
                        Sync the directory by a connection of the vendor's, or have Muster write: muster plan --from an export of Google's.
                        """)
            ]
        case .okta?:
            return [
                Finding(
                    .groupPushUnsure, .info, "Okta's page for this vendor lists users alone: its connector names no group push.",
                    remedy: keepGroups)
            ]
        case let provider?:
            return [
                Finding(
                    .groupPushUnsure, .info,
                    "Whether \(provider.name) pushes groups depends on its connector; no public page says it of this one.",
                    remedy: keepGroups)
            ]
        case nil:
            guard let google = connections.first(where: { $0.serverType?.lowercased().contains("google") == true }) else { return [] }
            return [
                Finding(
                    .unsupportedProvider, .info,
                    """
                    The directory connection \(google.named) reads Google Workspace: the vendor syncs from it, and does not support SCIM \
                    from it.
                    """,
                    remedy: "Leave it at the sync; push nothing over SCIM from Google Workspace.")
            ]
        }
    }
}

extension Connection {
    /// By what people know it.
    var named: String { "“\(description.flatMap { $0.isEmpty ? nil : $0 } ?? serverType ?? id)”" }
}
