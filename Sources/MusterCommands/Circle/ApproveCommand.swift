import ArgumentParser
import Foundation
import Lifecycle
import Planning

struct ApproveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "approve", abstract: "Say yes to one plan, as it is: the approval covers its hash and expires (after four hours).",
        discussion: """
            With --line the word is about those lines alone: what wants an approval and has none stays behind. Of a plan's file the word is \
            written beside it, to PLAN.approvals, as a line of the record that anybody can check: muster audit verify --plan PLAN.

              muster approve monday.plan
              muster approve monday.plan --line 3 --line 5
            """)

    @OptionGroup var global: GlobalOptions
    @Option(name: .customLong("line"), help: ArgumentHelp("A line that it is about; repeat it for several.", valueName: "number"))
    var lines: [Int] = []
    @Argument(help: "The plan: a file or an id.") var plan: String

    func run() async throws {
        let decision = try await Decision(global, plan)
        try await decision.say(.approved, lines)
    }
}

struct RejectCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reject", abstract: "Say no to a plan: it cannot be applied; what is left of a begun one is given up.",
        discussion: "With --line only those lines stay behind, and what rests on them; muster approve PLAN --line takes that back.")

    @OptionGroup var global: GlobalOptions
    @Option(name: .customLong("line"), help: ArgumentHelp("A line that stays behind; repeat it for several.", valueName: "number"))
    var lines: [Int] = []
    @Argument(help: "The plan: a file or an id.") var plan: String

    func run() async throws {
        let decision = try await Decision(global, plan)
        if decision.stored.state == .begun, lines.isEmpty { return try await decision.giveUp() }
        try await decision.say(.rejected, lines)
    }
}

/// A word about a plan.
private struct Decision {
    let work: Workbench
    let name: String
    let stored: StoredPlan

    init(_ global: GlobalOptions, _ plan: String) async throws {
        work = try await Workbench(global)
        name = plan
        stored = try await work.plan(plan)
    }

    func say(_ word: Approval.Decision, _ lines: [Int]) async throws {
        let decided = try await work.approvals.decide(
            stored, word, lines: lines.isEmpty ? nil : Array(Set(lines)), who: work.settings.actor)
        let isKept = keep(decided.evidence)
        try work.output.document(decided.approval)
        let what =
            lines.isEmpty ? stored.file.id : "Line \(Set(lines).sorted().map(String.init).joined(separator: ", ")) of \(stored.file.id)"
        let missing = word == .approved ? try await work.approvals.missing(stored) : []
        let next =
            word == .rejected
            ? ""
            : missing.isEmpty ? " Next: muster apply \(name)" : " It waits for \(missing.map(\.words).joined(separator: "; and for "))."
        work.output.line("\(what) is \(word.rawValue) by \(decided.approval.who).\(next)")
        if isKept { work.output.note("The word is kept beside the plan in \(ApprovalTranscript.path(name)).") }
    }

    func giveUp() async throws {
        let receipt = try await Abandonment(store: work.store, who: work.settings.actor).giveUp(stored)
        try work.output.document(receipt)
        work.output.line("\(stored.file.id) is given up: \(receipt.verified) lines done, \(receipt.failed) not. Next: muster plan")
    }

    /// Adds a line to the file beside the plan's. The store has it in any case: a folder that cannot be written is no reason to fail.
    private func keep(_ line: String) -> Bool {
        guard FileManager.default.fileExists(atPath: name) else { return false }
        let path = ApprovalTranscript.path(name)
        let before = FileManager.default.contents(atPath: path) ?? Data()
        do {
            try PrivateFile.write(before + Data((line + "\n").utf8), to: path)
            return true
        } catch {
            work.output.note("The word could not be written to \(path); muster audit export has it.")
            return false
        }
    }
}
