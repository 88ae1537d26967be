import ArgumentParser
import Foundation
import Lifecycle

struct HooksTest: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test", abstract: "Send a hook an event of type hook.test, signed like any other, and see whether it is taken.")

    @OptionGroup var global: GlobalOptions
    @Argument(help: "The hook.") var name: String

    private struct Document: Encodable {
        var hook: String
        var taken: Bool
        var milliseconds: Int
    }

    func run() async throws {
        let desk = try await HookDesk(global)
        let hook = try await desk.book.get(name)
        let clock = ContinuousClock()
        let start = clock.now
        if let why = try await desk.work.withHookDispatcher({ try await $0.test(hook) }) {
            throw Trouble(
                Exit.unreachable, "hook-failed", "\(name) did not take the event: \(why)",
                remedy: "Look at the receiver at \(HookURL.shown(hook.url)); anything but a 2xx within 15 s is a failure.")
        }
        let taken = start.duration(to: clock.now)
        let milliseconds = Int(taken.components.seconds * 1_000 + taken.components.attoseconds / 1_000_000_000_000_000)
        try desk.work.output.document(Document(hook: name, taken: true, milliseconds: milliseconds))
        desk.work.output.line("\(name) took the event within \(milliseconds) ms.")
    }
}
