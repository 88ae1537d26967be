import Foundation
import Mimecast
import MimecastClient
import MusterStore
import Planning

/// What an apply intended, sent, got answered and verified, line by line. Written before and after each call.
struct Journal: Sendable {
    enum State: String, Sendable {
        /// To be sent.
        case intended
        /// Sent, and no answer was kept: nobody knows, until a read tells.
        case sent
        /// Answered, or found by a read.
        case answered
        /// Read back.
        case verified
        /// Refused for good, or not as it should be when read back.
        case failed
    }

    struct Entry: Sendable {
        var line: Int
        var state: State
        var attempts: Int
        /// Seconds since 1970.
        var changed: Int
        var note: String?
    }

    let store: any Store
    let plan: StoredPlan
    let fence: Int
    /// Who applies.
    let who: String
    let now: @Sendable () -> Date

    private var tenant: String { plan.plan.tenant }
    var instant: Int { Int(now().timeIntervalSince1970) }

    /// Notes the intention of every line that is to be carried out and that the plan has begun, in one transaction. Does nothing for a plan
    /// that has begun.
    ///
    /// - Parameter held: the numbers of lines that stay behind, for good: whoever resumes the plan goes by the journal.
    func begin(without held: Set<Int> = []) async throws {
        let lines = plan.plan.work.filter { !held.contains($0.line) }
        let byHand = plan.plan.byHand == true
        try await write { [plan, tenant, instant, who] tx in
            guard
                try tx.execute(
                    """
                    UPDATE plans SET state = 'begun', begun_after = (SELECT max(number) FROM plans)
                    WHERE hash = $1 AND state = 'open'
                    """, [.text(plan.file.hash)]) == 1
            else { return }
            try AppliedValues.prune(tenant, at: instant, tx)
            // A source whose removals are held back is not the measure of the next one.
            if held.isEmpty { try PlanStore.accept(plan.plan, tx) }
            try AuditTrail.append(
                .applyBegun, plan.file.id,
                ["hash": plan.file.hash, "lines": String(lines.count), "held": held.isEmpty ? nil : String(held.count)], tenant: tenant,
                actor: who, at: instant, tx)
            for change in lines {
                try tx.execute(
                    """
                    INSERT INTO journal (
                        plan, line, tenant, state, removal, attempts, changed, note, kind, privilege, by_hand, domain, group_id
                    ) VALUES ($1, $2, $3, 'intended', $4, 0, $5, NULL, $6, $7, $8, $9, $10)
                    """,
                    [
                        .text(plan.file.id), .int(change.line), .text(tenant), .bool(change.removal), .int(instant),
                        .text(change.kind.rawValue), .bool(change.privilege), .bool(byHand),
                        .text(EmailAddress(change.account)?.domain ?? ""), .string(change.groupID),
                    ])
            }
        }
    }

    func entries() async throws -> [Int: Entry] {
        let id = plan.file.id
        let rows = try await store.read { tx in
            try tx.all("SELECT line, state, attempts, changed, note FROM journal WHERE plan = $1", [.text(id)]) {
                Entry(
                    line: $0.int(0), state: State(rawValue: $0.text(1)) ?? .sent, attempts: $0.int(2), changed: $0.int(3),
                    note: $0.textOrNil(4))
            }
        }
        return Dictionary(uniqueKeysWithValues: rows.map { ($0.line, $0) })
    }

    /// Before a call. From here on the tenant is not what the last read saw.
    func send(_ line: Int) async throws {
        try await write { [self] tx in
            try set(line, .sent, nil, .lineSent, tx)
            try OwnActs.note(plan.plan.changes[line - 1], plan: plan.file.id, who: who, at: instant, tx)
            try SnapshotStore.outdate(tenant: tenant, tx)
        }
    }

    /// After a read showed that a call of unknown outcome had no effect, or an answer said so: it may be sent again.
    func takeBack(_ line: Int, note: String) async throws {
        try await move(line, to: .intended, .lineTakenBack, note: note)
    }

    func answer(_ line: Int, note: String? = nil) async throws {
        try await move(line, to: .answered, .lineAnswered, note: note)
    }

    /// - Parameter error: what the vendor said, where it did.
    func fail(_ line: Int, note: String, _ error: ClientError? = nil) async throws {
        try await write { [self] tx in
            try set(line, .failed, note, .lineFailed, tx)
            try AttributeTable.learn(plan.plan.changes[line - 1], refusedBy: error, tenant: tenant, at: instant, tx)
        }
    }

