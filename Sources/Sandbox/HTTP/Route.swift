import Foundation
import Mimecast
import MusterStore

/// A described call with the code that carries it out.
struct Route: Sendable {
    let description: EndpointDescription
    let run: @Sendable (Call) async throws -> Answer

    /// A call that changes things, item by item. An item that fails leaves the others alone (partial success).
    ///
    /// The answer leaves after the commit; the request log's lines are part of it.
    static func writing<Item, Row>(
        _ endpoint: Endpoint<Item, Row>, _ handle: @escaping @Sendable (TenantDirectory, Item) throws -> Written<Row>
    ) -> Route {
        Route(description: endpoint.description) { call in
            let incoming = try IncomingBody<Item>(call.body)
            guard !incoming.items.isEmpty else {
                let reason = Failure.Reason(code: FailureCode.validationNull, message: "This call needs an item", field: "data")
                call.state.log.append(call.line(.refused, target: nil))
                return try .json(ReplyEnvelope<Row>(status: 200, data: [], fail: [Failure(key: nil, errors: [reason])]))
            }
            let outcomes = try await call.state.log.write(call.state) { tx, log in
                let directory = call.directory(tx)
                let outcomes = try incoming.items.map { item in
                    try Self.attempt(item, count: incoming.items.count, call) { try handle(directory, $0) }
                }
                for (item, outcome) in zip(incoming.items, outcomes) {
                    switch outcome {
                    case .success(let done): try log(call.line(done.effect, target: done.target))
                    case .failure: try log(call.line(.refused, target: Self.target(of: item)))
                    }
                }
                return outcomes
            }
            return try Self.answer(outcomes.map { $0.map(\.row) }, call, Item.self, pagination: nil)
        }
    }

    /// A call that reads, as a list with pages or as one answer.
    ///
    /// - Parameters:
    ///   - standard: the item that is meant where none came; nil where one is needed.
    ///   - encode: for bodies other than the envelope.
    static func reading<Item, Row>(
        _ endpoint: Endpoint<Item, Row>, standard: Item?,
        encode: (@Sendable (_ rows: [Row], _ page: PageReply?) throws -> Answer)? = nil,
        _ handle: @escaping @Sendable (TenantDirectory, Item, PageSlice) throws -> Reading<Row>
    ) -> Route {
        Route(description: endpoint.description) { call in
            let incoming = try PagedQuery<Item>(call, standard: standard)
            guard incoming.failures.isEmpty else {
                for _ in incoming.failures { call.state.log.append(call.line(.refused, target: nil)) }
                return try Self.answer(incoming.failures.map { Result<Row, ItemFailure>.failure($0) }, call, Item.self, pagination: nil)
            }
            guard let item = incoming.item else {
                let reason = Failure.Reason(code: FailureCode.validationNull, message: "This call needs an item", field: "data")
                call.state.log.append(call.line(.refused, target: nil))
                return try .json(ReplyEnvelope<Row>(status: 200, data: [], fail: [Failure(key: nil, errors: [reason])]))
            }
            let outcome = try await call.state.store.read { tx in
                try Self.attempt(.success(item), count: 1, call) { try handle(call.directory(tx), $0, incoming.slice) }
            }
            switch outcome {
            case .failure(let failure):
                call.state.log.append(call.line(.refused, target: Self.target(of: .success(item))))
                return try Self.answer([Result<Row, ItemFailure>.failure(failure)], call, Item.self, pagination: nil)
            case .success(let reading):
                call.state.log.append(call.line(.read, target: reading.target))
                let page = try incoming.reply(reading, item, call)
                if let encode { return try encode(reading.rows, page) }
                return try Self.answer(reading.rows.map { Result<Row, ItemFailure>.success($0) }, call, Item.self, pagination: page)
            }
        }
    }

    private static func attempt<Item: Codable & Sendable, Outcome>(
        _ item: Result<Item, any Error>, count: Int, _ call: Call, _ body: (Item) throws -> Outcome
    ) throws -> Result<Outcome, ItemFailure> {
        if call.fault?.kind == .refuse {
            return .failure(ItemFailure(call.fault?.code ?? FailureCode.forbiddenForAddress, "0003 Forbidden (scripted fault)"))
        }
        guard call.description.itemsPerCall == 0 || count <= call.description.itemsPerCall else {
            return .failure(
                ItemFailure(FailureCode.tooManyItems, "This call takes at most \(call.description.itemsPerCall), so none was carried out"))
        }
        guard case .success(let item) = item else {
            return .failure(ItemFailure(FailureCode.deserialise, "The item cannot be read"))
        }
        do {
            return .success(try body(item))
        } catch let failure as ItemFailure {
            return .failure(failure)
        }
    }

    private static func answer<Item: Codable & Sendable, Row: Codable & Sendable>(
        _ outcomes: [Result<Row, ItemFailure>], _ call: Call, _: Item.Type, pagination: PageReply?
    ) throws -> Answer {
        var rows: [Row] = []
        var failures: [Failure] = []
        // Read a second time only where something failed: only then the items are echoed.
        var echoes: [JSON]?
        for (index, outcome) in outcomes.enumerated() {
            switch outcome {
            case .success(let row): rows.append(row)
            case .failure(let failure):
                let known = echoes ?? IncomingBody<Item>.echoes(call.body)
                echoes = known
                failures.append(Failure(key: index < known.count ? known[index] : nil, errors: [failure.reason]))
            }
        }
        return try .json(ReplyEnvelope<Row>(status: 200, data: rows, fail: failures, pagination: pagination))
    }

    /// Whom an item is about, for the request log.
    private static func target(of item: Result<some Sendable, any Error>) -> String? {
        guard case .success(let value) = item else { return nil }
        return switch value {
        case let user as GuideUser: user.emailAddress ?? user.id
        case let key as UserKey: key.emailAddress ?? key.id
        case let user as NewUser: user.emailAddress
        case let update as UserUpdate: update.emailAddress
        case let change as MemberChange: change.emailAddress
        case let key as GroupKey: key.id
        default: nil
        }
    }
}
