import ArgumentParser
import Foundation
import Lifecycle

struct HistoryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "history", abstract: "The past that is kept: what reads showed, and events.", subcommands: [HistoryPrune.self])
}

struct HistoryPrune: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prune", abstract: "Throw away what reads showed, and events, that are older than a time.",
        discussion: """
              muster history prune --older-than 400d

            The read that was in use then is kept, and everything since: show --as-of and graph export --as-of go back to it and say so \
            beyond it. The record (muster audit) is never pruned. With history.keep in muster.yaml every sync does this by itself, once \
            a day's worth has come together:

              history:
                keep: 400d
            """)

    @OptionGroup var global: GlobalOptions
    @Option(help: ArgumentHelp("How old: 400d. Default: history.keep of the configuration.", valueName: "interval"))
    var olderThan: Interval?

    func run() async throws {
        let work = try await Workbench(global)
        guard let age = olderThan ?? work.settings.historyKeep else {
            throw Trouble.usage("It was not said what is too old.", remedy: "Give --older-than 400d, or history.keep in muster.yaml.")
        }
        let code = try await work.code()
        let pruned = try await Self.prune(code, work, age)
        try work.output.document(pruned)
        guard let first = pruned.first, pruned.reads + pruned.versions + pruned.events > 0 else {
            return work.output.line("Nothing of \(code) is that old.")
        }
        work.output.line(
            "\(pruned.reads) reads, \(pruned.versions) versions and \(pruned.events) events of \(code) are gone; what is kept begins at \(first)."
        )
    }

    static func prune(_ code: String, _ work: Workbench, _ age: Interval) async throws -> History.Pruned {
        let now = Int(Date().timeIntervalSince1970)
        return try await History(store: work.store, tenant: code).prune(before: now - age.seconds, now: now, who: work.settings.actor)
    }

    /// What a sync does where the configuration says how long the past is kept.
    static func pruneIfDue(_ code: String, _ work: Workbench) async throws {
        guard let age = work.settings.historyKeep else { return }
        let limit = Int(Date().timeIntervalSince1970) - age.seconds
        if try await History(store: work.store, tenant: code).isDue(before: limit) { _ = try await prune(code, work, age) }
    }
}
