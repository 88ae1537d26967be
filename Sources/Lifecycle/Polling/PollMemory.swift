import Foundation
import MusterStore
import Planning

/// What of a tenant's schedule outlives the process: when it is to be read next, and what that costs.
struct PollMemory: Sendable {
    let store: any Store
    let tenant: String
    let now: @Sendable () -> Date

    /// The schedule, taken up where an earlier process left it.
    ///
    /// - Parameter steady: seconds of the clock that the schedule goes by.
    func recall(_ settings: PollSchedule.Settings, steady: Double) async throws -> PollSchedule {
        let instant = Int(now().timeIntervalSince1970)
        let (kept, tail) = try await store.read { [tenant] tx in
            let kept = try tx.first("SELECT read_due, failures, cost FROM polls WHERE tenant = $1", [.text(tenant)]) {
                (due: $0.int(0), failures: $0.int(1), cost: $0.textOrNil(2))
            }
            return (kept, try AuditTable.tail(tenant, tx))
        }
        let refused = tail?.refused != nil
        var schedule = PollSchedule(
            settings, now: steady, readIn: kept.map { Double($0.due - instant) },
            lookIn: tail.map { Double($0.read - instant) + settings.look },
            // What cannot be read is measured anew.
            cost: kept?.cost.flatMap { try? StoredJSON.value(PollSchedule.Cost.self, $0) }, failures: kept?.failures ?? 0)
        if refused { schedule.lookRefused(steady, random: 0.5) }
        return schedule
    }

    func keep(_ schedule: PollSchedule, steady: Double) async throws {
        let due = Int(now().timeIntervalSince1970) + Int(min(max(schedule.readDue - steady, 0), 1e9))
        let cost = try schedule.lastCost.map { try StoredJSON.text($0) }
        try await store.write(tenant) { [tenant] tx in
            try tx.execute(
                """
                INSERT INTO polls (tenant, read_due, failures, cost) VALUES ($1, $2, $3, $4)
                ON CONFLICT (tenant) DO UPDATE SET read_due = $2, failures = $3, cost = $4
                """, [.text(tenant), .int(due), .int(schedule.failures), .string(cost)])
        }
    }
}
