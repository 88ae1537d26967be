import Mimecast

/// Who does something to a tenant, for its audit record.
struct Actor: Codable, Sendable, Hashable {
    /// An administrator's address; of an application that acts for itself, the address of the tenant's administrator.
    var user: String
    /// The application's id, or what else it is ("Administration Console", "Directory Sync").
    var application: String
    /// Where the call came from.
    var ip: String
    /// What a person who signed in may do, and so may give to others; nil is everything.
    var rights: Set<Scope>?

    /// The sandbox itself, by its own clock: syncs, purges, imports that become due.
    static func service(_ name: String) -> Actor { Actor(user: "Mimecast", application: name, ip: "127.0.0.1") }
    /// Somebody in the administration console, played by the control API.
    static func console(_ facts: TenantFacts) -> Actor {
        Actor(user: facts.adminAddress, application: "Administration Console", ip: "127.0.0.1")
    }
}
