import ArgumentParser
import Foundation
import Lifecycle
import MimecastClient

struct SyncCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sync", abstract: "Read everybody into the store, and print the proof that it was everybody.",
        discussion: """
            A domain is closed when rows, pages and the vendor's own count agree and every group member is in a list. From an open \
            domain nobody is ever removed. Exit 0: closed. Exit 4: open.
            """)

    @OptionGroup var global: GlobalOptions
    @OptionGroup var application: ApplicationOptions
    @Option(help: ArgumentHelp("Read again and again: 30s, 5m, 2h.", valueName: "interval")) var every: Interval?

    func run() async throws {
        try await Interruption.cancelling { try await read() }
    }

    private func read() async throws {
        let work = try await Workbench(global)
        let tenant = try await work.tenant(application)
        guard let every else {
            let report = try await Self.sync(tenant, work)
            try work.output.document(report)
            SyncTable(report, work.output).show()
            if !report.closed { throw ExitCode(Exit.partly) }
            return
        }
        while true {
            do {
                let report = try await Self.sync(tenant, work)
                if work.output.json { try Output.printLine(report) }
                SyncTable(report, work.output).show()
            } catch {
                // A watch that ends because one read failed would end silently: it says so and goes on.
                if Task.isCancelled { throw CancellationError() }
                let trouble = Trouble(error)
                work.output.note("muster: \(trouble.message)\n        \(trouble.remedy)")
                let passes = [Exit.unreachable, Exit.partly].contains(trouble.exit) || Self.passing.contains(trouble.code)
                guard passes else { throw trouble }
            }
            try await Task.sleep(for: every.duration)
        }
    }

    /// Troubles of the store that are over by the next read, or that somebody is about to end.
    private static let passing: Set<String> = ["sync-overtaken", "store-locked", "store-disk-full"]

    private static func sync(_ tenant: TenantRecord, _ work: Workbench) async throws -> SyncReport {
        try await work.withClient(tenant) { try await sync(tenant, work, $0) }
    }

    static func sync(_ tenant: TenantRecord, _ work: Workbench, _ client: TenantClient) async throws -> SyncReport {
        defer { work.output.endProgress() }
        let syncer = Syncer(
            client: client, tenant: tenant.code, store: work.store, who: work.settings.actor,
            seats: work.settings.safety.seats(tenant.code),
            progress: { [output = work.output] in output.progress($0) })
        let report = try await syncer.sync()
        try await HistoryPrune.pruneIfDue(tenant.code, work)
        return report
    }
}

/// A time span as people write it: 30s, 5m, 4h, 2d.
struct Interval: ExpressibleByArgument, Sendable {
    let seconds: Int

    init?(argument: String) {
        let units: [Character: Int] = ["s": 1, "m": 60, "h": 3_600, "d": 86_400]
        guard let unit = argument.last, let factor = units[unit], let count = Int(argument.dropLast()), count > 0, count < 100_000 else {
            return nil
        }
        seconds = count * factor
    }

    var duration: Duration { .seconds(seconds) }
}
