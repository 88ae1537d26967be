import Foundation
import Mimecast
import MimecastClient
import MusterStore
import Planning

/// Carries a plan out, under the tenant's lock, journal first. Begun plans go on where their journal ends.
public struct Applier: Sendable {
    /// How often one run sends a line: again only after a read showed it absent.
    static let attempts = 3
    /// How long a call that was cut off may still be on its way before its effect is read (our choice).
    static let grace = Duration.seconds(1)

    /// How many lines one run carries out at a time; the client's limiter paces their calls (our choice).
    public static let width = 4

    public struct Progress: Sendable {
        public var done: Int
        public var of: Int
        public var text: String
    }

    let client: TenantClient
    let tenant: TenantRecord
    let lane: any WriteLane
    let store: any Store
    let approvals: Approvals
    let who: String
    let width: Int
    let clock: any Clock<Duration>
    let now: @Sendable () -> Date
    let isInterrupted: @Sendable () -> Bool
    let progress: @Sendable (Progress) -> Void

    /// - Parameter scim: for a tenant that is written over SCIM; nil makes one over the network.
    public init(
        client: TenantClient, tenant: TenantRecord, scim: SCIMChannel? = nil, store: any Store, approvals: Approvals, who: String,
        width: Int = Applier.width, clock: any Clock<Duration> = ContinuousClock(), now: @escaping @Sendable () -> Date = { Date() },
        isInterrupted: @escaping @Sendable () -> Bool = { false }, progress: @escaping @Sendable (Progress) -> Void = { _ in }
    ) {
        self.client = client
        self.tenant = tenant
        let api = APILane(client: client)
        lane =
            switch tenant.writes {
            case .api: api
            case .scim: SCIMLane(scim: (scim ?? SCIMChannel(tenant: tenant, client: client)).client, api: api)
            }
        self.store = store
        self.approvals = approvals
        self.who = who
        self.width = max(1, width)
        self.clock = clock
        self.now = now
        self.isInterrupted = isInterrupted
        self.progress = progress
    }

    /// Applies an open plan, goes on with a begun one, does nothing for a finished one.
    ///
    /// - Parameter directions: what is left out of an open plan. A guard that stops those lines alone stops nothing else; a begun plan goes on
    ///   with what it was begun with.
    public func apply(_ plan: StoredPlan, without directions: Set<GuardDirection> = []) async throws -> Receipt {
        if plan.state == .finished, let receipt = plan.receipt { return receipt }
        let admission = Admission(tenant: tenant, store: store, approvals: approvals, now: now)
        _ = try await admission.admit(plan, without: directions)
        let lock = TenantLock(store: store, tenant: tenant.code, now: now)
        let fence = try await lock.acquire(who: who)
        do {
            // What was true before the lock may not be true under it.
            let current = try await PlanStore(store: store).find(hash: plan.file.hash) ?? plan
            let receipt: Receipt
            if current.state == .finished, let finished = current.receipt {
                receipt = finished
            } else {
                let held = try await admission.admit(current, without: directions)
                if current.state != .begun { try await checkFresh(current) }
                receipt = try await run(current, without: held, Journal(store: store, plan: current, fence: fence, who: who, now: now))
            }
            try await lock.release(fence)
            return receipt
        } catch {
            try? await lock.release(fence)
            throw error
        }
    }

    /// A plan that no longer speaks of the tenant as it is must not be begun.
    private func checkFresh(_ plan: StoredPlan) async throws {
        func stale(_ why: String) -> LifecycleError {
            LifecycleError(
                .store, "plan-stale", "The plan \(plan.file.id) has gone stale: \(why).", remedy: "Make a new one with muster plan.")
        }
        guard plan.plan.expires > Int(now().timeIntervalSince1970) else { throw stale("it is older than four hours") }
        let plans = PlanStore(store: store)
        if let other = try await plans.list(tenant: tenant.code, state: .begun).first(where: { $0.file.hash != plan.file.hash }) {
            throw LifecycleError(
                .store, "plan-unfinished", "The plan \(other.file.id) was begun and not finished.",
                remedy: "Finish it with muster resume, or give it up with muster reject \(other.file.id); then plan again.")
        }
        if let other = try await plans.isOvertaken(plan) { throw stale("the plan \(other) has been applied since") }
        guard try await SnapshotStore(store: store, tenant: tenant.code).digest() == plan.plan.snapshotDigest else {
            throw stale("the tenant has been read again since, and is not as the plan saw it")
        }
    }

