/// The roles of the vendor's console, and the rights that come with them: for a portal application, which has one role, and for an
/// administrator who signs in. The names are the console's; which rights a role has is our choice.
public enum AdministratorRole: String, Codable, Sendable, CaseIterable {
    case superAdministrator = "Super Administrator"
    case fullAdministrator = "Full Administrator"
    case basicAdministrator = "Basic Administrator"
    case helpDesk = "Help Desk Administrator"
    case gateway = "Gateway Administrator"
    case discovery = "Discovery Officer"
    case partner = "Partner Administrator"

    public var scopes: Set<Scope> {
        switch self {
        case .superAdministrator, .fullAdministrator, .partner: Set(Scope.allCases)
        case .basicAdministrator: [.userRead, .userWrite, .accountRead]
        case .helpDesk: [.userRead, .userWrite]
        case .gateway: [.userRead, .accountRead]
        case .discovery: [.userRead]
        }
    }

    /// What several roles permit together.
    public static func scopes(of names: some Sequence<String>) -> Set<Scope> {
        names.reduce(into: []) { $0.formUnion(AdministratorRole(rawValue: $1)?.scopes ?? []) }
    }
}
