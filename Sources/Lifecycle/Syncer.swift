import Foundation
import Mimecast
import MimecastClient
import MusterStore
import Planning

/// What a read found, and what it proves.
public struct SyncReport: Sendable, Hashable, Codable {
    public struct Accounts: Sendable, Hashable, Codable {
        public var `internal`: Int
        /// Nil where no call gives them.
        public var external: Int?

        public init(internal: Int, external: Int?) {
            self.internal = `internal`
            self.external = external
        }

        /// `external` is written also where it is null: the contract names it.
        public func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(`internal`, forKey: .internal)
            try container.encode(external, forKey: .external)
        }
    }

    public var snapshot: String
    public var closed: Bool
    public var accounts: Accounts
    public var domains: [DomainProof]
    public var list: DomainProof?
    public var external: DomainProof?
    public var groups: Int
    public var memberships: Int
    public var calls: Int
    public var seconds: Double
    /// What the vendor's audit log had to say about it; nil where nobody asked.
    public var audit: AuditReport?
}

/// Reads everybody of a tenant into the store, page by page, and proves that it did.
public struct Syncer: Sendable {
    /// How often a part whose proof fails is read before it is left open.
    static let attempts = 3

    let client: TenantClient
    let tenant: String
    let snapshots: SnapshotStore
    let who: String
    let seats: Int?
    let tail: AuditTail?
    let now: @Sendable () -> Date
    let progress: @Sendable (String) -> Void

    /// - Parameters:
    ///   - who: asks for the read; recorded.
    ///   - seats: contracted, where the vendor does not tell; as configured.
    ///   - tail: reads the vendor's audit log before the read becomes current, so that its events can name who made the changes.
    public init(
        client: TenantClient, tenant: String, store: any Store, who: String, seats: Int? = nil, tail: AuditTail? = nil,
        now: @escaping @Sendable () -> Date = { Date() },
        progress: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        self.client = client
        self.tenant = tenant
        snapshots = SnapshotStore(store: store, tenant: tenant)
        self.who = who
        self.seats = seats
        self.tail = tail
        self.now = now
        self.progress = progress
    }

    /// Reads the tenant.
    ///
    /// - Throws: ``LifecycleError`` where the credentials reach another tenant; `ClientError` where the vendor cannot be read at all.
    public func sync() async throws -> SyncReport {
        let started = now()
        let callsBefore = client.calls
        let id = "s-" + UUID().uuidString.lowercased().prefix(8)
        let facts = try await client.tenant()
        guard facts.accountCode == tenant else {
            throw LifecycleError(
                .input, "wrong-tenant", "These credentials belong to the tenant \(facts.accountCode), not to \(tenant).",
                remedy: "Name the tenant \(facts.accountCode), or give the credentials of \(tenant).")
        }
        let domains = try await client.domains()
        var reading = try await snapshots.begin(id, now: Int(started.timeIntervalSince1970))
        var completeness: Completeness
        var internalCount: Int
        if client.capabilities.hasAccountIDs || domains.isEmpty {
            let part = try await read(part: "all domains", into: &reading) { client.internalAccounts(domain: nil) }
            internalCount = part.accounts
            let proofs = domains.map { domain in
                DomainProof(
                    domain: domain, pages: part.proof.pages, rows: part.byDomain[domain] ?? 0, claimed: nil, state: part.proof.state,
                    reason: part.proof.reason)
            }
            completeness = Completeness(domains: proofs, list: part.proof)
        } else {
            var proofs: [DomainProof] = []
            internalCount = 0
            for domain in domains {
                let part = try await read(part: domain, into: &reading) { client.internalAccounts(domain: domain) }
                proofs.append(part.proof)
                internalCount += part.accounts
            }
            completeness = Completeness(domains: proofs)
        }
        var externalCount: Int?
        do {
            let part = try await read(part: "external", into: &reading) { client.externalAccounts() }
            completeness.external = part.proof
            externalCount = part.accounts
        } catch let error as ClientError where error.code == .notFound || error.code == .forbidden {
            // No call gives them: their number stays unknown.
            try await snapshots.clear(part: "external", of: &reading)
        }
        let (unproved, reasons) = try await readGroups(into: &reading)
        completeness = completeness.accounting(forMembersInNoList: try await snapshots.strangers(of: reading))
        completeness = completeness.opened(by: reasons)
        let connections = await ConnectionReader.read(client)
        try Task.checkCancellation()
        // After the last page: whatever the read shows stands in the log by now.
        let audit = try await tail?.read(since: snapshots.lastTaken())
        let report = SyncReport(
            snapshot: id, closed: completeness.isClosed, accounts: .init(internal: internalCount, external: externalCount),
            domains: completeness.domains, list: completeness.list, external: completeness.external, groups: reading.groups.count,
            memberships: reading.members.count, calls: client.calls - callsBefore, seconds: now().timeIntervalSince(started),
            audit: audit)
        try await snapshots.finish(
            reading,
            facts: SnapshotStore.Facts(
                completeness: completeness, domains: domains, seats: facts.seats, contracted: facts.seats ?? seats,
                connections: connections, unproved: unproved), report: report, who: who, at: Int(now().timeIntervalSince1970))
        return report
    }

