import ArgumentParser
import Lifecycle

struct HooksRemove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Take a hook away, with what it did not get, and its secret.")

    @OptionGroup var global: GlobalOptions
    @Argument(help: "The hook.") var name: String

    func run() async throws {
        let desk = try await HookDesk(global)
        _ = try await desk.book.get(name)
        guard desk.work.output.confirm("Take \(name) away, with what it did not get?") else {
            throw Trouble(Exit.usage, "not-confirmed", "Nothing was taken away.", remedy: "Say --yes if it is meant.")
        }
        let hook = try await desk.book.remove(name, who: desk.work.settings.actor)
        for reference in [hook.secret, hook.oldSecret].compactMap({ $0 }) { SecretReference.forget(reference) }
        try desk.work.output.document(["removed": name])
        desk.work.output.line("\(name) is told of nothing any more.")
    }
}

struct HooksEnable: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "enable", abstract: "Go on with a hook whose receiver said 410 Gone; or try at once what waits.")

    @OptionGroup var global: GlobalOptions
    @Argument(help: "The hook.") var name: String

    func run() async throws {
        let desk = try await HookDesk(global)
        try await desk.book.enable(name, who: desk.work.settings.actor)
        try desk.work.output.document(["enabled": name])
        desk.work.output.line("\(name) goes on from where it was. Next: muster hooks deliver")
    }
}
