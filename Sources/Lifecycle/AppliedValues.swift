import MusterStore
import Planning

/// What was applied to whom lately, for what flips back and forth.
enum AppliedValues {
    /// How long values are kept, in seconds: the longest span that can be configured.
    static let kept = 7 * 86_400

    /// Keeps what a verified line set.
    ///
    /// What takes another plan back is forgotten together with what it takes back: an undo is no flip.
    static func keep(_ change: Change, plan: StoredPlan, at instant: Int, _ tx: any Transaction) throws {
        let tenant = plan.plan.tenant
        for value in Hysteresis.values(of: change, at: instant, plan: plan.file.id) {
            if plan.plan.undoes != nil {
                try tx.execute(
                    "DELETE FROM applied_values WHERE tenant = $1 AND subject = $2 AND attribute = $3 AND plan = $4",
                    [.text(tenant), .text(value.subject), .text(value.attribute), .string(undone(plan.plan))])
                continue
            }
            try tx.execute(
                """
                INSERT INTO applied_values (plan, line, attribute, tenant, subject, value, at) VALUES ($1, $2, $3, $4, $5, $6, $7)
                ON CONFLICT (plan, line, attribute) DO NOTHING
                """,
                [
                    .text(value.plan), .int(change.line), .text(value.attribute), .text(tenant), .text(value.subject),
                    .text(value.value), .int(instant),
                ])
        }
    }

    /// Lets go what no span reaches any more.
    static func prune(_ tenant: String, at instant: Int, _ tx: any Transaction) throws {
        try tx.execute("DELETE FROM applied_values WHERE tenant = $1 AND at < $2", [.text(tenant), .int(instant - kept)])
    }

    /// - Parameter since: seconds since 1970.
    static func since(_ since: Int, tenant: String, _ tx: any Transaction) throws -> [AppliedValue] {
        try tx.all(
            "SELECT subject, attribute, value, at, plan FROM applied_values WHERE tenant = $1 AND at > $2 ORDER BY at, plan, line, attribute",
            [.text(tenant), .int(since)]
        ) { AppliedValue(subject: $0.text(0), attribute: $0.text(1), value: $0.text(2), at: $0.int(3), plan: $0.text(4)) }
    }

    /// Forgets what was applied to somebody.
    ///
    /// - Returns: how many values.
    static func forget(_ subjects: Set<String>, tenant: String, _ tx: any Transaction) throws -> Int {
        var count = 0
        for subject in subjects {
            count += try tx.execute(
                "DELETE FROM applied_values WHERE tenant = $1 AND subject = $2", [.text(tenant), .text(subject)])
        }
        return count
    }

    /// The plan that is taken back, by the receipt of its apply.
    private static func undone(_ plan: Plan) -> String? { plan.undoes.map { "p-" + $0.dropFirst(2) } }
}
