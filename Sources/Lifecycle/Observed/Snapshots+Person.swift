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
        /// What events tell of them, oldest first: the last thousand.
        public var events: [TenantEvent]
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
            let read = try PastRead.find(tenant, by: instant, tx)
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
                account: account, groups: groups, link: link, history: steps, versions: versions,
                events: try EventLog.last(1_000, about: accountKey, tenant: tenant, tx), asOf: (read?.taken).map(Self.time))
        }
    }

    private static let columns = ObservedAccount.columns(of: "o").joined(separator: ", ")

    private static func time(_ seconds: Int) -> String { Date(timeIntervalSince1970: TimeInterval(seconds)).formatted(.iso8601) }
}
