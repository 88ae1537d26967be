import ArgumentParser
import Foundation
import Lifecycle

struct HooksAdd: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Subscribe a URL to a tenant's events.",
        discussion: """
            Without --secret one is made and shown, this once. Filters of one kind are alternatives, of several kinds all have to hold; without \
            any, every event is delivered. Deliveries go to public addresses over https, unless --allow-private says that the receiver is in a \
            network of your own.
            """)

    @OptionGroup var global: GlobalOptions
    @Argument(help: "Where to deliver: https://host/path.") var url: String
    @Option(help: "What to call it. Default: the URL's host.") var name: String?
    @Option(
        name: .customLong("type"),
        help: ArgumentHelp("Event types: account.disabled, or account.*; repeat it for several.", valueName: "type")) var types: [String] =
            []
    @Option(
        name: .customLong("person"),
        help: ArgumentHelp("Only about this person: an address, or one with stars in it; repeat it.", valueName: "address")) var persons:
        [String] = []
    @Option(name: .customLong("group"), help: ArgumentHelp("Only about this group, by name or id; repeat it.", valueName: "group"))
    var groups: [String] = []
    @Option(help: ArgumentHelp("What signs: env:NAME, file:PATH or -. Default: Muster makes one.", valueName: "ref")) var secret: String?
    @Flag(help: "The receiver may be at a private address, and plain http will do there.") var allowPrivate = false
    @Option(help: ArgumentHelp("Deliver what was seen since then, too: a day, an instant, 36h.", valueName: "time")) var since: PastTime?

    private struct Document: Encodable {
        var hook: HookView?
        var secret: String?
    }

    func run() async throws {
        let desk = try await HookDesk(global)
        let known = try await TenantRegistry(store: desk.work.store).get(desk.tenant)
        guard known != nil || EnvironmentTenant().code == desk.tenant else {
            throw Trouble(
                Exit.input, "no-such-tenant", "There is no tenant \(desk.tenant), so nothing would ever be told.",
                remedy: "muster tenants list shows those that are known; muster tenants add \(desk.tenant) adds it.")
        }
        let place = try HookURL(url, allowPrivate: allowPrivate)
        let filter = try HookFilter(types: types, persons: persons, groups: groups)
        let name = self.name ?? place.host.replacing(/[^A-Za-z0-9._-]/, with: "-")
        var hook = try Hook(
            tenant: desk.tenant, name: name, url: place, filter: filter, allowPrivate: allowPrivate, secret: "",
            added: Int(Date().timeIntervalSince1970), who: desk.work.settings.actor)
        let secret = try HookDesk.secret(self.secret, keptAs: "\(desk.tenant)-hook-\(name)")
        hook.secret = secret.reference
        do {
            try await desk.book.add(hook, since: since.map { Int($0.date.timeIntervalSince1970) })
        } catch {
            if self.secret == nil || self.secret == "-" { SecretReference.forget(secret.reference) }
            throw error
        }
        let standing = try await desk.book.standings().first { $0.hook.name == name }
        let output = desk.work.output
        try output.document(Document(hook: standing.map(HookView.init), secret: secret.made?.text))
        output.line("\(name) is subscribed to \(HooksList.what(filter)) of \(desk.tenant).")
        if let made = secret.made {
            output.line("Give the receiver this secret; it is not shown again:")
            output.line("  " + output.paint(made.text, .bold))
        }
        output.line("Next: muster hooks test \(name), then muster hooks deliver --follow")
    }
}
