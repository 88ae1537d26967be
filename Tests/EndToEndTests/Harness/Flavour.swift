import Testing

/// The three ways to speak to a tenant.
enum Flavour: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case portal, guide, v1

    /// The flags that choose it where the environment names the credentials.
    var flags: [String] {
        switch self {
        case .portal: []
        case .guide: ["--dialect", "guide"]
        case .v1: ["--generation", "v1"]
        }
    }

    var testDescription: String { rawValue }

    var createPath: String { self == .guide ? "/api/user/create-managed-sender" : "/api/user/create-user" }
    var updatePath: String { self == .guide ? "/api/user/update-managed-sender" : "/api/user/update-user" }
    static let joinPath = "/api/directory/add-group-member"
    static let leavePath = "/api/directory/remove-group-member"

    /// The name of its application's id among the credentials.
    var applicationID: String {
        switch self {
        case .portal: "MIMECAST_CLIENT_ID"
        case .guide: "MIMECAST_GUIDE_CLIENT_ID"
        case .v1: "MIMECAST_APP_ID"
        }
    }
}
