import MusterStore
import Planning

extension Attribution {
    /// Who made a change that a read shows, by what is stored: own lines and the vendor's audit events.
    ///
    /// Costs two look-ups by index for each subject. Read the audit log first (``AuditTail``), to its end after the last page of the read:
    /// what it does not hold yet stays unknown.
    ///
    /// - Parameters:
    ///   - from: when the read before began, in seconds since 1970.
    ///   - to: when this read ended.
    static func of(_ change: ObservedChange, from: Int, to: Int, tenant: String, _ tx: any Transaction) throws -> Attribution {
        let window = min(from, to)...max(from, to)
        let times = window.lowerBound - slack...window.upperBound + slack
        var traces = try AuditTable.traces(change.subjects, times, tenant: tenant, tx)
        if change.isDirectoryManaged || change.type == "account.plain" {
            traces += try AuditTable.traces([""], times, tenant: tenant, tx).filter { $0.kind == .directorySynced }
        }
        return judge(change, traces: traces, acts: try OwnActs.of(change.subjects, times, tenant: tenant, tx), within: window)
    }

    /// Whose an audit event is.
    static func of(_ trace: AuditTrace, tenant: String, _ tx: any Transaction) throws -> Attribution {
        of(trace, acts: try OwnActs.of([trace.subject], trace.at - slack...trace.at + slack, tenant: tenant, tx))
    }
}
