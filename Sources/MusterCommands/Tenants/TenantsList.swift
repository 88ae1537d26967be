import ArgumentParser
import Lifecycle

struct TenantsList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List the tenants that are known.")

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let work = try await Workbench(global)
        let tenants = try await TenantRegistry(store: work.store).all().map(TenantView.init)
        try work.output.document(["tenants": tenants])
        var table = Table(["tenant", "generation", "dialect", "writes", "base URL"])
        for tenant in tenants {
            table.add([tenant.code, tenant.generation, tenant.dialect, tenant.way, tenant.baseURL])
        }
        if tenants.isEmpty {
            work.output.line("No tenant is known yet. Add one with muster tenants add.")
        } else {
            for line in table.lines { work.output.line(line) }
        }
    }
}
