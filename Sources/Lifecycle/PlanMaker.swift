import Foundation
import Mimecast
import MimecastClient
import MusterStore
import Planning

/// Makes a plan: the tenant as read, the source as parsed, the links as stored.
public struct PlanMaker: Sendable {
    let client: TenantClient
    let tenant: TenantRecord
    let store: any Store
    let protection: Protection
    let limits: GuardLimits
    let seats: Int?
    let hysteresis: Hysteresis?
    let removal: RemovalPolicy
    /// Whether everybody's attributes are compared, also where what the source wants was seen in effect before.
    public var readsAllAttributes = false
    let progress: @Sendable (String) -> Void
    let now: @Sendable () -> Date

    /// - Parameters:
    ///   - protected: folded addresses that are never removed.
    ///   - patterns: such addresses with stars in them.
    ///   - limits: as configured.
    ///   - seats: contracted, where the vendor does not tell; as configured.
    ///   - hysteresis: when what flips back and forth waits; nil is never.
    ///   - removal: when disabled accounts may go for good.
    ///   - progress: what is being read, in a few words.
    public init(
        client: TenantClient, tenant: TenantRecord, store: any Store, protected: Set<String>, patterns: [AddressPattern] = [],
        limits: GuardLimits = GuardLimits(), seats: Int? = nil, hysteresis: Hysteresis? = .standard,
        removal: RemovalPolicy = RemovalPolicy(), now: @escaping @Sendable () -> Date = { Date() },
        progress: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        self.removal = removal
        self.progress = progress
        self.client = client
        self.tenant = tenant
        self.store = store
        protection = Protection(addresses: protected, patterns: patterns)
        self.limits = limits
        self.seats = seats
        self.hysteresis = hysteresis
        self.now = now
    }

    /// What a plan is made from. People are named by their place in the book.
    public struct Source: Sendable {
        /// By which records were passed over when the source was read (``settledBook(_:store:)``).
        public var book: SettledBook
        /// Whether the source has somebody's record, and it was passed over.
        public var hasPassedOver: @Sendable (_ place: Int) -> Bool
        /// The desired state, given the tenant's folded domains, without the people of some records that were passed over.
        public var desired: @Sendable (_ domains: Set<String>, _ isSettled: (Int) -> Bool) throws -> DesiredState

        public init(
            book: SettledBook, hasPassedOver: @escaping @Sendable (_ place: Int) -> Bool,
            desired: @escaping @Sendable (_ domains: Set<String>, _ isSettled: (Int) -> Bool) throws -> DesiredState
        ) {
            self.book = book
            self.hasPassedOver = hasPassedOver
            self.desired = desired
        }
    }

    /// Those whose records need not be read, since an earlier plan found them in line.
    public static func settledBook(_ tenant: TenantRecord, store: any Store) async throws -> SettledBook {
        let (code, basis) = (tenant.code, SettledPeople.basis(tenant.generation, tenant.dialect))
        return try await store.read { try SettledTable.book(basis: basis, tenant: code, $0) }
    }

    /// Compares and saves.
    ///
    /// - Parameter proposer: who asks.
    public func make(proposer: String, source: Source) async throws -> PlanFile {
        var (seen, desired) = try await look(source)
        let instant = now()
        let remembered = try await remembered()
        seen.observed.members = try await snapshots.members(
            of: desired.groupsThatMatter(seen.observed.groups).union(remembered.groups), in: seen.observed.snapshot)
        var input = Planner.Input(
            tenant: tenant.code, generation: tenant.generation, dialect: tenant.dialect, desired: desired,
            observed: seen.observed, links: seen.found.links, managedGroups: remembered.groups,
            protected: protection.addresses(in: seen.observed, people: desired.people),
            guards: try await guards(remembered), now: instant, secondsPerCall: try await secondsPerCall())
        input.mayImport = tenant.writes == .api
        input.overSCIM = tenant.writes == .scim
        input.quotas = try await quotas()
        input.applied = remembered.applied
        input.hysteresis = hysteresis
        input.removal = removal
        input.retired = try await retired()
        var planner = Planner(input)
        try await readStates(&input, &planner)
        try await readBelongings(&input, &planner)
        try await readRoles(&input, &planner)
        try await readAttributes(&input, &planner)
        let plan = planner.plan()
        let file = try PlanFile(plan)
        try await PlanStore(store: store).save(
            file, proposer: proposer, links: planner.correlation.links,
            settled: SettledTable.News(
                book: source.book, isSettled: seen.found.isSettled, settlements: planner.settlements(of: plan), basis: basis,
                lookedAt: seen.found.lookedAt),
            groups: planner.groupsSpokenOf)
        try await keepFindings(planner)
        return file
    }

