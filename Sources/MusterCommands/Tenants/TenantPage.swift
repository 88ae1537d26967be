import Foundation
import Lifecycle
import Planning

/// A tenant on one page.
struct TenantPage {
    let work: Workbench
    let code: String

    private struct Document: Encodable {
        var tenant: TenantView?
        var code: String
        var snapshot: SyncReport?
        var unfinished: [String]
        var guards: [GuardOverride]
        var seats: SeatCount?
    }

    func show() async throws {
        let tenant = try await TenantRegistry(store: work.store).get(code)
        let report = try await Snapshots(store: work.store, tenant: code).report()
        guard tenant != nil || report != nil else {
            throw Trouble(
                Exit.input, "no-such-tenant", "There is no tenant \(code).", remedy: "muster tenants list shows those that are known.")
        }
        let begun = try await work.plans.list(tenant: code, state: .begun).map(\.file.id)
        let raised = try await GuardOverrides(store: work.store, tenant: code).standing()
        let seats = try await Snapshots(store: work.store, tenant: code).seats(contracted: work.settings.safety.seats(code))
        try work.output.document(
            Document(
                tenant: tenant.map(TenantView.init), code: code, snapshot: report, unfinished: begun, guards: raised, seats: seats))
        work.output.line(work.output.paint(code, .bold) + (tenant.map { ": " + TenantView($0).summary } ?? ": known from the environment"))
        if let report {
            SyncTable(report, work.output).show()
            if let seats {
                SeatBar(seats, work.output).show()
                if let notice = seats.notice { work.output.line(work.output.paint("note", .cyan) + "  \(notice)") }
            }
        } else {
            work.output.line("Not read yet. Next: muster sync --tenant \(code)")
        }
        for id in begun { work.output.line("The plan \(id) was begun and not finished. Next: muster resume \(id)") }
        for guarded in raised {
            work.output.line("The guard \(guarded.name) is raised to \(guarded.value) by \(guarded.who): \(guarded.reason)")
        }
    }
}
