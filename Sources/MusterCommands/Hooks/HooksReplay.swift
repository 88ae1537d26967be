import ArgumentParser
import Foundation
import Lifecycle

struct HooksReplay: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay", abstract: "Send again what was seen in a time, or what was given up.",
        discussion: """
            With the ids that the events had: a receiver that keeps ids drops what it knows. What comes meanwhile is delivered first.

              muster hooks replay example.com --since 2026-11-27T08:00:00Z --until 2026-11-27T09:30:00Z
              muster hooks replay example.com --dead
            """)

    @OptionGroup var global: GlobalOptions
    @Argument(help: "The hook.") var name: String
    @Option(help: ArgumentHelp("From then on: a day (from its beginning), an instant, 36h.", valueName: "time")) var since: String?
    @Option(help: ArgumentHelp("Up to then; now without it.", valueName: "time")) var until: PastTime?
    @Flag(help: "The dead letters instead.") var dead = false

    func validate() throws {
        guard (since != nil) != dead, !dead || until == nil else { throw ValidationError("Give either --since or --dead.") }
    }

    private struct Document: Encodable {
        var hook: String
        var events: Int
    }

    func run() async throws {
        let desk = try await HookDesk(global)
        let who = desk.work.settings.actor
        let count: Int
        if let since {
            count = try await desk.book.replay(
                name, since: Int(try Self.beginning(since).timeIntervalSince1970), until: until.map { Int($0.date.timeIntervalSince1970) },
                who: who)
        } else {
            count = try await desk.book.replayDeadLetters(name, who: who)
        }
        try desk.work.output.document(Document(hook: name, events: count))
        let events = count == 1 ? "1 event" : "\(count) events"
        desk.work.output.line(
            count == 0 ? "There is nothing to send again." : "\(events) will be gone through again. Next: muster hooks deliver")
    }

    /// A day begins at its beginning; ``PastTime`` has its end.
    private static func beginning(_ text: String) throws -> Date {
        if let day = try? Date(text, strategy: .iso8601.year().month().day()), text.count == 10 { return day }
        guard let time = PastTime(argument: text) else {
            throw Trouble.usage("\(text) is no time that is over.", remedy: "Give a day, an instant with its zone, or 36h.")
        }
        return time.date
    }
}
