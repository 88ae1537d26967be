import Foundation
import Mimecast
import MusterStore
import Planning

/// What Muster itself carried out since a read, to tell its own changes from those of others.
///
/// A line counts that the journal has as answered or verified. Lines are matched by kind, account and value, so that what somebody else made
/// of the account in the same time is not Muster's.
struct OwnWork {
    private struct Line {
        var change: Change
        var by: EventData.By
    }

    /// By the account's folded address before the line, and by the one after a rename.
    private var lines: [String: [Line]] = [:]
    private var groups: [String: EventData.By] = [:]
    private var renames: [String: String] = [:]

    /// - Parameter since: seconds since 1970.
    init(tenant: String, since: Int, _ tx: any Transaction) throws {
        let rows = try tx.all(
            """
            SELECT plan, line FROM journal WHERE tenant = $1 AND changed >= $2 AND state IN ('answered', 'verified') ORDER BY plan, line
            """, [.text(tenant), .int(since)]
        ) { (plan: $0.text(0), line: $0.int(1)) }
        guard !rows.isEmpty else { return }
        let actors = try Self.actors(tenant: tenant, since: since, tx)
        for (plan, numbers) in Dictionary(grouping: rows, by: \.plan).sorted(by: { $0.key < $1.key }) {
            guard
                let document = try tx.first(
                    "SELECT document FROM plans WHERE id = $1", [.text(plan)], { try PlanFile(reading: Data($0.blob(0))) })
            else { continue }
            for (_, number) in numbers where document.plan.changes.indices.contains(number - 1) {
                let change = document.plan.changes[number - 1]
                take(Line(change: change, by: .init(actor: actors[plan], plan: plan, line: number, reason: change.reason, own: true)))
            }
        }
    }

    private mutating func take(_ line: Line) {
        let change = line.change
        let key = EmailAddress.key(change.account)
        lines[key, default: []].append(line)
        if change.kind == .createGroup, let name = change.group { groups[name] = line.by }
        if change.kind == .rename, let address = change.values?.address {
            lines[EmailAddress.key(address), default: []].append(line)
            renames[EmailAddress.key(address)] = key
        }
    }

    /// Who applied which plan: the record has it beside each line.
    private static func actors(tenant: String, since: Int, _ tx: any Transaction) throws -> [String: String] {
        var actors: [String: String] = [:]
        // Newest first: what is older than the read ends the look, and nothing but the time is read of it.
        try tx.each("SELECT at, record FROM audit WHERE tenant = $1 ORDER BY number DESC", [.text(tenant)]) { row in
            guard row.int(0) >= since else { return false }
            let record = try StoredJSON.value(AuditRecord.self, row.text(1))
            let isLine = [.lineAnswered, .lineVerified, .lineSent].contains(record.action)
            if isLine, let plan = record.detail["plan"], actors[plan] == nil { actors[plan] = record.actor }
            return true
        }
        return actors
    }

    /// The folded address that Muster renamed to this one.
    func oldAddress(of key: String) -> String? { renames[key] }

    /// The line that made a change; nil where none did.
    ///
    /// - Parameter address: the folded one that the account had before, where that is another.
    func author(of draft: EventDraft, from address: String?) -> EventData.By? {
        if draft.type == .groupCreated { return draft.data.group?.name.flatMap { groups[$0] } }
        guard !lines.isEmpty, !draft.person.isEmpty else { return nil }
        let known = (lines[draft.person] ?? []) + (address.flatMap { lines[$0] } ?? [])
        return known.last { Self.made($0.change, draft) }?.by
    }

    private static func made(_ change: Change, _ draft: EventDraft) -> Bool {
        let (before, after) = (draft.data.before, draft.data.after)
        switch (draft.type, change.kind) {
        case (.accountCreated, .create), (.accountDisabled, .disable), (.accountEnabled, .enable), (.accountRemoved, .remove),
            (.accountRemoved, .purge):
            return true
        case (.accountRenamed, .rename):
            return change.values?.address.map(EmailAddress.key) == draft.person
        case (.accountChanged, .update), (.accountChanged, .rename):
            return wanted(change, after)
        case (.roleGranted, .update), (.roleGranted, .rename):
            return after?.role.map { change.values?.adminRoles?.contains($0) == true } ?? false
        case (.roleTaken, .update), (.roleTaken, .rename):
            return before?.role.map { change.values?.adminRoles?.contains($0) == false } ?? false
        case (.groupJoined, .addMember), (.groupLeft, .removeMember): return change.groupID == draft.data.group?.id
        case (.aliasAdded, .addAlias), (.aliasRemoved, .removeAlias):
            return change.counterpart.map(EmailAddress.key) == (after ?? before)?.alias.map(EmailAddress.key)
        case (.aliasAdded, .rename):
            // The old address stays as an alias.
            let alias = after?.alias.map(EmailAddress.key)
            return alias == EmailAddress.key(change.account) || lists(change, alias)
        case (.aliasAdded, .update): return lists(change, after?.alias.map(EmailAddress.key))
        case (.aliasRemoved, .update), (.aliasRemoved, .rename):
            return change.values?.aliases != nil && !lists(change, before?.alias.map(EmailAddress.key))
        default: return false
        }
    }

    private static func lists(_ change: Change, _ alias: String?) -> Bool {
        guard let alias, let aliases = change.values?.aliases else { return false }
        return aliases.contains { EmailAddress.key($0) == alias }
    }

    /// Whether the line set every field that differs to the value that it has now.
    private static func wanted(_ change: Change, _ after: EventData.Values?) -> Bool {
        guard let after, let values = change.values, after.internal == nil, after.source == nil else { return false }
        let pairs = [
            (after.name, values.name), (after.firstName, values.firstName), (after.lastName, values.lastName),
            (after.address, values.address),
        ]
        return pairs.allSatisfy { $0.0 == nil || $0.0 == $0.1 }
    }
}