    private func run(_ plan: StoredPlan, without held: Set<Int>, _ journal: Journal) async throws -> Receipt {
        let callsBefore = client.calls + lane.calls
        try await journal.begin(without: held)
        var run = ApplyRun(changes: plan.plan.work, entries: try await journal.entries())
        run.holders = try await Admission(tenant: tenant, store: store, approvals: approvals, now: now)
            .holders(plan, carrying: Set(run.entries.keys))
        do {
            let failed = run.failed
            try await settleImports(&run, journal)
            try await settle(run.unknown, &run, journal)
            for kind in run.kinds {
                if kind == .create { try await carryOutImports(&run, journal) }
                if kind == .attribute { try await carryOutAttributes(&run, journal) }
                try await carryOut(kind, &run, journal)
            }
            try await verify(&run, journal)
            try await explainFailures(besides: failed, plan, &run)
        } catch let halt as Halt {
            run.stopped = halt.reason
            run.stopCode = halt.code
        }
        let receipt = run.receipt(plan: plan.file, calls: client.calls + lane.calls - callsBefore)
        return receipt.deferred == 0 ? try await journal.finish(receipt) : receipt
    }

    /// Ends the run before its end, with the rest in the journal.
    struct Halt: Error {
        var reason: String
        var code: String

        static let interrupted = Halt(reason: "interrupted", code: "interrupted")

        init(reason: String, code: String) {
            self.reason = reason
            self.code = code
        }

        init(_ error: ClientError) { self.init(reason: error.description, code: error.code.rawValue) }
    }

    /// Settles lines of unknown outcome by reading: in effect is done, absent may be sent again.
    private func settle(_ changes: [Change], _ run: inout ApplyRun, _ journal: Journal) async throws {
        guard !changes.isEmpty else { return }
        try await clock.sleep(for: Self.grace)
        let found = try await reading { try await EffectReader(client: client).read(changes) }
        for change in changes {
            guard var line = run.line(change) else { continue }
            try await settle(change, found[change.line] ?? nil, &line, journal)
            run.take(line)
        }
    }

    /// - Parameter difference: what the read found instead; nil where the change is in effect.
    func settle(_ change: Change, _ difference: String?, _ line: inout ApplyLine, _ journal: Journal) async throws {
        if let difference = difference ?? change.doubt {
            try await journal.takeBack(change.line, note: "read back: \(difference)")
            line.set(.intended, note: difference)
        } else {
            try await journal.answer(change.line, note: "settled by reading")
            line.set(.answered)
        }
        line.settled += 1
    }

    /// Carries out what is left of one kind, several lines at a time.
    ///
    /// What stops one of them lets the others come to their end: a call that is cut off would be one more of unknown outcome.
    private func carryOut(_ kind: Change.Kind, _ run: inout ApplyRun, _ journal: Journal) async throws {
        var waiting = run.changes.filter { $0.kind == kind && run.entries[$0.line]?.state == .intended }[...]
        // Accounts may change names with one another: who is first is then not the same.
        let width = kind == .rename ? 1 : width
        var stopped: (any Error)?
        try await withThrowingTaskGroup(of: (ApplyLine, (any Error)?).self) { group in
            var flying = 0
            while true {
                while flying < width, stopped == nil, let change = waiting.first {
                    guard !isInterrupted() else {
                        stopped = Halt.interrupted
                        break
                    }
                    waiting = waiting.dropFirst()
                    guard var line = run.line(change) else { continue }
                    if let failed = run.failedFoundation(of: change) {
                        let note = "not sent, since line \(failed.line) (\(failed.kind.rawValue)) failed"
                        try await journal.fail(change.line, note: note)
                        line.set(.failed, note: note)
                        run.take(line)
                        continue
                    }
                    flying += 1
                    group.addTask { [line] in
                        var line = line
                        do {
                            try await carryOut(change, &line, journal)
                            return (line, nil)
                        } catch {
                            return (line, error)
                        }
                    }
                }
                guard let (line, error) = try await group.next() else { break }
                flying -= 1
                run.take(line)
                stopped = stopped ?? error
                progress(Progress(done: run.doneCount, of: run.changes.count, text: line.person))
            }
        }
        if let stopped { throw stopped }
    }

