import ArgumentParser
import Foundation
import Lifecycle

struct TenantsRemove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove",
        abstract: "Forget a tenant: its reads, links, plans and journal. Its audit record stays; nothing changes at the vendor.")

    @OptionGroup var global: GlobalOptions
    @Argument(help: "The tenant's account code.") var code: String

    func run() async throws {
        let work = try await Workbench(global)
        guard let known = try await TenantRegistry(store: work.store).get(code) else {
            throw Trouble(
                Exit.input, "no-such-tenant", "There is no tenant \(code).", remedy: "muster tenants list shows those that are known.")
        }
        guard work.output.confirm("Forget \(code), its links and its journal?") else {
            throw Trouble(Exit.usage, "not-confirmed", "Nothing was forgotten.", remedy: "Say --yes if it is meant.")
        }
        let hooks = try await HookBook(store: work.store, tenant: code).all()
        _ = try await TenantRegistry(store: work.store).remove(
            code, now: Int(Date().timeIntervalSince1970), who: work.settings.actor)
        SecretReference.forget(known.credentials)
        for reference in hooks.flatMap({ [$0.secret, $0.oldSecret] }) { reference.map { SecretReference.forget($0) } }
        try work.output.document(["removed": code])
        work.output.line("\(code) is forgotten.")
    }
}
