import Foundation
import Lifecycle
import Planning

/// What `muster` alone says: the next step in the state that it finds.
struct NextStep {
    let global: GlobalOptions

    private struct Document: Encodable {
        var state: String
        var next: String
    }

    func show() async throws {
        let settings = try await Settings(global)
        let output = Output(global)
        let file = try Workbench.path(settings.store)
        let environment = EnvironmentTenant().code
        guard FileManager.default.fileExists(atPath: file) || environment != nil else {
            try say(
                output, "Muster has no store here yet.",
                "muster demo shows the whole circle; muster tenants add CODE --help makes a tenant known.")
            return
        }
        let work = try await Workbench(global)
        let known = try await TenantRegistry(store: work.store).all()
        guard let code = settings.tenant ?? environment ?? known.first?.code else {
            try say(output, "No tenant is known yet.", "muster tenants add CODE --help")
            return
        }
        if let begun = try await work.plans.list(tenant: code, state: .begun).first {
            try say(output, "The plan \(begun.file.id) for \(code) was begun and not finished.", "muster resume \(begun.file.id)")
            return
        }
        let flag = known.count > 1 && environment == nil ? " --tenant \(code)" : ""
        guard let report = try await Snapshots(store: work.store, tenant: code).report() else {
            try say(output, "\(code) has not been read yet.", "muster sync\(flag)")
            return
        }
        let now = Int(Date().timeIntervalSince1970)
        if let open = try await work.plans.list(tenant: code, state: .open).first(where: { $0.plan.expires > now && !$0.plan.work.isEmpty }
        ),
            !open.plan.isStopped, open.plan.snapshot == report.snapshot
        {
            let verb = try await work.approvals.missing(open).isEmpty ? "apply" : "approve"
            try say(
                output, "The plan \(open.file.id) for \(code) waits with \(open.plan.work.count) changes.",
                "muster \(verb) \(open.file.id)\(flag)")
            return
        }
        let state = report.closed ? "closed" : "open"
        try say(output, "\(code): \(report.accounts.internal) people read, \(state).", "muster plan --from people.csv\(flag)")
    }

    private func say(_ output: Output, _ state: String, _ next: String) throws {
        try output.document(Document(state: state, next: next))
        output.line(state)
        output.line("Next: \(next)")
    }
}
