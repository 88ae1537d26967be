import ArgumentParser
import Foundation
import Lifecycle
import Planning

struct GuardsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "guards", abstract: "The limits that stop a plan, and raising one for a while.",
        subcommands: [GuardsList.self, GuardsRaise.self])
}

struct GuardsList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "The guards, and which are raised.")

    @OptionGroup var global: GlobalOptions
    @OptionGroup var application: ApplicationOptions

    private struct Row: Encodable {
        var name: String
        var standard: String
        var raised: GuardOverride?
    }

    func run() async throws {
        let work = try await Workbench(global)
        let tenant = try await work.tenant(application)
        let raised = try await GuardOverrides(store: work.store, tenant: tenant.code).standing()
        let rows = GuardName.allCases.map { name in
            Row(name: name.rawValue, standard: name.standard(GuardLimits()), raised: raised.first { $0.name == name.rawValue })
        }
        try work.output.document(["guards": rows])
        var table = Table(["guard", "limit", "raised"])
        for row in rows {
            table.add([row.name, row.standard, row.raised.map { "to \($0.value) by \($0.who): \($0.reason)" } ?? ""])
        }
        for line in table.lines { work.output.line(line) }
    }
}

struct GuardsRaise: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "raise", abstract: "Raise a guard's limit for a while; who and why is recorded.",
        discussion: "muster guards raise removals=40 --for 1h --reason \"Leeds office closed, HR-5521\"")

    @OptionGroup var global: GlobalOptions
    @OptionGroup var application: ApplicationOptions
    @Argument(help: "NAME=VALUE") var limit: String
    @Option(name: .customLong("for"), help: ArgumentHelp("How long: 30m, 4h.", valueName: "interval")) var span: Interval
    @Option(help: "Why; kept.") var reason: String

    func validate() throws {
        let parts = limit.split(separator: "=")
        guard parts.count == 2, let value = Int(parts[1]), value >= 0 else {
            throw ValidationError("Give NAME=VALUE, such as removals=40.")
        }
        guard span.seconds <= 7 * 86_400 else { throw ValidationError("A guard is raised for seven days at most.") }
        guard !reason.trimmingCharacters(in: .whitespaces).isEmpty else { throw ValidationError("Give a reason.") }
    }

    func run() async throws {
        let work = try await Workbench(global)
        let tenant = try await work.tenant(application)
        let parts = limit.split(separator: "=")
        let raised = GuardOverride(
            name: String(parts[0]), value: Int(parts[1]) ?? 0, until: Int(Date().timeIntervalSince1970) + span.seconds, reason: reason,
            who: work.settings.actor)
        try await GuardOverrides(store: work.store, tenant: tenant.code).raise(raised)
        try work.output.document(raised)
        work.output.line("\(raised.name) is raised to \(raised.value) on \(tenant.code).")
    }
}
