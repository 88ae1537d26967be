/// What a tenant has been provisioned with. The same for every tenant of the sandbox.
struct Package: Sendable {
    let id: String
    let name: String

    /// As the account shows it (recorded form).
    var label: String { "\(name) [\(id)]" }

    static let all = [
        Package(id: "1001", name: "Email Security Cloud Gateway"),
        Package(id: "1014", name: "Directory Services"),
        Package(id: "1090", name: "Scim Provisioning"),
    ]
}
