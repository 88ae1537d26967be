import ArgumentParser
import Lifecycle
import Planning

struct ApproveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "approve", abstract: "Say yes to one plan, as it is: the approval covers its hash and expires after four hours.")

    @OptionGroup var global: GlobalOptions
    @Argument(help: "The plan: a file or an id.") var plan: String

    func run() async throws {
        let work = try await Workbench(global)
        let stored = try await work.plan(plan)
        let approval = try await work.approvals.decide(stored, .approved, who: work.settings.actor)
        try work.output.document(approval)
        work.output.line("\(stored.file.id) is approved by \(approval.who). Next: muster apply \(plan)")
    }
}

struct RejectCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reject", abstract: "Say no to a plan: it cannot be applied; what is left of a begun one is given up.")

    @OptionGroup var global: GlobalOptions
    @Argument(help: "The plan: a file or an id.") var plan: String

    func run() async throws {
        let work = try await Workbench(global)
        let stored = try await work.plan(plan)
        if stored.state == .begun {
            let receipt = try await Abandonment(store: work.store, who: work.settings.actor).giveUp(stored)
            try work.output.document(receipt)
            work.output.line("\(stored.file.id) is given up: \(receipt.verified) lines done, \(receipt.failed) not. Next: muster plan")
            return
        }
        let decision = try await work.approvals.decide(stored, .rejected, who: work.settings.actor)
        try work.output.document(decision)
        work.output.line("\(stored.file.id) is rejected by \(decision.who).")
    }
}
