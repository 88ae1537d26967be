import ArgumentParser
import Foundation
import Lifecycle
import MimecastClient
import Planning

struct SyncCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sync", abstract: "Read everybody into the store, and print the proof that it was everybody.",
        discussion: """
            A domain is closed when rows, pages and the vendor's own count agree and every group member is in a list. From an open \
            domain nobody is ever removed. Exit 0: closed. Exit 4: open.

            With --every it goes on until it is interrupted: everybody is read at that interval, and at once when the vendor's audit log, \
            which it looks into more often, shows that people or groups changed. It uses a share of the quota that it learns, \
            and says how fresh that keeps what is known. Without --tenant every tenant of the store is read; one that fails holds up no other.

              muster sync                                once
              muster sync --every 5m                     and again
              muster sync --every 1h --look 30s          people hourly, the audit log twice a minute
              muster sync --every 1m --share 50          with half of the quota
            """)

    @OptionGroup var global: GlobalOptions
    @OptionGroup var application: ApplicationOptions
    @Option(help: ArgumentHelp("Read again and again: 30s, 5m, 2h.", valueName: "interval")) var every: Interval?
    @Option(help: ArgumentHelp("With --every: look into the vendor's audit log this often.", valueName: "interval")) var look: Interval =
        .minute
    @Option(help: ArgumentHelp("With --every: the part of the learned quota to use at most.", valueName: "percent")) var share = 20

    func validate() throws {
        guard (1...100).contains(share) else { throw ValidationError("--share is a number of percent from 1 to 100.") }
    }

    func run() async throws {
        try await Interruption.cancelling { try await read() }
    }

    private func read() async throws {
        let work = try await Workbench(global)
        if let every {
            let settings = PollSchedule.Settings(read: Double(every.seconds), look: Double(look.seconds), share: Double(share) / 100)
            return try await SyncWatch(work: work, settings: settings).run(application)
        }
        let tenant = try await work.tenant(application)
        let report = try await Self.sync(tenant, work)
        try work.output.document(report)
        SyncTable(report, work.output).show()
        if !report.closed { throw ExitCode(Exit.partly) }
    }

    private static func sync(_ tenant: TenantRecord, _ work: Workbench) async throws -> SyncReport {
        try await work.withClient(tenant) { try await sync(tenant, work, $0) }
    }

    static func sync(_ tenant: TenantRecord, _ work: Workbench, _ client: TenantClient) async throws -> SyncReport {
        defer { work.output.endProgress() }
        let syncer = Syncer(
            client: client, tenant: tenant.code, store: work.store, who: work.settings.actor,
            seats: work.settings.safety.seats(tenant.code), tail: AuditTail(client: client, store: work.store, tenant: tenant.code),
            progress: { [output = work.output] in output.progress($0) })
        let report = try await syncer.sync()
        if let remark = report.audit?.remark(tenant.code) { work.output.note("muster: \(remark)") }
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

    private init(seconds: Int) { self.seconds = seconds }

    static let minute = Interval(seconds: 60)

    var defaultValueDescription: String { seconds % 60 == 0 ? "\(seconds / 60)m" : "\(seconds)s" }
    var duration: Duration { .seconds(seconds) }
}
