import ArgumentParser
import Foundation
import Lifecycle
import Mimecast

struct ShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show a plan (file or id), one person (address), or a tenant (code).")

    @OptionGroup var global: GlobalOptions
    @Argument(help: "PLAN, EMAIL or TENANT.") var what: String
    @Flag(help: "Every line of a plan, not the first few of each kind.") var all = false

    func run() async throws {
        let work = try await Workbench(global)
        if FileManager.default.fileExists(atPath: what) || what.hasPrefix("p-") {
            let stored = try await work.plan(what)
            try work.output.document(PlanView(stored.file))
            PlanPage(stored.file, work.output, most: all ? .max : 4).show(name: what)
            if let receipt = stored.receipt { work.output.line("Applied: \(receipt.done) done, \(receipt.failed) failed.") }
            if stored.state == .begun { work.output.line("Begun and not finished. Next: muster resume \(what)") }
        } else if what.contains("@") {
            try await PersonPage(work: work, address: what).show()
        } else {
            try await TenantPage(work: work, code: what).show()
        }
    }
}
