import ArgumentParser

struct TenantsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tenants", abstract: "The tenants that Muster works on.",
        subcommands: [TenantsAdd.self, TenantsList.self, TenantsShow.self, TenantsRemove.self])
}