    private struct Part {
        var proof: DomainProof
        var accounts: Int
        var byDomain: [String: Int]
    }

    /// Reads one list to its end, again where the proof fails: people come and go while one reads.
    private func read(part: String, into reading: inout Reading, _ pages: () -> Pages<AccountPage>) async throws -> Part {
        var best: Part?
        for attempt in 1...Self.attempts {
            if attempt > 1 { try await snapshots.clear(part: part, of: &reading) }
            var result = Part(
                proof: DomainProof(domain: part, pages: 0, rows: 0, claimed: nil, state: .open), accounts: 0, byDomain: [:])
            var claims: [Int?] = []
            var repeated = 0
            var broken: String?
            do {
                repeated = try await snapshots.take(part: part, into: &reading) { add in
                    for try await page in pages() {
                        result.proof.pages += 1
                        result.proof.rows += page.rows
                        result.accounts += page.accounts.count
                        claims.append(page.claimed)
                        for account in page.accounts {
                            result.byDomain[EmailAddress(account.address)?.domain ?? "", default: 0] += 1
                        }
                        let aliases = page.aliasAddresses + page.accounts.flatMap { $0.aliases ?? [] }
                        try await add(
                            Lot(
                                accounts: page.accounts.map(ObservedAccount.init),
                                taken: (aliases + page.systemAddresses).map { ObservedTaken(key: EmailAddress.key($0)) }))
                        progress("\(part): \(result.proof.rows)\(page.claimed.map { " of \($0)" } ?? "") rows")
                    }
                }
            } catch let error as ClientError where error.code == .wrongAnswer {
                broken = error.message
            }
            result.proof = Completeness.judge(
                domain: part, pages: result.proof.pages, rows: result.proof.rows, claims: claims, repeated: repeated)
            if let broken {
                result.proof.state = .open
                result.proof.reason = broken
            }
            result.accounts -= min(repeated, result.accounts)
            best = result
            if result.proof.state == .closed { break }
        }
        reading.accounts.keep()
        reading.taken.keep()
        guard let best else { throw CancellationError() }
        return best
    }

    /// Reads all groups and their members: they witness that nobody is missing from the lists.
    ///
    /// - Returns: what is not whole, a reason each.
    private func readGroups(into reading: inout Reading) async throws -> (UnprovedGroups, reasons: [String]) {
        var groups: [String: Group] = [:]
        var reasons: [String] = []
        var unproved = UnprovedGroups()
        try await snapshots.take(into: &reading) { add in
            let reason = try await proved("the list of groups", { client.groups() }) { page in
                try await add(Lot(groups: page.groups.map(ObservedGroup.init)))
                for group in page.groups { groups[group.id] = group }
                return (page.rows, page.claimed)
            }
            if let reason {
                reasons.append(reason)
                unproved.isListWhole = false
            }
            for (position, group) in groups.values.sorted(by: { ($0.name, $0.id) < ($1.name, $1.id) }).enumerated() {
                progress("group \(position + 1) of \(groups.count): \(group.name)")
                let reason = try await proved("the group \(group.name)", { client.members(ofGroup: group.id) }) { page in
                    let addresses = page.addresses.map(\.address).filter { !$0.isEmpty }
                    try await add(Lot(members: addresses.map { ObservedMember(group: group.id, key: EmailAddress.key($0)) }))
                    return (page.rows, page.claimed)
                }
                if let reason {
                    reasons.append(reason)
                    unproved.groups.insert(group.id)
                }
            }
        }
        return (unproved, reasons)
    }

    /// Reads pages until their rows are as many as the vendor counts, three times at most.
    ///
    /// - Returns: why it is not whole; nil where it is, or where the vendor gives no count.
    private func proved<Page: Sendable>(
        _ what: String, _ pages: () -> Pages<Page>, _ keep: (Page) async throws -> (rows: Int, claimed: Int?)
    ) async throws -> String? {
        var reason: String?
        for _ in 1...Self.attempts {
            var rows = 0
            var claimed: Int?
            do {
                for try await page in pages() {
                    let counted = try await keep(page)
                    rows += counted.rows
                    claimed = counted.claimed ?? claimed
                }
                guard let claimed, claimed != rows else { return nil }
                reason = "\(what) shows \(rows) of \(claimed) rows"
            } catch let error as ClientError where error.code == .wrongAnswer {
                reason = "\(what): \(error.message)"
            }
        }
        return reason
    }
}
