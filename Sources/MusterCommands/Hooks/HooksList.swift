import ArgumentParser
import Foundation
import Lifecycle

struct HooksList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "The hooks of a tenant: what they want, how far they are, what waits.",
        discussion: """
            behind: events that the hook has not come to. waiting: people whose events wait since one of theirs did not arrive. dead: events that \
            were tried for three days in vain.
            """)

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let desk = try await HookDesk(global)
        try await desk.retireSecrets()
        let standings = try await desk.book.standings()
        try desk.work.output.document(["hooks": standings.map(HookView.init)])
        guard !standings.isEmpty else {
            desk.work.output.line("Nobody is told of changes of \(desk.tenant). Next: muster hooks add URL")
            return
        }
        var table = Table(["hook", "url", "wants", "delivered", "behind", "waiting", "dead", "state"], rightAligned: [3, 4, 5, 6])
        for standing in standings {
            let hook = standing.hook
            table.add([
                hook.name, HookURL.shown(hook.url), Self.what(hook.filter), String(standing.delivered), String(standing.behind),
                String(standing.waiting), String(standing.deadLetters), Self.state(standing),
            ])
        }
        for line in table.lines { desk.work.output.line(line) }
        for standing in standings {
            guard let note = standing.note else { continue }
            let next = standing.failingSince != nil ? HookDesk.time(standing.next).map { "; tried next at \($0)" } ?? "" : ""
            desk.work.output.line("\(desk.work.output.paint("note", .yellow))  \(standing.hook.name): \(note)\(next)")
        }
    }

    static func state(_ standing: HookStanding) -> String {
        if standing.hook.state == .gone { return "gone" }
        return standing.failingSince.flatMap { HookDesk.time($0) }.map { "failing since \($0)" } ?? "active"
    }

    static func what(_ filter: HookFilter) -> String {
        var words = [filter.types.isEmpty ? "all events" : filter.types.joined(separator: ", ")]
        if !filter.persons.isEmpty { words.append("about " + filter.persons.joined(separator: ", ")) }
        if !filter.groups.isEmpty { words.append("in " + filter.groups.joined(separator: ", ")) }
        return words.joined(separator: " ")
    }
}
