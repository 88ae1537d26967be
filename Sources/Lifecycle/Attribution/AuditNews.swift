import Mimecast
import MusterStore
import Planning

/// Events of what no read shows: what was made and undone between two reads, rights over mailboxes, and states that the dialect's lists
/// lack. Each goes into the log once, in the transaction that stores its cause.
enum AuditNews {
    /// Tells what only the audit log shows. What a read shows is told by the read.
    static func tell(_ trace: AuditTrace, tenant: String, at instant: Int, _ tx: any Transaction) throws {
        switch trace.kind {
        case .delegateAdded, .delegateRemoved:
            let acts = try OwnActs.of(
                [trace.subject], trace.at - Attribution.slack...trace.at + Attribution.slack, tenant: tenant, tx)
            // Of our own the journal tells (``tell(_:plan:who:at:_:)``).
            guard !trace.subject.isEmpty, Attribution.act(of: trace, among: acts) == nil else { return }
            try append(News(trace, by: .of(trace, acts: [])), tenant: tenant, at: instant, tx)
        case .accountDisabled, .accountEnabled:
            guard try isStateUnseen(trace.subject, tenant: tenant, tx) else { return }
            try append(News(trace, by: .of(trace, tenant: tenant, tx)), tenant: tenant, at: instant, tx)
        default: return
        }
    }

    /// Tells of a right over a mailbox that an own line gave or took, when it is verified.
    static func tell(_ change: Change, plan: StoredPlan, who: String, at instant: Int, _ tx: any Transaction) throws {
        guard [.addDelegate, .removeDelegate].contains(change.kind) else { return }
        let names = OwnAct.names(of: change)
        let news = News(
            type: change.kind == .addDelegate ? .delegateAdded : .delegateRemoved, person: names.subject, object: names.object,
            cause: "\(plan.file.id)/\(change.line)", at: instant,
            by: Attribution(.own, actor: who, at: AuditTrail.time(instant), plan: plan.file.id, line: change.line))
        try append(news, tenant: plan.plan.tenant, at: instant, tx)
    }

    /// Tells what was made and undone since the read before, when a read becomes current. Call it after the read's versions are turned.
    ///
    /// - Parameters:
    ///   - number: the read's.
    ///   - taken: when it began, in seconds since 1970: what was done since may or may not show in it, and waits for the next one.
    static func tellUndone(number: Int, taken: Int, tenant: String, at instant: Int, _ tx: any Transaction) throws {
        // Two reads back: what was made while a read was under way may have been undone only after it.
        let before = try tx.all(
            "SELECT number, taken FROM snapshots WHERE tenant = $1 AND number < $2 AND state = 'past' ORDER BY number DESC LIMIT 2",
            [.text(tenant), .int(number)]
        ) { (number: $0.int(0), taken: $0.int(1)) }
        guard let first = before.last, let tail = try AuditTable.tail(tenant, tx), first.taken <= taken else { return }
        var traces: [AuditTrace] = []
        try AuditTable.each(max(first.taken, tail.begun - Attribution.slack)...max(taken, first.taken, tail.begun), tenant: tenant, tx) {
            if UndonePairs.object(of: $0) != nil { traces.append($0) }
        }
        let states = ShownStates(tenant: tenant, from: first.number, to: number)
        for trace in try UndonePairs.find(traces, state: { try states.state(of: $0, tx) }) {
            try append(News(trace, by: .of(trace, tenant: tenant, tx), undone: true), tenant: tenant, at: instant, tx)
        }
    }

    private static func isStateUnseen(_ key: String, tenant: String, _ tx: any Transaction) throws -> Bool {
        try tx.first(
            "SELECT 1 FROM observed_accounts WHERE tenant = $1 AND key = $2 AND until IS NULL AND status IS NULL",
            [.text(tenant), .text(key)]
        ) { _ in true } ?? false
    }

    private static func append(_ news: News?, tenant: String, at instant: Int, _ tx: any Transaction) throws {
        guard var news else { return }
        news.groupID = try groupID(news.group, tenant: tenant, tx)
        try EventLog.append(try news.entry(tenant: tenant, seen: instant), tenant: tenant, tx)
    }

    /// The id of the group of a name; nil where there is none, or more than one. Audit events give no ids.
    private static func groupID(_ name: String, tenant: String, _ tx: any Transaction) throws -> String? {
        guard !name.isEmpty else { return nil }
        let ids = try tx.all("SELECT id, name FROM observed_groups WHERE tenant = $1 AND until IS NULL", [.text(tenant)]) {
            EmailAddress.fold($0.text(1)) == EmailAddress.fold(name) ? $0.text(0) : nil
        }.compactMap(\.self)
        return ids.count == 1 ? ids.first : nil
    }
}
