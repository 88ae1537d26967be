import ArgumentParser
import Foundation
import Lifecycle

struct HooksRotate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate", abstract: "Sign with another secret; the old one signs as well for a while.",
        discussion:
            "Receivers that know either secret accept each delivery meanwhile (Standard Webhooks: several signatures in one header).")

    @OptionGroup var global: GlobalOptions
    @Argument(help: "The hook.") var name: String
    @Option(help: ArgumentHelp("What signs: env:NAME, file:PATH or -. Default: Muster makes one.", valueName: "ref")) var secret: String?
    @Option(help: ArgumentHelp("How long the old one signs, too. Default: 24h.", valueName: "interval")) var grace: Interval?

    func validate() throws {
        guard (grace?.seconds ?? 0) <= 30 * 86_400 else { throw ValidationError("The old secret signs for thirty days at most.") }
    }

    private struct Document: Encodable {
        var hook: String
        var secret: String?
        var oldSecretUntil: String?
    }

    func run() async throws {
        let desk = try await HookDesk(global)
        _ = try await desk.book.get(name)
        let secret = try HookDesk.secret(self.secret, keptAs: "\(desk.tenant)-hook-\(name)")
        let seconds = grace?.seconds ?? 86_400
        let before = try await desk.book.rotate(name, to: secret.reference, grace: seconds, who: desk.work.settings.actor)
        // The one before that signs no more.
        if let oldest = before.oldSecret { SecretReference.forget(oldest) }
        let until = HookDesk.time(Int(Date().timeIntervalSince1970) + seconds)
        let output = desk.work.output
        try output.document(Document(hook: name, secret: secret.made?.text, oldSecretUntil: until))
        if let made = secret.made {
            output.line("Give the receiver this secret; it is not shown again:")
            output.line("  " + output.paint(made.text, .bold))
        }
        output.line("The old one signs as well until \(until ?? "").")
    }
}
