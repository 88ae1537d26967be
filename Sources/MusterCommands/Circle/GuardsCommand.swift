import ArgumentParser
import Foundation
import Lifecycle
import Planning

struct GuardsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "guards", abstract: "The limits that stop a plan, and raising one for a while.",
        discussion: """
            A limit is a count, or a share if that is more. Windows add up what was carried out, is on its way, or may have been. A guard \
            that trips freezes one tenant and one direction (removals, additions, privilege); muster apply PLAN --without DIRECTION goes on \
            with the rest. Limits of your own stand in muster.yaml under guards.
            """,
        subcommands: [GuardsList.self, GuardsRaise.self])
}

struct GuardsList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Each guard's limit for this tenant, what is used of it, what is left, and who raised it.")

    @OptionGroup var global: GlobalOptions
    @OptionGroup var application: ApplicationOptions

    private struct Row: Encodable {
        var standing: GuardStanding
        var raised: GuardOverride?

        private enum CodingKeys: String, CodingKey { case raised }

        func encode(to encoder: any Encoder) throws {
            try standing.encode(to: encoder)
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encodeIfPresent(raised, forKey: .raised)
        }
    }

    func run() async throws {
        let work = try await Workbench(global)
        let tenant = try await work.tenant(application)
        let raised = try await GuardOverrides(store: work.store, tenant: tenant.code).standing()
        let rows = try await work.ledger(tenant.code).standings(seats: work.settings.safety.seats(tenant.code)).map { standing in
            Row(standing: standing, raised: raised.first { $0.name == standing.name })
        }
        try work.output.document(["guards": rows])
        var table = Table(["guard", "limit", "used", "left", "rule", "raised"], rightAligned: [1, 2, 3])
        for row in rows {
            let standing = row.standing
            func number(_ value: Int?) -> String { value.map(String.init) ?? "" }
            table.add([
                standing.name, number(standing.limit), number(standing.used), number(standing.left),
                standing.standard + (standing.configured ? " (muster.yaml)" : ""), row.raised.map(Self.words) ?? "",
            ])
        }
        for line in table.lines { work.output.line(line) }
    }

    private static func words(_ raised: GuardOverride) -> String {
        let until = Date(timeIntervalSince1970: TimeInterval(raised.until)).formatted(.iso8601)
        return "to \(raised.value) by \(raised.who): \(raised.reason), until \(until)"
    }
}

struct GuardsRaise: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "raise", abstract: "Raise guards' limits for a while; who and why is recorded.",
        discussion: "muster guards raise removals=40 removals-24h=40 --for 1h --reason \"Leeds office closed, HR-5521\"")

    @OptionGroup var global: GlobalOptions
    @OptionGroup var application: ApplicationOptions
    @Argument(help: "NAME=VALUE, one or several.") var limits: [String]
    @Option(name: .customLong("for"), help: ArgumentHelp("How long: 30m, 4h.", valueName: "interval")) var span: Interval
    @Option(help: "Why; kept.") var reason: String

    func validate() throws {
        guard !limits.isEmpty else { throw ValidationError("Give NAME=VALUE, such as removals=40.") }
        for limit in limits {
            guard let (_, value) = Self.parts(limit), (0...10_000_000).contains(value) else {
                throw ValidationError("\(limit) is no limit: give NAME=VALUE, such as removals=40.")
            }
        }
        guard Set(limits.compactMap { Self.parts($0)?.name }).count == limits.count else { throw ValidationError("Name each guard once.") }
        guard span.seconds <= 7 * 86_400 else { throw ValidationError("A guard is raised for seven days at most.") }
        guard !reason.trimmingCharacters(in: .whitespaces).isEmpty else { throw ValidationError("Give a reason.") }
    }

    private static func parts(_ limit: String) -> (name: String, value: Int)? {
        let parts = limit.split(separator: "=", omittingEmptySubsequences: false)
        guard parts.count == 2, let value = Int(parts[1]) else { return nil }
        return (String(parts[0]), value)
    }

    /// One limit as it always was; several in a list beside the first.
    private struct View: Encodable {
        var overrides: [GuardOverride]

        private enum CodingKeys: String, CodingKey { case guards }

        func encode(to encoder: any Encoder) throws {
            try overrides.first?.encode(to: encoder)
            guard overrides.count > 1 else { return }
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(overrides, forKey: .guards)
        }
    }

    func run() async throws {
        let work = try await Workbench(global)
        let tenant = try await work.tenant(application)
        let until = Int(Date().timeIntervalSince1970) + span.seconds
        let raised = limits.compactMap(Self.parts).map {
            GuardOverride(name: $0.name, value: $0.value, until: until, reason: reason, who: work.settings.actor)
        }
        try await GuardOverrides(store: work.store, tenant: tenant.code).raise(raised)
        try work.output.document(View(overrides: raised))
        for limit in raised { work.output.line("\(limit.name) is raised to \(limit.value) on \(tenant.code).") }
    }
}
