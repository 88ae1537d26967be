import Mimecast
import MusterStore
import Planning

/// Gathers what the store knows about one line of a plan. Makes no call.
public struct LineExplainer: Sendable {
    private let store: any Store
    private let approvals: Approvals

    public init(store: any Store, approvals: Approvals) {
        self.store = store
        self.approvals = approvals
    }

    /// - Throws: ``LifecycleError`` of code `no-such-line` where the plan has no line of this number.
    public func explain(_ stored: StoredPlan, line: Int) async throws -> LineExplanation {
        let plan = stored.plan
        guard let change = plan.changes.first(where: { $0.line == line }) else {
            throw LifecycleError(
                .input, "no-such-line",
                plan.changes.isEmpty
                    ? "The plan \(stored.file.id) has no lines."
                    : "The plan \(stored.file.id) has the lines 1 to \(plan.changes.count), not \(line).",
                remedy: "muster show \(stored.file.id) --all lists them.")
        }
        let writes = try await TenantRegistry(store: store).get(plan.tenant)?.writes ?? .api
        return LineExplanation(
            plan: stored.file.id, change: change, evidence: try await evidence(change, plan), authority: authority(change),
            guards: plan.guards.filter { GuardName(rawValue: $0.name)?.holds(change) ?? false },
            approval: try await decision(stored, line),
            undo: undo(change, stored.receipt),
            calls: change.plannedCalls(dialect: plan.generation == .v1 ? .portal : plan.dialect, overSCIM: writes == .scim),
            journal: try await journal(stored, line))
    }

    private func evidence(_ change: Change, _ plan: Plan) async throws -> LineExplanation.Evidence {
        let report = try await SnapshotStore(store: store, tenant: plan.tenant).report()
        let address = change.account.isEmpty ? change.person : change.account
        let domain = EmailAddress(address)?.domain
        let link = try await store.read { tx in
            let links = try LinkTable.all(tenant: plan.tenant, tx)
            return links.first { link in
                link.account == EmailAddress.key(change.account) || change.accountID != nil && link.accountID == change.accountID
                    || link.person == EmailAddress.key(change.person)
            }
        }
        return LineExplanation.Evidence(
            reason: change.evidence, source: plan.source, snapshot: plan.snapshot,
            domain: report?.snapshot == plan.snapshot ? report?.domains.first { $0.domain == domain } ?? report?.list : nil, link: link)
    }

    /// What the rules ask for this line, and what of it was given.
    private func decision(_ stored: StoredPlan, _ line: Int) async throws -> LineExplanation.Decision {
        let decided = try await approvals.decisions(stored)
        let given = decided.all.last { $0.decision == .approved && $0.lines?.contains(line) ?? true }
        let missing =
            stored.state == .open
            ? approvals.rules.missing(stored.plan, lines: [line], proposer: stored.proposer, given: decided.history.given) : []
        return LineExplanation.Decision(
            isNeeded: approvals.rules.needsApproval(stored.plan, line: line), who: given?.who, given: given?.given,
            expires: given?.expires, waitsFor: missing.map(\.words))
    }

    private func authority(_ change: Change) -> LineExplanation.Authority {
        LineExplanation.Authority(
            writer: change.authority, isWritable: change.kind.isWork, where_: change.kind.isWork ? nil : change.remedy)
    }

    private func undo(_ change: Change, _ receipt: Receipt?) -> LineExplanation.Undoing {
        guard change.kind.isWork else {
            return LineExplanation.Undoing(reversible: true, how: "Nothing is done, so nothing is taken back.")
        }
        let command = "muster undo \(receipt?.receipt ?? "RECEIPT")"
        return LineExplanation.Undoing(
            reversible: change.reversible,
            how: change.kind == .purge
                ? "\(command) takes it off the purge list, as long as the vendor has not purged it."
                : change.kind == .createGroup
                    ? "A group is not deleted again; the administration console does it."
                    : change.kind == .create
                        ? "\(command) disables the account; it is not deleted again."
                        : change.reversible
                            ? "\(command) plans the change back, where nobody has changed it since." : "Nothing brings it back.")
    }

    private func journal(_ stored: StoredPlan, _ line: Int) async throws -> LineExplanation.Journalled? {
        let id = stored.file.id
        return try await store.read { tx in
            try tx.first("SELECT state, attempts, changed, note FROM journal WHERE plan = $1 AND line = $2", [.text(id), .int(line)]) {
                LineExplanation.Journalled(state: $0.text(0), attempts: $0.int(1), changed: $0.int(2), note: $0.textOrNil(3))
            }
        }
    }
}