    /// After a read-back: the lines are done, and what Muster knows of their people changes with them.
    func verify(_ changes: [Change]) async throws {
        try await write { [self] tx in
            for change in changes {
                try set(change.line, .verified, nil, .lineVerified, tx)
                try Self.learn(change, byHand: plan.plan.byHand == true, tenant: tenant, tx)
                try AppliedValues.keep(change, plan: plan, at: instant, tx)
                try RetiredTable.learn(change, tenant: tenant, now: instant, tx)
                try AttributeTable.learn(change, tenant: tenant, tx)
                try AuditNews.tell(change, plan: plan, who: who, at: instant, tx)
            }
        }
    }

    /// The end: nothing is left to send or to read.
    ///
    /// - Returns: the receipt with the head of the record, as it is kept.
    func finish(_ receipt: Receipt) async throws -> Receipt {
        try await write { [plan, tenant, instant, who] tx in
            var receipt = receipt
            receipt.auditHead = try AuditTrail.append(
                .applyFinished, plan.file.id,
                [
                    "receipt": receipt.receipt, "done": String(receipt.done), "failed": String(receipt.failed),
                    "verified": String(receipt.verified),
                ], tenant: tenant, actor: who, at: instant, tx)
            try tx.execute(
                "UPDATE plans SET state = 'finished', receipt = $2 WHERE hash = $1",
                [.text(plan.file.hash), .text(try StoredJSON.text(receipt))])
            return receipt
        }
    }

    private func move(_ line: Int, to state: State, _ action: AuditRecord.Action, note: String?) async throws {
        try await write { [self] tx in try set(line, state, note, action, tx) }
    }

    /// Moves a line, and records that it moved.
    func set(_ line: Int, _ state: State, _ note: String?, _ action: AuditRecord.Action, _ tx: any Transaction) throws {
        try tx.execute(
            "UPDATE journal SET state = $3, note = $4, attempts = attempts + $5, changed = $6 WHERE plan = $1 AND line = $2",
            [
                .text(plan.file.id), .int(line), .text(state.rawValue), .string(note), .int(state == .sent ? 1 : 0), .int(instant),
            ])
        // Lines are numbered from 1 in the plan's order.
        let change = plan.plan.changes[line - 1]
        try AuditTrail.append(
            action, change.account,
            [
                "plan": plan.file.id, "line": String(line), "kind": change.kind.rawValue, "person": change.person, "group": change.group,
                "counterpart": change.counterpart,
                "to": change.kind == .rename ? change.values?.address : nil, "note": note,
                "reason": state == .sent ? change.reason : nil,
            ], tenant: tenant, actor: who, at: instant, tx)
    }

    func write<T: Sendable>(_ body: @escaping @Sendable (any Transaction) throws -> T) async throws -> T {
        let result = try await store.write(tenant) { [fence, tenant, instant] tx in
            try TenantLock.hold(fence, tenant: tenant, now: instant, tx)
            return try body(tx)
        }
        #if FAILPOINTS
            Failpoint.journalWritten()
        #endif
        return result
    }

    /// What a verified change means for the links.
    ///
    /// What is done by hand says nothing of the source: whoever is made has no link, so that no source that lacks them removes them, and
    /// whoever is disabled is not enabled again for being named.
    private static func learn(_ change: Change, byHand: Bool, tenant: String, _ tx: any Transaction) throws {
        let account = EmailAddress.key(change.account)
        let person = EmailAddress.key(change.person)
        switch change.kind {
        case .create where byHand: return
        case .create:
            try LinkTable.put(
                Link(account: account, externalID: change.externalID, person: person), tenant: tenant, tx)
        case .rename:
            guard var link = try LinkTable.one(account: account, tenant: tenant, tx) else { return }
            try tx.execute("DELETE FROM links WHERE tenant = $1 AND account = $2", [.text(tenant), .text(account)])
            link.account = EmailAddress.key(change.values?.address ?? change.person)
            link.person = person
            try LinkTable.put(link, tenant: tenant, tx)
        case .disable, .enable:
            // By id too: a leaver's link still has the address from before somebody renamed the account at the vendor.
            try tx.execute(
                "UPDATE links SET disabled_by_us = $3, settled_row = NULL WHERE tenant = $1 AND (account = $2 OR account_id = $4)",
                [.text(tenant), .text(account), .bool(change.kind == .disable && !byHand), .string(change.accountID)])
        case .remove:
            try tx.execute("DELETE FROM links WHERE tenant = $1 AND account = $2", [.text(tenant), .text(account)])
        default: break
        }
    }
}