    /// Compares everybody and saves.
    ///
    /// - Parameters:
    ///   - desired: makes the desired state, given the tenant's folded domains.
    ///   - proposer: who asks.
    public func make(proposer: String, desired: @escaping @Sendable (Set<String>) throws -> DesiredState) async throws -> PlanFile {
        try await make(
            proposer: proposer, source: Source(book: SettledBook(), hasPassedOver: { _ in false }) { domains, _ in try desired(domains) })
    }

    /// Reads whoever needs a look, and those who have to do with them.
    private func look(_ source: Source) async throws -> (Seen, DesiredState) {
        var met = Set<Int>()
        // Each round looks at more people; a few make sense, and where these do not end it, everybody is looked at.
        for _ in 0..<4 {
            let seen = try await unsettled(source.book) { [met] in source.hasPassedOver($0) && !met.contains($0) }
            let desired = try source.desired(seen.observed.domains) { seen.found.isSettled[$0] }
            let more = try await self.met(source.book, seen, desired)
            if more.isEmpty { return (seen, desired) }
            met.formUnion(more)
        }
        let seen = try await unsettled(source.book) { _ in false }
        return (seen, try source.desired(seen.observed.domains) { _ in false })
    }

    private typealias Seen = (observed: ObservedState, found: SettledLook.Found)

    private func unsettled(_ book: SettledBook, mayPass: @escaping @Sendable (Int) -> Bool) async throws -> Seen {
        let seen = try await snapshots.unsettled(book, mayPass: mayPass)
        return (try usable(seen?.observed), seen?.found ?? SettledLook.Found())
    }

    private func met(_ book: SettledBook, _ seen: Seen, _ desired: DesiredState) async throws -> Set<Int> {
        let code = tenant.code
        return try await store.read {
            try SettledLook.met(
                book, seen.found, desired, accounts: seen.observed.accounts, domains: seen.observed.domains, tenant: code, $0)
        }
    }

    private var basis: Int { SettledPeople.basis(tenant.generation, tenant.dialect) }

    private var snapshots: SnapshotStore { SnapshotStore(store: store, tenant: tenant.code) }

    /// Asks for the states that no list shows and the plan depends on.
    private func readStates(_ input: inout Planner.Input, _ planner: inout Planner) async throws {
        let unread = planner.statesToRead
        // Where the source shrank, the plan is stopped whatever the states are: hundreds of calls would tell nothing.
        let shrank = !unread.isEmpty && planner.plan().isSourceShrunk
        if !unread.isEmpty, !shrank {
            if tenant.allowWrites {
                progress("reading the states of \(unread.count) accounts")
                input.states = try await client.lookUp(unread).compactMapValues(\.status)
            } else {
                // This dialect tells a state only in answer to an update call, which a read-only tenant never sends.
                input.desired.notices.append(
                    "\(unread.count) states were not read, since the tenant is read-only; the plan takes them for active.")
            }
            planner = Planner(input)
        }
    }

    /// Asks what hangs on the accounts that may go for good.
    private func readBelongings(_ input: inout Planner.Input, _ planner: inout Planner) async throws {
        let unread = planner.belongingsToRead
        guard !unread.isEmpty else { return }
        input.belongings = try await BelongingsReader(client: client).read(unread, progress: progress)
        planner = Planner(input)
    }

    /// Asks for the roles that only profiles show, of those whose roles the source names.
    private func readRoles(_ input: inout Planner.Input, _ planner: inout Planner) async throws {
        let unread = planner.rolesToRead
        guard !unread.isEmpty else { return }
        do {
            input.roles = try await BelongingsReader(client: client).roles(of: unread, progress: progress)
        } catch let error as ClientError where [.forbidden, .refused, .notFound].contains(error.code) {
            input.desired.notices.append("Roles were not compared: \(error.message)")
            return
        }
        planner = Planner(input)
    }

    private func retired() async throws -> [RetiredAccount] {
        let code = tenant.code
        return try await store.read { try RetiredTable.all(tenant: code, $0) }
    }

    /// Plans what somebody asks for by hand.
    ///
    /// - Parameter proposer: who asks.
    public func make(_ work: HandWork, proposer: String) async throws -> PlanFile {
        let (instant, observed) = (now(), try await observed())
        let ids = try work.check(observed)
        let reason = work.reason.map { "asked for by \(proposer): \($0)" } ?? "asked for by \(proposer)"
        var input = Planner.Input(
            tenant: tenant.code, generation: tenant.generation, dialect: tenant.dialect,
            desired: DesiredState(people: work.people, source: "by hand", digest: ""), observed: observed, links: work.links(observed),
            managedGroups: ids, protected: protection.addresses(in: observed, people: work.people),
            guards: try await guards(try await remembered()), now: instant,
            secondsPerCall: try await secondsPerCall())
        input.isByHand = true
        input.overSCIM = tenant.writes == .scim
        input.quotas = try await quotas()
        input.deletions = work.deletions
        input.asks = work.asks
        input.removal = removal
        input.retired = try await retired()
        var planner = Planner(input)
        try await readStates(&input, &planner)
        try await readBelongings(&input, &planner)
        try await readAttributes(&input, &planner)
        var plan = planner.plan()
        for index in plan.changes.indices where plan.changes[index].kind.isWork { plan.changes[index].reason = reason }
        let file = try PlanFile(plan)
        try await PlanStore(store: store).save(file, proposer: proposer, links: [], groups: [])
        return file
    }

