import Foundation
import Lifecycle
import Mimecast
import MimecastClient
import Planning

/// `muster sync --every`: the loop of one tenant, or of all of them.
struct SyncWatch: Sendable {
    let work: Workbench
    let settings: PollSchedule.Settings
    /// Tenants that are read at once.
    private static let seats = 16

    /// Runs until it is interrupted.
    func run(_ application: ApplicationOptions) async throws {
        try await work.withHookDispatcher { try await run(application, $0) }
    }

    private func run(_ application: ApplicationOptions, _ dispatcher: HookDispatcher) async throws {
        let registry = TenantRegistry(store: work.store)
        let known = try await registry.all()
        guard work.settings.tenant == nil, EnvironmentTenant().code == nil, known.count > 1 else {
            return try await run(try await work.tenant(application), TurnSeats(1), dispatcher, isAlone: true)
        }
        work.output.line("reading \(known.count) tenants: \(known.map(\.code).joined(separator: ", "))")
        let seats = TurnSeats(Self.seats)
        try await PollFleet(
            list: { try await registry.all().map(\.code) },
            run: { code in
                guard let tenant = try await registry.get(code) else { return }
                try await run(tenant, seats, dispatcher, isAlone: false)
            },
            say: { [output = work.output] code, error in
                let trouble = Trouble(error)
                output.note("muster: \(code): \(trouble.message)\n        \(trouble.remedy)")
            }
        ).run()
    }

    /// Troubles of the store that are over by the next read, or that somebody is about to end.
    private static let passing: Set<String> = ["sync-overtaken", "store-locked", "store-disk-full"]

    /// Delivers what is due to those who subscribed to a tenant's events; called after each turn, one call at a time.
    private func deliver(_ tenant: String, _ dispatcher: HookDispatcher) async {
        do {
            for report in try await dispatcher.deliverDue(tenant: tenant) {
                // One that only waits was told of when it failed.
                if let note = report.note, report.failed > 0 || report.isGone { work.output.note("muster: \(report.hook): \(note)") }
            }
        } catch is CancellationError {
            // The next run goes on where this one was.
        } catch {
            let trouble = Trouble(error)
            work.output.note("muster: \(tenant): \(trouble.message)\n        \(trouble.remedy)")
        }
    }

    /// - Parameter isAlone: the only tenant: its lines need no name.
    private func run(_ tenant: TenantRecord, _ seats: TurnSeats, _ dispatcher: HookDispatcher, isAlone: Bool) async throws {
        try await work.withClient(tenant) { client in
            let hands = Poller.Hands(
                read: {
                    try await seats.with {
                        let report = try await SyncCommand.sync(tenant, work, client)
                        await work.remember(client, tenant)
                        return report
                    }
                },
                look: { try await seats.with { try await AuditTail(client: client, store: work.store, tenant: tenant.code).read() } },
                quotas: {
                    let learned = await (client.gate as? AdaptiveGate)?.learned() ?? [:]
                    // A read uses several quotas; the slowest sets the pace.
                    let slowest = learned.filter { $0.key != .audit && $0.key != .siem }.values.map(\.perSecond).min()
                    return (slowest, learned[.audit]?.perSecond)
                },
                deliver: { await deliver(tenant.code, dispatcher) },
                passes: { error in
                    let trouble = Trouble(error)
                    return [Exit.unreachable, Exit.partly].contains(trouble.exit) || Self.passing.contains(trouble.code)
                })
            let poller = Poller(
                store: work.store, tenant: tenant.code, who: work.settings.actor, settings: settings, hands: hands)
            let page = SyncWatchPage(output: work.output, tenant: tenant.code, isAlone: isAlone, asked: settings)
            try await poller.run { await page.show($0) }
        }
    }
}

extension Workbench {
    /// Keeps what the client's limiter learned so far: whoever goes on for days may end without a word.
    func remember(_ client: TenantClient, _ tenant: TenantRecord) async {
        guard let learned = await (client.gate as? AdaptiveGate)?.learned() else { return }
        // Quotas are learned anew where they cannot be kept: that is no reason to fail.
        try? await QuotaMemory(store: store, tenant: tenant).keep(learned)
    }
}
