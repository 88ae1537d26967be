import Foundation
import Mimecast
import MusterStore
import Planning

extension Snapshots {
    /// One person's neighbourhood.
    public struct PersonView: Sendable, Codable {
        public struct Step: Sendable, Codable {
            public var plan: String
            public var line: Int
            public var kind: String
            public var state: String
        }

        /// What reads from one to another showed of the account.
        public struct Version: Sendable, Codable {
            /// When the read began that first showed it so, in ISO 8601.
            public var since: String
            /// When the read began that showed it no more, or otherwise.
            public var until: String?
            public var account: Account
        }

        public var account: Account?
        /// Names of the groups.
        public var groups: [String]
        public var link: Link?
        public var history: [Step]
        /// The account through all reads, oldest first.
        public var versions: [Version]
        /// When the read began that account and groups are of, in ISO 8601.
        public var asOf: String?
    }

    /// - Parameters:
    ///   - address: of the account, or of the person in the source. Links are those of today.
    ///   - instant: what was true then: by the last read that began until then; nil is the last read of all.
    /// - Returns: nil where neither that read nor a link knows the address.
    /// - Throws: ``LifecycleError`` where the tenant was not read by then.
    public func person(_ address: String, asOf instant: Date? = nil) async throws -> PersonView? {
        let key = EmailAddress.key(address)
        let steps = try await history(of: key)
        return try await store.read { [tenant] tx in
            let read = try Self.read(tenant, by: instant, tx)
            let link = try LinkTable.all(tenant: tenant, tx).first { $0.account == key || $0.person == key }
            let accountKey = link?.account ?? key
            let there: [SQLValue] = [.text(tenant), .int(read?.number), .text(accountKey)]
            let account = try tx.first(
                "SELECT \(Self.columns) FROM observed_accounts o WHERE o.tenant = $1 AND o.key = $3 AND \(ObservedTable.held("o", at: "$2"))",
                there
            ) { try ObservedAccount.account($0) }
            guard account != nil || link != nil else { return nil }
            let groups = try tx.all(
                """
                SELECT g.name FROM observed_members m JOIN observed_groups g ON g.tenant = m.tenant AND g.id = m.group_id
                WHERE m.tenant = $1 AND m.key = $3 AND \(ObservedTable.held("m", at: "$2")) AND \(ObservedTable.held("g", at: "$2"))
                ORDER BY g.name
                """, there
            ) { $0.text(0) }
            let versions = try tx.all(
                """
                SELECT s.taken, u.taken, \(Self.columns) FROM observed_accounts o
                JOIN snapshots s ON s.tenant = o.tenant AND s.number = o.since AND s.state <> 'reading'
                LEFT JOIN snapshots u ON u.tenant = o.tenant AND u.number = o.until
                WHERE o.tenant = $1 AND o.key = $2 ORDER BY o.since
                """, [.text(tenant), .text(accountKey)]
            ) { row in
                PersonView.Version(
                    since: Self.time(row.int(0)), until: row.intOrNil(1).map(Self.time), account: try ObservedAccount.account(row, at: 2))
            }
            return PersonView(
                account: account, groups: groups, link: link, history: steps, versions: versions, asOf: (read?.taken).map(Self.time))
        }
    }

    private static let columns = ObservedAccount.columns.map { "o." + $0 }.joined(separator: ", ")

    private static func time(_ seconds: Int) -> String { Date(timeIntervalSince1970: TimeInterval(seconds)).formatted(.iso8601) }

    /// The read in use, or the one that was at an instant.
    private static func read(_ tenant: String, by instant: Date?, _ tx: any Transaction) throws -> (number: Int, taken: Int)? {
        let reads = "FROM snapshots WHERE tenant = $1 AND state <> 'reading'"
        guard let instant else {
            return try tx.first("SELECT number, taken \(reads) ORDER BY number DESC", [.text(tenant)]) { ($0.int(0), $0.int(1)) }
        }
        let found = try tx.first(
            "SELECT number, taken \(reads) AND taken <= $2 ORDER BY number DESC",
            [.text(tenant), .int(Int(instant.timeIntervalSince1970))]
        ) { (number: $0.int(0), taken: $0.int(1)) }
        if let found { return found }
        let first = try tx.first("SELECT min(taken) \(reads)", [.text(tenant)]) { $0.intOrNil(0) } ?? nil
        throw LifecycleError(
            .input, "not-read-then", "The tenant \(tenant) had not been read by \(instant.formatted(.iso8601)).",
            remedy: first.map { "It was read first at \(time($0)): name that time or a later one." }
                ?? "Run muster sync first: what was before the first read nobody knows.")
    }
}
