import Foundation
import HTTPTypes
import Mimecast
import MusterStore

/// Several tenants, each in a region.
extension ControlAPI {
    private struct Report: Encodable { var tenants: [TenantReport] }

    static let tenants = [
        ControlRoute(.get, "/tenants") { api, _ in
            try .json(
                Report(
                    tenants: await api.state.store.read { tx in
                        try TenantDesk.codes(tx, first: api.state.firstTenant).map { try api.report(tx, $0) }
                    }))
        },
        ControlRoute(.post, "/tenants") { api, call in
            let order = try call.read(TenantDesk.Order.self)
            let code = try await api.state.turnstile.run { try await api.desk.create(order) }
            let values = try await api.credentials(code).map { ($0.name, $0.value) }
            return try .json(Dictionary(values) { first, _ in first }, status: 201)
        },
        ControlRoute(.get, "/tenants/*") { api, call in
            try .json(await api.state.store.read { try api.report($0, call.id(0)) })
        },
        ControlRoute(.post, "/tenants/*") { api, call in
            let (code, change) = (call.id(0), try call.read(TenantChange.self))
            try await api.state.turnstile.run { try await api.inTenant(code) { try change.carryOut($0) } }
            api.state.life.wake(code)
            return try .json(await api.state.store.read { try api.report($0, code) })
        },
        ControlRoute(.delete, "/tenants/*") { api, call in
            try await api.state.turnstile.run { try await api.desk.remove(call.id(0)) }
            return Answer(status: 204)
        },
        ControlRoute(.get, "/tenants/*/credentials") { api, call in
            let lines = try await api.credentials(call.id(0)).map { "\($0.name)='\($0.value)'\n" }.joined()
            return Answer(
                status: 200, headers: [.contentType: "text/plain; charset=utf-8", .cacheControl: "no-store"], body: [UInt8](lines.utf8))
        },
    ]

    var desk: TenantDesk { TenantDesk(state: state) }

    private func report(_ tx: any Transaction, _ code: String) throws -> TenantReport {
        let facts = try desk.facts(tx, code)
        return try TenantReport(tx, facts, baseURL: state.address(of: facts.region))
    }

    private func credentials(_ code: String) async throws -> [(name: String, value: String)] {
        let facts = try await state.store.read { try desk.facts($0, code) }
        guard let baseURL = state.address(of: facts.region) else {
            throw CallRefusal(422, "region_not_served", "This sandbox does not serve the region \(facts.region.rawValue) (--regions)")
        }
        return desk.credentials(code).values(baseURL: baseURL, facts: facts)
    }

    /// Changes a tenant as somebody in its console does.
    func inTenant<T: Sendable>(_ code: String, _ body: @escaping @Sendable (TenantDirectory) throws -> T) async throws -> T {
        let (clock, desk) = (state.clock, desk)
        return try await state.store.write(code) { tx in
            let facts = try desk.facts(tx, code)
            return try body(TenantDirectory(tx, facts: facts, actor: .console(facts), now: clock.milliseconds))
        }
    }
}
