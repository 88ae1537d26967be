import ArgumentParser
import Foundation
import Lifecycle

struct HooksDeliver: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "deliver", abstract: "Deliver what is due; --follow goes on until Ctrl-C.",
        discussion: """
            Several may run, on several machines: a hook is one's at a time. With --json there is a line for each hook that was tried.

            Exit codes: 0 whatever is due arrived, 4 something did not and is tried again later.
            """)

    @OptionGroup var global: GlobalOptions
    @Flag(help: "Go on: deliver what is seen from now on, too.") var follow = false

    private struct Line: Encodable {
        var tenant: String
        var hook: String
        var delivered: Int
        var failed: Int
        var gone: Bool
        var next: String?
        var note: String?

        init(_ report: LaneReport) {
            tenant = report.tenant
            hook = report.hook
            delivered = report.delivered
            failed = report.failed
            gone = report.isGone
            next = HookDesk.time(report.next)
            note = report.note
        }
    }

    func run() async throws {
        let desk = try await HookDesk(global)
        try await desk.work.withHookDispatcher { try await deliver($0, desk) }
    }

    private func deliver(_ dispatcher: HookDispatcher, _ desk: HookDesk) async throws {
        let output = desk.work.output
        guard follow else {
            let reports = try await Interruption.cancelling { try await dispatcher.deliverDue(tenant: desk.tenant) }
            try await desk.retireSecrets()
            for report in reports { Self.tell(report, output) }
            if reports.isEmpty { output.line("There is nobody to deliver to, or somebody else does.") }
            let standings = try await desk.book.standings()
            if standings.contains(where: { $0.hook.state == .active && ($0.waiting > 0 || $0.failingSince != nil) }) {
                throw ExitCode(Exit.partly)
            }
            return
        }
        output.note("Delivering to the hooks of \(desk.tenant); Ctrl-C ends it.")
        do {
            try await Interruption.cancelling {
                try await dispatcher.run(tenant: desk.tenant, every: desk.work.settings.hooks.every) { Self.tell($0, output) }
            }
        } catch is CancellationError {
            // Asked for. What was under way is sent again, with the same id.
        }
    }

    private static func tell(_ report: LaneReport, _ output: Output) {
        if output.json {
            try? Output.printLine(Line(report))
            return
        }
        var words = "\(report.hook)  \(report.delivered) delivered"
        if report.failed > 0 { words += ", \(report.failed) failed" }
        if let note = report.note { words += "; \(note)" }
        if let next = HookDesk.time(report.next) { words += "; tried next at \(next)" }
        output.line(words)
    }
}
