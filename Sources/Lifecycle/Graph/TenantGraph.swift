import Foundation
import Mimecast
import MusterStore
import Planning

/// Something in a tenant: a person, an account, a group, a role, a domain, the tenant itself.
public struct GraphNode: Sendable, Hashable {
    public enum Kind: String, Sendable, CaseIterable {
        case tenant, domain, person, account, group, role
        /// A member of a group that no list shows as an account.
        case address
    }

    public var kind: Kind
    /// What it is known by among its kind.
    public var key: String
    public var label: String
    /// Further facts by name, such as an account's status.
    public var facts: [String: String] = [:]

    /// Unique in the graph.
    public var id: String { "\(kind.rawValue):\(key)" }
}

/// What links two things.
public struct GraphEdge: Sendable, Hashable {
    public enum Kind: String, Sendable, CaseIterable {
        /// A person's account, as a plan found it or a human said.
        case owns
        /// A group's member.
        case memberOf = "member-of"
        /// An administrative role.
        case holds
        /// An account's domain, a domain's tenant.
        case belongsTo = "belongs-to"
    }

    public var kind: Kind
    public var from: String
    public var to: String
}

/// A read of a tenant as a graph, handed over piece by piece out of one consistent view of the store.
public struct TenantGraph: Sendable {
    let store: any Store
    let tenant: String

    public init(store: any Store, tenant: String) {
        self.store = store
        self.tenant = tenant
    }

    /// Hands over all nodes, then all edges, each kind in the order of its keys: equal reads make equal graphs.
    ///
    /// - Parameter instant: what was true then, by the last read that began until then; nil is the last read of all. Links are those of today.
    /// - Throws: ``LifecycleError`` where the tenant was not read yet, or not by then.
    public func walk(
        asOf instant: Date? = nil,
        node: @escaping @Sendable (GraphNode) throws -> Void, edge: @escaping @Sendable (GraphEdge) throws -> Void
    ) async throws {
        try await store.read { [tenant] tx in
            guard let head = try PastRead.find(tenant, by: instant, tx), let facts = try SnapshotStore.facts(tenant, of: head.number, tx)
            else {
                throw SnapshotStore.notRead(tenant)
            }
            let walk = Walk(tx: tx, tenant: tenant, number: head.number, domains: facts.domains.sorted())
            try walk.nodes(node)
            try walk.edges(edge)
        }
    }

    private struct Walk {
        let tx: any Transaction
        let tenant: String
        /// Of the read.
        let number: Int
        let domains: [String]

        private var here: [SQLValue] { [.text(tenant), .int(number)] }
        private var holds: String { ObservedTable.held("o", at: "$2") }

        func nodes(_ node: (GraphNode) throws -> Void) throws {
            try node(GraphNode(kind: .tenant, key: tenant, label: tenant))
            for domain in domains { try node(GraphNode(kind: .domain, key: domain, label: domain)) }
            try tx.each(
                """
                SELECT l.person, min(l.external_id) FROM links l JOIN observed_accounts a
                ON a.tenant = l.tenant AND a.key = l.account AND \(ObservedTable.held("a", at: "$2"))
                WHERE l.tenant = $1 GROUP BY l.person ORDER BY l.person
                """, here
            ) { row in
                var person = GraphNode(kind: .person, key: row.text(0), label: row.text(0))
                person.facts["externalId"] = row.textOrNil(1)
                try node(person)
                return true
            }
            var roles = Set<String>()
            try accounts { key, account in
                var facts = ["source": account.authority.rawValue, "internal": String(account.isInternal)]
                facts["status"] = account.status?.rawValue
                facts["name"] = account.name
                try node(GraphNode(kind: .account, key: key, label: account.address, facts: facts))
                roles.formUnion(account.adminRoles ?? [])
            }
            try tx.each(
                """
                SELECT DISTINCT m.key FROM observed_members m
                LEFT JOIN observed_accounts a ON a.tenant = m.tenant AND a.key = m.key AND \(ObservedTable.held("a", at: "$2"))
                WHERE m.tenant = $1 AND \(ObservedTable.held("m", at: "$2")) AND a.key IS NULL ORDER BY m.key
                """, here
            ) { row in
                try node(GraphNode(kind: .address, key: row.text(0), label: row.text(0)))
                return true
            }
            try tx.each("SELECT o.id, o.name, o.authority FROM observed_groups o WHERE o.tenant = $1 AND \(holds) ORDER BY o.id", here) {
                row in
                try node(GraphNode(kind: .group, key: row.text(0), label: row.text(1), facts: ["source": row.text(2)]))
                return true
            }
            for role in roles.sorted() { try node(GraphNode(kind: .role, key: role, label: role)) }
        }

        func edges(_ edge: (GraphEdge) throws -> Void) throws {
            let known = Set(domains)
            for domain in domains { try edge(GraphEdge(kind: .belongsTo, from: "domain:\(domain)", to: "tenant:\(tenant)")) }
            try tx.each(
                """
                SELECT l.person, l.account FROM links l JOIN observed_accounts a
                ON a.tenant = l.tenant AND a.key = l.account AND \(ObservedTable.held("a", at: "$2"))
                WHERE l.tenant = $1 ORDER BY l.person, l.account
                """, here
            ) { row in
                try edge(GraphEdge(kind: .owns, from: "person:\(row.text(0))", to: "account:\(row.text(1))"))
                return true
            }
            try accounts { key, account in
                if let domain = EmailAddress(account.address)?.domain, known.contains(domain) {
                    try edge(GraphEdge(kind: .belongsTo, from: "account:\(key)", to: "domain:\(domain)"))
                }
                for role in (account.adminRoles ?? []).sorted() {
                    try edge(GraphEdge(kind: .holds, from: "account:\(key)", to: "role:\(role)"))
                }
            }
            try tx.each(
                """
                SELECT m.group_id, m.key, a.key IS NOT NULL FROM observed_members m
                LEFT JOIN observed_accounts a ON a.tenant = m.tenant AND a.key = m.key AND \(ObservedTable.held("a", at: "$2"))
                WHERE m.tenant = $1 AND \(ObservedTable.held("m", at: "$2")) ORDER BY m.group_id, m.key
                """, here
            ) { row in
                let kind = row.bool(2) ? "account" : "address"
                try edge(GraphEdge(kind: .memberOf, from: "\(kind):\(row.text(1))", to: "group:\(row.text(0))"))
                return true
            }
        }

        private func accounts(_ body: (String, Account) throws -> Void) throws {
            let columns = ObservedAccount.columns(of: "o").joined(separator: ", ")
            try tx.each("SELECT o.key, \(columns) FROM observed_accounts o WHERE o.tenant = $1 AND \(holds) ORDER BY o.key", here) { row in
                try body(row.text(0), try ObservedAccount.account(row, at: 1))
                return true
            }
        }
    }
}
