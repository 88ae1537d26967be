import ArgumentParser
import Foundation
import Lifecycle
import Mimecast
import Planning

struct ShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show a plan (file or id), one person (address), or a tenant (code).",
        discussion: """
            muster show PLAN --line N explains one line: from what to what, why and by which evidence, who may write it, which guards \
            hold it back, whose approval it needs, the calls it makes, and how it is taken back.

            muster show EMAIL has the account through all reads, and with --as-of as it was: 2026-11-27, 2026-11-27T10:00:00Z, or \
            36h for that long ago.
            """)

    @OptionGroup var global: GlobalOptions
    @Argument(help: "PLAN, EMAIL or TENANT.") var what: String
    @Flag(help: "Every line of a plan, not the first few of each kind.") var all = false
    @Option(help: ArgumentHelp("Explain one line of a plan.", valueName: "number")) var line: Int?
    @Option(help: ArgumentHelp("A person as the last read until then showed them.", valueName: "time")) var asOf: PastTime?

    func run() async throws {
        let work = try await Workbench(global)
        let isPlan = FileManager.default.fileExists(atPath: what) || what.hasPrefix("p-")
        guard isPlan || line == nil else { throw ValidationError("--line is for a plan.") }
        guard asOf == nil || !isPlan && what.contains("@") else { throw ValidationError("--as-of is for a person.") }
        if isPlan {
            let stored = try await work.plan(what)
            if let line {
                let explanation = try await LineExplainer(store: work.store, approvals: work.approvals).explain(stored, line: line)
                try work.output.document(explanation)
                LinePage(line: explanation, output: work.output).show()
                return
            }
            let rules = work.approvals.rules
            let decided = try await work.approvals.decisions(stored).all
            let missing = stored.state == .open ? try await work.approvals.missing(stored) : []
            var view = PlanView(stored.file, rules: rules)
            view.approvals = decided
            view.waitsFor = missing
            try work.output.document(view)
            PlanPage(stored.file, work.output, rules: rules, most: all ? .max : 4).show(
                name: what, next: stored.state == .open && (decided.isEmpty || stored.plan.isStopped))
            ApprovalLines(decided, missing: decided.isEmpty ? [] : missing, work.output).show()
            if let receipt = stored.receipt { work.output.line("Applied: \(receipt.done) done, \(receipt.failed) failed.") }
            if stored.state == .begun { work.output.line("Begun and not finished. Next: muster resume \(what)") }
        } else if what.contains("@") {
            try await PersonPage(work: work, address: what, asOf: asOf?.date).show()
        } else {
            try await TenantPage(work: work, code: what).show()
        }
    }
}
