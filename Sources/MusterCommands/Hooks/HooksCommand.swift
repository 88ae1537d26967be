import ArgumentParser
import Foundation
import HTTPTransport
import Lifecycle

struct HooksCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hooks", abstract: "Who is told of changes: webhooks, signed as Standard Webhooks.",
        discussion: """
            Events are delivered by muster sync --every, and by muster hooks deliver (--follow goes on). Each person's events arrive in order, each event at least once and with \
            the same id; what does not arrive is tried for three days and then kept as a dead letter. docs/hooks.md shows how to receive.

              muster hooks add https://example.com/muster --type 'account.*'
              muster hooks test example.com
              muster hooks deliver --follow
            """,
        subcommands: [
            HooksAdd.self, HooksList.self, HooksTest.self, HooksDeliver.self, HooksReplay.self, HooksRotate.self, HooksEnable.self,
            HooksDead.self, HooksRemove.self,
        ])
}

/// What a verb about hooks works with.
struct HookDesk: Sendable {
    let work: Workbench
    let tenant: String
    let book: HookBook

    init(_ global: GlobalOptions) async throws {
        work = try await Workbench(global)
        tenant = try await work.code()
        book = HookBook(store: work.store, tenant: tenant)
    }

    /// Takes away the files of secrets that no longer sign.
    func retireSecrets() async throws {
        for reference in try await book.retireSecrets() { SecretReference.forget(reference) }
    }

    /// A secret by reference, or one that is made here.
    ///
    /// - Parameter given: `env:NAME`, `file:PATH`, `-`, or nil.
    /// - Returns: its reference, and the secret where it was made.
    static func secret(_ given: String?, keptAs name: String) throws -> (reference: String, made: WebhookSecret?) {
        if let given {
            let reference = try SecretReference.accept(given, keptAs: name)
            do {
                _ = try WebhookSecret(SecretReference.resolve(reference))
            } catch {
                if given == "-" { SecretReference.forget(reference) }
                throw error
            }
            return (reference, nil)
        }
        var random = SystemRandomNumberGenerator()
        let made = WebhookSecret(from: &random)
        return ("file:" + (try SecretReference.keep(made.text, name)), made)
    }

    static func time(_ seconds: Int?) -> String? { seconds.map { Date(timeIntervalSince1970: TimeInterval($0)).formatted(.iso8601) } }
}

/// A hook as it is shown: not even the reference to its secret.
struct HookView: Encodable {
    var name: String
    var tenant: String
    var url: String
    var types: [String]
    var persons: [String]
    var groups: [String]
    var allowPrivate: Bool
    var state: String
    var oldSecretUntil: String?
    var delivered: Int
    var lastDelivered: String?
    var behind: Int
    var waiting: Int
    var deadLetters: Int
    var failingSince: String?
    var next: String?
    var note: String?

    init(_ standing: HookStanding) {
        let hook = standing.hook
        name = hook.name
        tenant = hook.tenant
        url = HookURL.shown(hook.url)
        types = hook.filter.types
        persons = hook.filter.persons
        groups = hook.filter.groups
        allowPrivate = hook.allowPrivate
        state = hook.state.rawValue
        oldSecretUntil = HookDesk.time(hook.oldUntil)
        delivered = standing.delivered
        lastDelivered = HookDesk.time(standing.lastDelivered)
        behind = standing.behind
        waiting = standing.waiting
        deadLetters = standing.deadLetters
        failingSince = HookDesk.time(standing.failingSince)
        next = HookDesk.time(standing.next)
        note = standing.note
    }
}

extension Workbench {
    /// Works with what delivers to those who subscribed; its connections are closed afterwards, however the work ended.
    func withHookDispatcher<Value>(_ body: (HookDispatcher) async throws -> Value) async throws -> Value {
        try await PinnedClients.with { clients in
            let dispatcher = HookDispatcher(
                store: store, who: settings.actor, width: settings.hooks.width, secret: Self.hookSecret,
                transport: { PinnedTransport(judge: $0.judge(allowPrivate: $1), clients: clients) })
            return try await body(dispatcher)
        }
    }

    @Sendable private static func hookSecret(_ reference: String) throws -> String {
        do {
            return try SecretReference.resolve(reference)
        } catch let trouble as Trouble {
            // Told of the hook, perhaps much later, by somebody else.
            throw LifecycleError(
                .notPermitted, trouble.code,
                reference.hasPrefix("env:")
                    ? "The environment has no \(reference.dropFirst(4)), which holds the hook's secret."
                    : "The file \(reference.dropFirst(5)), which holds the hook's secret, cannot be read.",
                remedy: "Put it there, or give another: muster hooks rotate NAME --secret REF")
        }
    }
}
