import ArgumentParser
import Lifecycle

struct TenantsShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show one tenant: how it is reached, what was read last.")

    @OptionGroup var global: GlobalOptions
    @Argument(help: "The tenant's account code.") var code: String

    func run() async throws {
        try await TenantPage(work: try await Workbench(global), code: code).show()
    }
}
