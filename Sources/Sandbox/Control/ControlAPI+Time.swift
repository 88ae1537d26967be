import Foundation
import HTTPTypes
import MusterStore

/// The clock, and what happens to a tenant while nobody calls.
extension ControlAPI {
    private struct ClockMove: Codable {
        /// Seconds.
        var advance: Double?
        /// ISO 8601.
        var set: String?
    }
    private struct ClockReport: Encodable { var now: String }
    private struct Operations: Codable {
        var operations: [DirectoryOperation]
        /// nil is the first tenant.
        var tenant: String?
    }
    private struct Done: Encodable { var done: Int }

    /// How far the clock moves at once, in seconds: ten years. Everything that becomes due on the way is carried out.
    private static let farthest = 315_576_000.0

    static let time = [
        ControlRoute(.get, "/clock") { api, _ in try api.clockReport() },
        ControlRoute(.post, "/clock") { api, call in
            let move = try call.read(ClockMove.self)
            try await api.state.turnstile.run {
                try await api.state.clock.advance(by: api.seconds(move), api.state.store)
                try await api.catchUp()
            }
            return try api.clockReport()
        },
        ControlRoute(.post, "/directory") { api, call in
            let wanted = try call.read(Operations.self)
            return try .json(Done(done: await api.carryOut(wanted.operations, tenant: wanted.tenant ?? api.state.firstTenant)))
        },
    ]

    private func clockReport() throws -> Answer { try .json(ClockReport(now: state.clock.now.ISO8601Format())) }

    /// How far to move on.
    ///
    /// The clock does not go back: what it has dated would lie in the future. Restoring a snapshot is the way back.
    private func seconds(_ move: ClockMove) throws -> Double {
        var seconds: Double
        switch (move.advance, move.set) {
        case (let advance?, nil): seconds = advance
        case (nil, let time?):
            guard let wanted = try? Date(time, strategy: .iso8601) else {
                throw CallRefusal(400, "invalid_time", "set is an ISO 8601 time, such as 2026-03-01T09:00:00Z")
            }
            seconds = wanted.timeIntervalSince(state.clock.now)
            // A time in whole seconds names the whole second.
            if seconds > -1, seconds < 0 { seconds = 0 }
        default: throw CallRefusal(400, "invalid_time", "The clock takes advance or set")
        }
        guard seconds >= 0 else {
            throw CallRefusal(422, "clock_goes_forward", "The clock moves forward; restoring a snapshot is the way back")
        }
        guard seconds <= Self.farthest else { throw CallRefusal(422, "too_far", "The clock moves ten years at most at once") }
        return seconds
    }

    /// What became due happens now, so that whoever looks next at the log or an archive finds it.
    private func catchUp() async throws {
        let codes = try await state.store.read { tx in try TenantDesk.codes(tx, first: state.firstTenant) }
        for code in codes { try await state.life.catchUp(code) }
    }

    /// All of them in one transaction, or none.
    private func carryOut(_ operations: [DirectoryOperation], tenant: String) async throws -> Int {
        let clock = state.clock
        let done = try await state.store.write(tenant) { tx in
            let directory = try TenantDirectory(tx, tenant: tenant, actor: Actor.console, now: clock.milliseconds)
            try DirectoryOperation.carryOut(operations, directory)
            return operations.count
        }
        state.life.wake(tenant)
        return done
    }
}
