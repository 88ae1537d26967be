import ArgumentParser
import Foundation
import Lifecycle
import Planning

struct UndoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "undo", abstract: "Take back what an apply did, as far as that is possible.",
        discussion: """
            Reads the tenant, turns what was done around, shows it, and applies it through the same guards, approvals and journal. What \
            somebody changed since is reported, not overwritten; an account that was made is disabled, not deleted.

              muster undo r-1a2b3c4d5e --dry-run
              muster undo r-1a2b3c4d5e

            Exit 0: taken back, or nothing was left to take back. 2: something would be (--dry-run). 3: a guard, or an approval is missing. \
            4: partly.
            """)

    @OptionGroup var global: GlobalOptions
    @OptionGroup var application: ApplicationOptions
    @Argument(help: "The receipt that the apply printed, or the id of its plan.") var receipt: String
    @Flag(help: "Show what would be taken back, and keep it as a plan.") var dryRun = false
    @Option(help: ArgumentHelp("Write the plan to a file as well.", valueName: "file")) var out: String?

    func run() async throws {
        let work = try await Workbench(global)
        let applied = try await applied(work)
        let tenant = try await work.tenant(application, like: applied.plan)
        let file = try await Interruption.cancelling { try await plan(applied, tenant, work) }
        if let out { try PlanCommand.write(file, to: out) }
        try await Hand.finish(file, dryRun: dryRun, work, application)
    }

    private func applied(_ work: Workbench) async throws -> StoredPlan {
        let id = receipt.hasPrefix("r-") ? "p-" + receipt.dropFirst(2) : receipt
        if let stored = try await work.plans.find(id: id) { return stored }
        throw Trouble(
            Exit.input, "no-such-receipt", "There is no receipt \(receipt) in \(work.settings.store).",
            remedy: "Give the receipt that muster apply printed; muster audit export shows all of them.")
    }

    private func plan(_ applied: StoredPlan, _ tenant: TenantRecord, _ work: Workbench) async throws -> PlanFile {
        try await work.withClient(tenant) { client in
            let report = try await SyncCommand.sync(tenant, work, client)
            if !report.closed { work.output.note("The read is open; muster sync shows why.") }
            let maker = work.planMaker(client, tenant)
            return try await maker.undo(applied, proposer: work.settings.actor)
        }
    }
}
