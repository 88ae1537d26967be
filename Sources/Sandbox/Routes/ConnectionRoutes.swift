import Mimecast
import SCIMStore

/// The company's own directory: its connections and its sync.
enum ConnectionRoutes {
    private typealias Calls = Endpoints.Portal

    static let all: [Route] = [
        .reading(Calls.connections, standard: Nothing()) { directory, _, _ in
            let rows = try directory.connections().map { $0.row(domain: directory.facts.domains.first ?? "") }
            return Reading(rows: rows, shown: rows.count, total: nil, next: nil, pagination: .never)
        },
        // Recorded with `data: []`, so it is no call that needs an item.
        .own(Calls.executeSync) { call in
            let count = try IncomingBody(call.body).items.count
            let outcome: Result<[SyncReply], ItemFailure> = try await call.write { directory, log in
                do {
                    if let fault = call.fault, fault.kind == .refuse {
                        throw ItemFailure(fault.code ?? FailureCode.forbiddenForAddress, "0003 Forbidden (scripted fault)")
                    }
                    guard count <= 1 else {
                        throw ItemFailure(FailureCode.tooManyItems, "This call takes one item, so none was carried out")
                    }
                    let connections = try directory.startSync()
                    for connection in connections { try log(call.line(.updated, target: connection.description)) }
                    if connections.isEmpty { try log(call.line(.none, target: nil)) }
                    return .success(connections.map { SyncReply(type: $0.serverType.uppercased()) })
                } catch let failure as ItemFailure {
                    try log(call.line(.refused, target: nil))
                    return .failure(failure)
                }
            }
            // It ends earlier than the next thing that was known to be due.
            call.state.life.wake(call.caller.tenant)
            switch outcome {
            case .success(let rows): return try .json(ReplyEnvelope<SyncReply>(status: 200, data: rows))
            case .failure(let failure):
                return try .json(
                    ReplyEnvelope<SyncReply>(status: 200, data: [], fail: [Failure(key: nil, errors: [failure.reason])]))
            }
        },
    ]
}
