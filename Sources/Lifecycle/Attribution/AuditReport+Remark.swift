extension AuditReport {
    /// What a person should know of it; nil where all is well, or was said before.
    public func remark(_ tenant: String) -> String? {
        if let refused {
            guard isKnown != true else { return nil }
            return
                "the audit log of \(tenant) is not shown to this application, so that nobody can say who changes what there: \(refused) (said once)"
        }
        if let missed, missed > 0 {
            let hours = (missed + 3_599) / 3_600
            return
                "the audit log of \(tenant) has a gap of \(hours) h: it was last read longer ago than the vendor looks back; changes of that time stay unattributed"
        }
        return broken.map { "the audit log of \(tenant) could not be read to its end and is read again next time: \($0)" }
    }
}