    /// Takes back what an apply did, as far as that is possible: compares what it left with the tenant as read, and saves the plan.
    ///
    /// - Parameter applied: the plan that was applied, to its end or until it was given up.
    public func undo(_ applied: StoredPlan, proposer: String) async throws -> PlanFile {
        guard applied.state == .finished, let receipt = applied.receipt else {
            let isBegun = applied.state == .begun
            throw LifecycleError(
                .store, isBegun ? "plan-unfinished" : "plan-not-applied",
                "The plan \(applied.file.id) was \(isBegun ? "begun and not finished" : "never applied").",
                remedy: isBegun
                    ? "Finish it with muster resume, or give it up with muster reject \(applied.file.id); then undo it."
                    : "There is nothing to take back.")
        }
        let (instant, observed, id) = (now(), try await observed(), applied.file.id)
        let lines = try await store.read { tx in
            Set(try tx.all("SELECT line FROM journal WHERE plan = $1 AND state = 'verified'", [.text(id)]) { $0.int(0) })
        }
        var planner = UndoPlanner(plan: applied.plan, lines: lines, observed: observed, protected: protection.addresses(in: observed))
        let unread = planner.statesToRead
        if !unread.isEmpty, tenant.allowWrites { planner.states = try await client.lookUp(unread).compactMapValues(\.status) }
        planner.attributes = try await AttributeReader(client: client).read(planner.attributesToRead, progress: progress)
        let file = try PlanFile(
            try planner.plan(
                receipt: receipt.receipt,
                guards: try await guards(try await remembered()),
                now: instant, pace: Pace(secondsPerCall: try await secondsPerCall(), quotas: try await quotas()),
                overSCIM: tenant.writes == .scim))
        try await PlanStore(store: store).save(file, proposer: proposer, links: [], groups: [])
        return file
    }

    /// The last read, which has to be true still.
    private func observed() async throws -> ObservedState { try usable(try await snapshots.observed()) }

    private func usable(_ read: ObservedState?) throws -> ObservedState {
        guard var observed = read else {
            throw LifecycleError(
                .input, "no-snapshot", "The tenant \(tenant.code) has not been read yet.",
                remedy: "Run muster sync first, or leave --no-sync out.")
        }
        guard !observed.digest.isEmpty else {
            throw LifecycleError(
                .input, "snapshot-outdated", "Muster has changed \(tenant.code) since it was read.",
                remedy: "Leave --no-sync out, so that it is read again.")
        }
        observed.seats = observed.seats ?? seats
        return observed
    }

    private func guards(_ remembered: Remembered) async throws -> GuardContext {
        try await GuardLedger(store: store, tenant: tenant.code, limits: limits, now: now)
            .context(lastAccepted: remembered.lastAccepted, lastPolicy: remembered.lastPolicy)
    }

    /// At the pace of the last read.
    private func secondsPerCall() async throws -> Double {
        let report = try await snapshots.report()
        return report.map { $0.calls > 0 ? $0.seconds / Double($0.calls) : 0 } ?? 0
    }

    /// As they were learned, by this run's read, too.
    private func quotas() async throws -> [EndpointDescription.Category: Double] {
        try await QuotaMemory(store: store, tenant: tenant, now: now).recall().mapValues(\.quota.perSecond)
    }

    private struct Remembered: Sendable {
        var groups: Set<String>
        var lastAccepted: Int?
        var lastPolicy: String?
        var applied: [AppliedValue]
    }

    private func remembered() async throws -> Remembered {
        let code = tenant.code
        let (hysteresis, instant) = (hysteresis, Int(now().timeIntervalSince1970))
        return try await store.read { tx in
            let accepted = try tx.first("SELECT people, policy FROM accepted_sources WHERE tenant = $1", [.text(code)]) {
                ($0.int(0), $0.textOrNil(1))
            }
            return Remembered(
                groups: Set(try tx.all("SELECT group_id FROM managed_groups WHERE tenant = $1", [.text(code)]) { $0.text(0) }),
                lastAccepted: accepted?.0, lastPolicy: accepted?.1,
                applied: try hysteresis.map { try AppliedValues.since(instant - $0.span, tenant: code, tx) } ?? [])
        }
    }
}
