import ArgumentParser
import Foundation
import Lifecycle
import Planning

struct ApplyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "apply", abstract: "Carry a plan out, journal first, and read it back.",
        discussion: """
            A begun plan goes on where its journal ends; a finished one does nothing. Ctrl-C finishes the call in flight and says how \
            to go on. A guard freezes one direction alone: what it does not hold back goes on with --without.

              muster apply monday.plan --without removals

            Exit 0: all done and read back. 3: a guard or a missing approval; with --without, all else is done and a guard holds the \
            rest back. 4: partly done. 69 and 77: nothing done, the vendor is out of reach or refuses the application. 73: locked, \
            altered or stale.
            """)

    @OptionGroup var global: GlobalOptions
    @OptionGroup var application: ApplicationOptions
    @Option(
        name: .customLong("without"),
        help: ArgumentHelp("Leave lines out: removals, additions or privilege; repeat it for several.", valueName: "direction"))
    var left: [GuardDirection] = []
    @Argument(help: "The plan: a file or an id.") var plan: String

    func run() async throws {
        let work = try await Workbench(global)
        let stored = try await work.plan(plan)
        try await Apply(work: work, application: application, name: plan, left: Set(left)).run(stored)
    }
}

struct ResumeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume", abstract: "Go on with a plan that was begun and not finished: unknown outcomes are read, never repeated.")

    @OptionGroup var global: GlobalOptions
    @OptionGroup var application: ApplicationOptions
    @Argument(help: "The plan, where several are unfinished.") var plan: String?

    func run() async throws {
        let work = try await Workbench(global)
        if let plan {
            try await Apply(work: work, application: application, name: plan).run(try await work.plan(plan))
            return
        }
        let tenant = try await work.tenant(application)
        guard let begun = try await work.plans.list(tenant: tenant.code, state: .begun).first else {
            try work.output.document(NothingToResume())
            work.output.line("Nothing was left unfinished on \(tenant.code).")
            return
        }
        try await Apply(work: work, application: application, name: begun.file.id).run(begun)
    }
}

/// The receipt of a resume that found nothing unfinished.
private struct NothingToResume: Encodable {
    private enum CodingKeys: String, CodingKey { case receipt, done, failed, deferred, verified, calls }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encodeNil(forKey: .receipt)
        for key in [CodingKeys.done, .failed, .deferred, .verified, .calls] { try container.encode(0, forKey: key) }
    }
}

/// What apply and resume share.
struct Apply {
    let work: Workbench
    let application: ApplicationOptions
    let name: String
    /// What is left out.
    var left: Set<GuardDirection> = []

    func run(_ stored: StoredPlan) async throws {
        let tenant = try await work.tenant(application, like: stored.plan)
        if stored.state == .open, !stored.plan.work.isEmpty, !work.output.json, isatty(STDIN_FILENO) == 1 {
            let count = stored.plan.work.count - stored.plan.held(without: left).count
            guard work.output.confirm("Apply \(count) changes to \(tenant.code)?") else {
                throw Trouble(Exit.usage, "not-confirmed", "Nothing was applied.", remedy: "Answer y, or say --yes.")
            }
        }
        let interrupted = Interruption()
        let receipt = try await work.withClient(tenant) { client in
            let applier = Applier(
                client: client, tenant: tenant, scim: work.scim(tenant, client), store: work.store, approvals: work.approvals,
                who: work.settings.actor, isInterrupted: { interrupted.isSet },
                progress: { [output = work.output] step in output.progress("\(step.done) of \(step.of)  \(step.text)") })
            return try await interrupted.whileListening { try await applier.apply(stored, without: left) }
        }
        work.output.endProgress()
        try work.output.document(receipt)
        show(receipt)
        // A finished plan has nothing left to do, however its lines ended.
        if stored.state == .finished { return }
        if receipt.done == 0, let exit = Exit.ofStop(receipt.stopCode) { throw ExitCode(exit) }
        if !receipt.isWhole { throw ExitCode(Exit.partly) }
        if receipt.heldBy != nil { throw ExitCode(Exit.stopped) }
    }

    private func show(_ receipt: Receipt) {
        let output = work.output
        let settled = receipt.settled == 0 ? "" : ", \(receipt.settled) of unknown outcome settled by reading"
        output.line(
            "\(output.paint("\(receipt.done) done", .green)), \(receipt.verified) read back, \(receipt.failed) failed, \(receipt.deferred) left\(settled); \(receipt.calls) calls. Receipt \(receipt.receipt)."
        )
        if let head = receipt.auditHead { output.line(output.paint("record \(head)", .dim)) }
        for failure in receipt.failures {
            output.line(output.paint("failed", .red) + "  \(failure.person): \(failure.reason)")
            if let conflict = failure.conflict {
                let seen = Date(timeIntervalSince1970: TimeInterval(conflict.seen)).formatted(.iso8601)
                output.line(
                    output.paint("        changed by somebody else since \(seen): ", .dim)
                        + "the plan saw \(conflict.expected), now there is \(conflict.found)")
            }
        }
        for notice in receipt.notices ?? [] { output.line("\(output.paint("note", .cyan))  \(notice)") }
        if let held = receipt.held {
            let guards = receipt.heldBy.map { ", held back by \($0.joined(separator: ", "))" } ?? ""
            output.line(
                "\(output.paint("held", .yellow))  \(held) line\(held == 1 ? " was" : "s were") left out\(guards). The next plan shows what is left."
            )
        }
        if let stopped = receipt.stopped {
            output.note("Stopped: \(stopped)\nThe rest is in the journal. Next: muster resume \(name)")
        }
    }
}

extension GuardDirection: ExpressibleByArgument {}
