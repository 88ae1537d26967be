import Mimecast
import MusterStore

/// The calls of the purge list: one item with many addresses, each of which may fail by itself.
enum PurgeRoute {
    /// Addresses of one call (facts).
    static let most = 1_000

    /// - Parameters:
    ///   - status: what the answer says of the addresses that were taken.
    ///   - change: checks and changes one address; gives it back as the account has it.
    static func route(
        _ endpoint: Endpoint<PurgeChange, PurgeReply>, status: String,
        _ change: @escaping @Sendable (TenantDirectory, String) throws -> (address: String, effect: Effect)
    ) -> Route {
        .own(endpoint) { call in
            let body = try IncomingBody(call.body)
            let wanted: [String]
            do {
                wanted = try addresses(body, call)
            } catch let failure as ItemFailure {
                let lines = max(1, body.items.count)
                for _ in 0..<lines { call.state.log.append(call.line(.refused, target: nil)) }
                guard !body.items.isEmpty else { return try .failed([Failure(key: nil, errors: [failure.reason])]) }
                return try .failed(body.items.map { Failure(key: $0, errors: [failure.reason]) })
            }
            let outcome = try await call.write { directory, log in
                var taken: [String] = []
                var failures: [Failure] = []
                for address in wanted {
                    do {
                        let done = try change(directory, address)
                        taken.append(done.address)
                        try log(call.line(done.effect, target: done.address))
                    } catch let failure as ItemFailure {
                        failures.append(
                            Failure(key: .object(["emailAddresses": .array([.string(address)])]), errors: [failure.reason]))
                        try log(call.line(.refused, target: address))
                    }
                }
                return (taken: taken, failures: failures)
            }
            call.state.life.wake(call.caller.tenant)
            let rows = outcome.taken.isEmpty ? [] : [PurgeReply(emailAddresses: outcome.taken, status: status)]
            return try .json(ReplyEnvelope(status: 200, data: rows, fail: outcome.failures))
        }
    }

    /// The addresses of the one item that the call takes.
    private static func addresses(_ body: IncomingBody, _ call: Call) throws -> [String] {
        if let failure = call.scriptedRefusal { throw failure }
        guard !body.items.isEmpty else { throw ItemFailure(FailureCode.validationNull, "This call needs an item", field: "data") }
        guard body.items.count <= call.description.itemsPerCall else {
            throw ItemFailure(FailureCode.tooManyItems, "This call takes at most \(call.description.itemsPerCall), so none was carried out")
        }
        guard let addresses = try body.item(PurgeChange.self, at: 0).emailAddresses else {
            throw ItemFailure(FailureCode.validationNull, "This field is required", field: "emailAddresses")
        }
        guard !addresses.isEmpty else {
            throw ItemFailure(FailureCode.validationBlank, "This field must not be blank", field: "emailAddresses")
        }
        guard addresses.count <= most else {
            throw ItemFailure(FailureCode.tooManyItems, "This call takes at most \(most) addresses", field: "emailAddresses")
        }
        return addresses
    }
}
