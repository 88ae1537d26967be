import Foundation
import MusterStore
import Planning

/// What has to be true before the first call of an apply is made.
struct Admission: Sendable {
    let tenant: TenantRecord
    let store: any Store
    let approvals: Approvals
    let now: @Sendable () -> Date

    /// Looks whether a plan may be applied.
    ///
    /// - Parameter directions: what is left out.
    /// - Returns: the numbers of the lines that stay behind; of a begun plan none, since its journal says it.
    /// - Throws: ``LifecycleError`` that names what stands in the way.
    func admit(_ plan: StoredPlan, without directions: Set<GuardDirection>) async throws -> Set<Int> {
        let id = plan.file.id
        guard plan.plan.tenant == tenant.code else {
            throw LifecycleError(
                .input, "other-tenant", "The plan \(id) is for the tenant \(plan.plan.tenant), not for \(tenant.code).",
                remedy: "Name that tenant with --tenant \(plan.plan.tenant).")
        }
        guard tenant.allowWrites || plan.plan.work.isEmpty else {
            throw LifecycleError(
                .notPermitted, "read-only-tenant", "The tenant \(tenant.code) is read-only for Muster.",
                remedy: "If it may be written, add it again with --allow-writes.")
        }
        guard plan.state != .begun else { return [] }
        if plan.state == .rejected {
            throw LifecycleError(.stopped, "plan-rejected", "The plan \(id) was rejected.", remedy: "Make a new one with muster plan.")
        }
        try await passGuards(plan, without: directions)
        let history = try await approvals.decisions(plan).history
        let held = plan.plan.held(without: directions, lines: history.rejected)
        let carried = Set(plan.plan.work.map(\.line)).subtracting(held)
        let missing = approvals.rules.missing(plan.plan, lines: carried, proposer: plan.proposer, given: history.given)
        guard !missing.isEmpty else { return held }
        // Whoever said yes to some lines alone left the others behind.
        let waiting = plan.plan.held(without: directions, lines: history.rejected.union(missing.flatMap(\.lines)))
        if history.isByLines, waiting.count < plan.plan.work.count { return waiting }
        throw LifecycleError(
            .stopped, "approval-missing",
            missing == approvals.rules.missing(plan.plan, lines: carried, proposer: plan.proposer, given: [])
                && missing.allSatisfy { $0.persons == 1 && $0.approvers == nil && $0.notBy == nil }
                ? "The plan \(id) removes people or changes privileges, and nobody has approved it."
                : "The plan \(id) waits for \(missing.map(\.words).joined(separator: "; and for ")).",
            remedy: "Read it with muster show \(id); then muster approve \(id).")
    }

    /// Why lines of a plan that was begun were left out: the guards that held them, or a word that is missing.
    ///
    /// - Parameter lines: the numbers of those that are carried out.
    func holders(_ plan: StoredPlan, carrying lines: Set<Int>) async throws -> [String] {
        let left = Set(plan.plan.work.map(\.line)).subtracting(lines)
        guard !left.isEmpty else { return [] }
        let guards = plan.plan.guards.filter(\.tripped).map(\.name)
        guard guards.isEmpty else { return guards }
        let history = try await approvals.decisions(plan).history
        let missing = approvals.rules.missing(
            plan.plan, lines: left.subtracting(history.rejected), proposer: plan.proposer, given: history.given)
        return missing.isEmpty ? [] : ["approvals"]
    }

    private func passGuards(_ plan: StoredPlan, without directions: Set<GuardDirection>) async throws {
        guard plan.plan.source.people > 0 || plan.plan.isPartial else {
            throw LifecycleError(
                .stopped, "guard-\(GuardName.sourceShrink.rawValue)", "STOP: the source names nobody.",
                remedy: "Look at the source: no limit can be raised for an empty one.")
        }
        let raised = try await GuardOverrides(store: store, tenant: tenant.code, now: now).standing()
        let tripped = plan.plan.guards.filter { result in
            result.tripped && !raised.contains { $0.name == result.name && $0.value >= result.value }
                && !(GuardName(rawValue: result.name).map { $0.sparesTheRest && $0.directions.isSubset(of: directions) } ?? false)
        }
        guard let first = tripped.first else { return }
        throw LifecycleError(
            .stopped, "guard-\(first.name)", "STOP: \(tripped.map(\.explanation).joined(separator: "; ")).",
            remedy: remedy(plan, tripped, without: directions))
    }

    /// What to do about guards that tripped: look, go on with the rest, or raise them.
    private func remedy(_ plan: StoredPlan, _ tripped: [GuardResult], without directions: Set<GuardDirection>) -> String {
        var sentences = ["Look at the source first: was its export cut short?"]
        let frozen = tripped.reduce(into: directions) { $0.formUnion(GuardName(rawValue: $1.name)?.directions ?? []) }
        let left = plan.plan.work.count - plan.plan.held(without: frozen).count
        if left > 0, tripped.allSatisfy({ GuardName(rawValue: $0.name)?.sparesTheRest ?? true }) {
            let flags = GuardDirection.allCases.filter(frozen.contains).map { "--without \($0.rawValue)" }.joined(separator: " ")
            sentences.append("The other \(left) line\(left == 1 ? "" : "s") can go on: muster apply \(plan.file.id) \(flags).")
        }
        let raisable = tripped.filter { $0.name != GuardName.administrators.rawValue }
        if raisable.count == tripped.count {
            let limits = raisable.map { "\($0.name)=\($0.value)" }.joined(separator: " ")
            sentences.append(
                "If it is really meant, raise the limit for a while: muster guards raise \(limits) --for 1h --reason \"…\".")
        } else {
            sentences.append("Give another person an administrative role first: that limit cannot be raised.")
        }
        return sentences.joined(separator: " ")
    }
}