    private func carryOut(_ change: Change, _ line: inout ApplyLine, _ journal: Journal) async throws {
        while line.entry.state == .intended {
            guard line.sends < Self.attempts else {
                let note = "sent \(Self.attempts) times without effect"
                try await journal.fail(change.line, note: note)
                line.set(.failed, note: note)
                return
            }
            if let conflict = try await overtaken(change, journal.plan) {
                let note = "not sent, since somebody else has changed the account"
                try await journal.fail(change.line, note: note)
                line.set(.failed, note: note)
                line.conflict = conflict
                return
            }
            try await journal.send(change.line)
            line.send()
            do {
                try await lane.carryOut(change)
                try await journal.answer(change.line)
                line.set(.answered)
            } catch let error as ClientError where error.outcomeUnknown {
                try await clock.sleep(for: Self.grace)
                let found = try await reading { try await EffectReader(client: client).read([change]) }
                try await settle(change, found[change.line] ?? nil, &line, journal)
            } catch let error as ClientError {
                guard error.code == .refused || error.code == .notFound else {
                    // Nothing was carried out: the line waits, and so do those behind it.
                    try await journal.takeBack(change.line, note: "not carried out")
                    line.set(.intended)
                    throw Halt(error)
                }
                if line.entry.attempts > 1, try await isInEffect(change) {
                    // "Already there", or gone: the call before, whose outcome nobody knew, came through after it was read.
                    try await journal.answer(change.line, note: "settled by reading")
                    line.settled += 1
                    line.set(.answered)
                    continue
                }
                try await journal.fail(change.line, note: error.message, error)
                line.set(.failed, note: error.message)
            }
        }
    }

    private func isInEffect(_ change: Change) async throws -> Bool {
        // Whoever is not there any more was purged; of whoever is, a refusal is a refusal.
        if change.kind == .purge { return try await reading { try await client.lookUp([change.account]).isEmpty } }
        let found = try await reading { try await EffectReader(client: client).read([change]) }
        return (found[change.line] ?? nil) == nil
    }

    /// Reads everything back that was answered, each account and group once.
    private func verify(_ run: inout ApplyRun, _ journal: Journal) async throws {
        let answered = run.changes.filter { run.entries[$0.line]?.state == .answered }
        guard !answered.isEmpty else { return }
        progress(Progress(done: run.doneCount, of: run.changes.count, text: "reading back"))
        let lists = try await SnapshotStore(store: store, tenant: tenant.code).report()
        var found = try await reading { try await EffectReader(client: client, lists: lists).read(answered) }
        let different = answered.filter { (found[$0.line] ?? nil) != nil }
        if !different.isEmpty {
            // A read may lag behind a write: what differs is looked at once more.
            try await clock.sleep(for: Self.grace)
            let again = try await reading { try await EffectReader(client: client).read(different) }
            found.merge(again) { _, new in new }
        }
        var good: [Change] = []
        for change in answered {
            if let difference = found[change.line] ?? nil {
                let note = "\(Journal.Doubt.answered), but read back: \(difference)"
                try await journal.fail(change.line, note: note)
                run.set(change.line, .failed, note: note)
            } else {
                good.append(change)
            }
        }
        if let notice = silentBreakage(answered, good: Set(good.map(\.line))) { run.notices.append(notice) }
        try await journal.verify(good)
        for change in good { run.set(change.line, .verified) }
    }

    /// Looks whether lines failed in this run because somebody else was there first.
    private func explainFailures(besides earlier: Set<Int>, _ plan: StoredPlan, _ run: inout ApplyRun) async throws {
        let failed = run.failed.subtracting(earlier)
        guard !failed.isEmpty else { return }
        let seen = try await SnapshotStore(store: store, tenant: tenant.code).taken(plan.plan.snapshot) ?? plan.plan.created
        let open = run.changes.filter { failed.contains($0.line) && run.conflicts[$0.line] == nil }
        run.conflicts.merge(await ConflictReader(client: client).read(open, seen: seen)) { known, _ in known }
    }

    /// Where SCIM answered every line as done and none is in effect: it does that when single sign-on breaks (guide: "can silently break
    /// provisioning without surfacing an explicit SCIM error").
    private func silentBreakage(_ answered: [Change], good: Set<Int>) -> String? {
        guard tenant.writes == .scim else { return nil }
        let overSCIM = answered.filter(\.goesOverSCIM)
        guard !overSCIM.isEmpty, !overSCIM.contains(where: { good.contains($0.line) }) else { return nil }
        return """
            SCIM answered \(overSCIM.count == 1 ? "the line" : "all \(overSCIM.count) lines") as done and nothing took effect: so it does when \
            single sign-on is broken or has run out (sso-degraded). muster doctor --canary ADDRESS proves it; renew single sign-on, or \
            write by the API (--writes api), then plan again.
            """
    }

    /// A read that fails ends the run; what was sent stays unknown until the next one.
    func reading<T>(_ body: () async throws -> T) async throws -> T {
        do {
            return try await body()
        } catch let error as ClientError {
            throw Halt(error)
        }
    }
}
