import Foundation
import HTTPTypes
import MusterStore
import SCIMStore

/// Everything as it was: all tenants with their people, applications and tokens, and the clock.
extension ControlAPI {
    private struct Name: Codable { var name: String }
    private struct Report: Encodable { var snapshots: [SnapshotShelf.Entry] }
    private struct Restored: Encodable {
        var name: String
        var now: String
    }

    static let snapshots = [
        ControlRoute(.get, "/snapshots") { api, _ in try .json(Report(snapshots: api.state.shelf.all)) },
        ControlRoute(.post, "/snapshot") { api, call in
            let name = try call.read(Name.self).name
            return try .json(await api.state.turnstile.run { try await api.state.shelf.take(name) }, status: 201)
        },
        ControlRoute(.delete, "/snapshots/*") { api, call in
            try await api.state.turnstile.run { try api.state.shelf.remove(call.id(0)) }
            return Answer(status: 204)
        },
        ControlRoute(.post, "/restore") { api, call in
            let name = try call.read(Name.self).name
            try await api.state.turnstile.run { try await api.restore(name) }
            return try .json(Restored(name: name, now: api.state.clock.now.ISO8601Format()))
        },
    ]

    /// The clock goes back within the transaction: what is written after it must not be dated, or carried out, by the later time.
    private func restore(_ name: String) async throws {
        let (clock, ahead) = (state.clock, state.clock.ahead)
        let key = try await state.store.read { try SettingsTable.value($0, "key") }
        do {
            try await state.shelf.restore(name) { tx in
                guard try SettingsTable.value(tx, "key") == key else {
                    throw CallRefusal(422, "foreign_snapshot", "The snapshot \(name) is of another data file")
                }
                try clock.restore(tx)
            }
        } catch {
            clock.set(ahead)
            throw error
        }
        state.authenticator.forget()
        state.scimPositions.forget()
        state.quotas.forget()
        state.life.wake()
    }
}
