import ArgumentParser
import Lifecycle
import MimecastClient

struct AccountCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "account", abstract: "The tenant's own record at the vendor: code, seats, domains.")

    @OptionGroup var global: GlobalOptions
    @OptionGroup var application: ApplicationOptions

    private struct View: Encodable {
        var tenant: String
        var seats: Int?
        var internalPeople: Int?
        var domains: [String]
    }

    func run() async throws {
        let work = try await Workbench(global)
        let tenant = try await work.tenant(application)
        let client = try work.client(tenant)
        let facts = try await client.tenant()
        let report = try await Snapshots(store: work.store, tenant: tenant.code).report()
        let view = View(
            tenant: facts.accountCode, seats: facts.seats, internalPeople: report?.accounts.internal, domains: try await client.domains())
        try work.output.document(view)
        work.output.line(work.output.paint(view.tenant, .bold))
        work.output.line("  seats    \(view.seats.map { "\($0) contracted" } ?? "not told by the vendor")")
        work.output.line("  people   \(view.internalPeople.map { "\($0) as of the last read" } ?? "not read yet: muster sync")")
        work.output.line("  domains  \(view.domains.joined(separator: ", "))")
    }
}
