import ArgumentParser
import Foundation
import Lifecycle
import Planning

/// What all operations by hand share.
struct HandOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Why; kept on the plan and in the record.", valueName: "text")) var reason: String?
    @Flag(help: "Show what would be done, and keep it as a plan.") var dryRun = false
    @Flag(help: "Compare with the last read instead of reading again.") var noSync = false
}

/// An operation by hand: it says what is asked for, and goes the way of all of them.
///
/// Each has the three groups of options itself: the parser hands what stands before the verb (`muster --json users …`) only to groups of
/// the verb's own.
protocol HandVerb: AsyncParsableCommand {
    var global: GlobalOptions { get }
    var application: ApplicationOptions { get }
    var hand: HandOptions { get }
    /// - Throws: `ValidationError` for what is no address.
    func asked() throws -> HandWork
}

extension HandVerb {
    mutating func run() async throws { try await Hand(global, application, hand).carryOut(asked()) }
}

/// Plans what was asked for, shows it, and carries it out where neither a guard nor a missing approval stands in the way.
struct Hand {
    let work: Workbench
    let application: ApplicationOptions
    let options: HandOptions

    init(_ global: GlobalOptions, _ application: ApplicationOptions, _ options: HandOptions) async throws {
        work = try await Workbench(global)
        self.application = application
        self.options = options
    }

    func carryOut(_ asked: HandWork) async throws {
        var asked = asked
        asked.reason = options.reason
        let tenant = try await work.tenant(application)
        let file = try await Interruption.cancelling { [asked] in
            try await work.withClient(tenant) { client in
                if !options.noSync {
                    let report = try await SyncCommand.sync(tenant, work, client)
                    if !report.closed { work.output.note("The read is open; muster sync shows why.") }
                }
                let maker = work.planMaker(client, tenant)
                return try await maker.make(asked, proposer: work.settings.actor)
            }
        }
        try await Self.finish(file, dryRun: options.dryRun, work, application)
    }

    /// Shows a plan that nobody has to compare with a source, and applies it if it may be.
    static func finish(_ file: PlanFile, dryRun: Bool, _ work: Workbench, _ application: ApplicationOptions) async throws {
        let plan = file.plan
        let goesOn = !dryRun && !plan.work.isEmpty && !plan.isStopped && !work.approvals.rules.needsApproval(plan)
        PlanPage(file, work.output, rules: work.approvals.rules).show(name: file.id, next: !goesOn)
        guard goesOn else {
            try work.output.document(PlanView(file, rules: work.approvals.rules))
            if plan.work.isEmpty {
                // What is impossible was asked for, so it is no success.
                if plan.byHand == true, !plan.changes.isEmpty { throw ExitCode(Exit.other) }
                return
            }
            throw ExitCode(dryRun && !plan.isStopped ? Exit.somethingToDo : Exit.stopped)
        }
        guard let stored = try await work.plans.find(hash: file.hash) else {
            throw Trouble(Exit.store, "plan-unknown", "The plan \(file.id) was not kept.", remedy: "Repeat the command.")
        }
        try await Apply(work: work, application: application, name: file.id).run(stored)
    }
}
