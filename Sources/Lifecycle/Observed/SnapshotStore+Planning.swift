import Mimecast
import MusterStore
import Planning

/// The current read, for the planner.
extension SnapshotStore {
    /// Everybody, and every membership.
    func observed() async throws -> ObservedState? {
        try await store.read { [tenant] tx in
            guard let head = try Self.current(tenant, tx), let facts = try Self.facts(tenant, tx) else { return nil }
            // Nobody is in an empty book.
            let found = try SettledLook(tenant: tenant, number: head.number, book: SettledBook()) { _ in false }.find(tx)
            var observed = try Self.observed(head, facts, found, SettledBook(), tenant: tenant, tx)
            try tx.each(
                "SELECT o.group_id, o.key FROM observed_members o WHERE o.tenant = $1 AND \(ObservedTable.holds("o", at: "$2"))",
                [.text(tenant), .int(head.number)]
            ) {
                observed.members[$0.text(0), default: []].insert($0.text(1))
                return true
            }
            return observed
        }
    }

    /// Those who need a look, and no membership yet.
    ///
    /// - Parameters:
    ///   - book: the settled people.
    ///   - mayPass: whether one of them, by place, may be passed over: the source has their record, word for word.
    func unsettled(
        _ book: SettledBook, mayPass: @escaping @Sendable (Int) -> Bool
    ) async throws -> (observed: ObservedState, found: SettledLook.Found)? {
        try await store.read { [tenant] tx in
            guard let head = try Self.current(tenant, tx), let facts = try Self.facts(tenant, tx) else { return nil }
            var found = try SettledLook(tenant: tenant, number: head.number, book: book, mayPass: mayPass).find(tx)
            let observed = try Self.observed(head, facts, found, book, tenant: tenant, tx)
            // They are the planner's now.
            found.accounts = []
            found.rows = []
            return (observed, found)
        }
    }

    /// Folded member addresses of some groups, by group id, as one read showed them.
    func members(of groups: Set<String>, in snapshot: String) async throws -> [String: Set<String>] {
        try await store.read { [tenant] tx in
            let number = try tx.first("SELECT number FROM snapshots WHERE tenant = $1 AND id = $2", [.text(tenant), .text(snapshot)]) {
                $0.int(0)
            }
            var members: [String: Set<String>] = [:]
            for group in groups {
                let keys = try tx.all(
                    """
                    SELECT o.key FROM observed_members o
                    WHERE o.tenant = $1 AND o.group_id = $3 AND \(ObservedTable.held("o", at: "$2"))
                    """, [.text(tenant), .int(number), .text(group)]
                ) { $0.text(0) }
                if !keys.isEmpty { members[group] = Set(keys) }
            }
            return members
        }
    }

    /// One account as a read showed it; nil where it did not, or is not kept any more.
    func account(_ address: String, in snapshot: String) async throws -> Account? {
        try await store.read { [tenant] tx in
            let number = try tx.first("SELECT number FROM snapshots WHERE tenant = $1 AND id = $2", [.text(tenant), .text(snapshot)]) {
                $0.int(0)
            }
            return try tx.first(
                """
                SELECT \(ObservedAccount.columns().joined(separator: ", ")) FROM observed_accounts o
                WHERE o.tenant = $1 AND o.key = $3 AND \(ObservedTable.held("o", at: "$2"))
                """, [.text(tenant), .int(number), .text(EmailAddress.key(address))]
            ) { try ObservedAccount.account($0) }
        }
    }

    private static func observed(
        _ head: Head, _ facts: Facts, _ found: SettledLook.Found, _ book: SettledBook, tenant: String, _ tx: any Transaction
    ) throws -> ObservedState {
        let here: [SQLValue] = [.text(tenant), .int(head.number)]
        let holds = ObservedTable.holds("o", at: "$2")
        var taken = Set<String>()
        try tx.each("SELECT o.key FROM observed_taken o WHERE o.tenant = $1 AND \(holds)", here) { row in
            let key = row.text(0)
            // Somebody settled may have it as an alias: whoever asks for it meets them, and they are read.
            let isSettled = book.mayHave(key) && book.places(ofAlias: key).contains { found.isSettled[Int($0.place)] }
            if !isSettled, !found.aliases.contains(key) { taken.insert(key) }
            return true
        }
        let groups = try tx.all(
            "SELECT o.id, o.name, o.authority FROM observed_groups o WHERE o.tenant = $1 AND \(holds) ORDER BY o.id", here
        ) {
            Group(id: $0.text(0), name: $0.text(1), authority: Authority(rawValue: $0.text(2)) ?? .ldap)
        }
        var observed = ObservedState(
            snapshot: head.id, digest: head.digest, accounts: found.accounts, takenAddresses: taken, groups: groups,
            domains: Set(facts.domains), completeness: facts.completeness, seats: facts.seats)
        observed.rows = found.rows
        observed.settled = found.people
        return observed
    }
}
