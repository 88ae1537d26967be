import Foundation
import Mimecast
import MusterStore

/// A described call with the code that carries it out.
struct Route: Sendable {
    let description: EndpointDescription
    let run: @Sendable (Call) async throws -> Answer

    /// A call that is its own kind of thing: files, pages of another form.
    static func own<Item, Row>(_ endpoint: Endpoint<Item, Row>, _ run: @escaping @Sendable (Call) async throws -> Answer) -> Route {
        Route(description: endpoint.description, run: run)
    }

    /// A call that changes things, item by item. An item that fails leaves the others alone (partial success).
    ///
    /// The answer leaves after the commit; the request log's lines are part of it.
    static func writing<Item, Row>(
        _ endpoint: Endpoint<Item, Row>, _ handle: @escaping @Sendable (TenantDirectory, Item) throws -> Written<Row>
    ) -> Route {
        Route(description: endpoint.description) { call in
            let body = try IncomingBody(call.body)
            guard !body.items.isEmpty else { return try noItem(call, Row.self) }
            let outcomes = try await call.write { directory, log in
                try body.items.indices.map { index in
                    let outcome = try attempt(call, count: body.items.count) { try handle(directory, body.item(Item.self, at: index)) }
                    switch outcome {
                    case .success(let done): try log(call.line(done.effect, target: done.target))
                    case .failure: try log(call.line(.refused, target: target(of: body.items[index])))
                    }
                    return outcome
                }
            }
            return try answer(outcomes.map { $0.map { [$0.row] } }, echoes: body.items)
        }
    }

    /// A call that reads about each of its items, without pages.
    static func lookup<Item, Row>(
        _ endpoint: Endpoint<Item, Row>, _ handle: @escaping @Sendable (TenantDirectory, Item) throws -> [Row]
    ) -> Route {
        Route(description: endpoint.description) { call in
            let body = try IncomingBody(call.body)
            guard !body.items.isEmpty else { return try noItem(call, Row.self) }
            let outcomes = try await call.read { directory in
                try body.items.indices.map { index in
                    try attempt(call, count: body.items.count) { try handle(directory, body.item(Item.self, at: index)) }
                }
            }
            for (index, outcome) in outcomes.enumerated() {
                let effect: Effect = if case .success = outcome { .read } else { .refused }
                call.state.log.append(call.line(effect, target: target(of: body.items[index])))
            }
            return try answer(outcomes, echoes: body.items)
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
                return try answer(incoming.failures.map { Result<[Row], ItemFailure>.failure($0) }, echoes: incoming.echoes)
            }
            guard let item = incoming.item else { return try noItem(call, Row.self) }
            let outcome = try await call.read { directory in
                try attempt(call, count: 1) { try handle(directory, item, incoming.slice) }
            }
            switch outcome {
            case .failure(let failure):
                call.state.log.append(call.line(.refused, target: incoming.echoes.first.flatMap { target(of: $0) }))
                if call.description.body == .plain { throw failure.refusal }
                return try answer([Result<[Row], ItemFailure>.failure(failure)], echoes: incoming.echoes)
            case .success(let reading):
                call.state.log.append(call.line(.read, target: reading.target))
                let page = try incoming.reply(reading, item, call)
                if let encode { return try encode(reading.rows, page) }
                return try .json(ReplyEnvelope<Row>(status: 200, data: reading.rows, pagination: page))
            }
        }
    }

    /// A call with plain objects that changes something: the body is the item, the answer the row.
    static func plainWriting<Item, Row>(
        _ endpoint: Endpoint<Item, Row>,
        _ handle: @escaping @Sendable (TenantDirectory, Item, _ id: String?) throws -> (row: Row, done: [(effect: Effect, target: String?)])
    ) -> Route {
        Route(description: endpoint.description) { call in
            let tree = try IncomingBody.tree(call.body) ?? .object([:])
            let outcome = try await call.write { directory, log in
                let outcome = try attempt(call, count: 1) {
                    guard let item = try? LenientDecoder.decode(Item.self, from: tree) else {
                        throw ItemFailure(FailureCode.deserialise, "The body cannot be read")
                    }
                    let (row, done) = try handle(directory, item, call.pathID)
                    for one in done { try log(call.line(one.effect, target: one.target)) }
                    return row
                }
                if case .failure = outcome { try log(call.line(.refused, target: target(of: tree) ?? call.pathID)) }
                return outcome
            }
            switch outcome {
            case .success(let row): return try .json(row)
            case .failure(let failure): throw failure.refusal
            }
        }
    }

    private static func noItem<Row: Codable & Sendable>(_ call: Call, _: Row.Type) throws -> Answer {
        let reason = Failure.Reason(code: FailureCode.validationNull, message: "This call needs an item", field: "data")
        call.state.log.append(call.line(.refused, target: nil))
        return try .json(ReplyEnvelope<Row>(status: 200, data: [], fail: [Failure(key: nil, errors: [reason])]))
    }

    private static func attempt<Outcome>(_ call: Call, count: Int, _ body: () throws -> Outcome) throws -> Result<Outcome, ItemFailure> {
        if let fault = call.fault, fault.kind == .refuse {
            return .failure(ItemFailure(fault.code ?? FailureCode.forbiddenForAddress, "0003 Forbidden (scripted fault)"))
        }
        guard call.description.itemsPerCall == 0 || count <= call.description.itemsPerCall else {
            return .failure(
                ItemFailure(FailureCode.tooManyItems, "This call takes at most \(call.description.itemsPerCall), so none was carried out"))
        }
        do {
            return .success(try body())
        } catch let failure as ItemFailure {
            return .failure(failure)
        } catch let refusal as CallRefusal where refusal.code == CallRefusal.foreignID.code && call.description.dialects == [.guide] {
            return .failure(ItemFailure(FailureCode.folderNotFound, "Group not found", field: "id"))
        }
    }

    private static func answer<Row: Codable & Sendable>(_ outcomes: [Result<[Row], ItemFailure>], echoes: [JSON]) throws -> Answer {
        var rows: [Row] = []
        var failures: [Failure] = []
        for (index, outcome) in outcomes.enumerated() {
            switch outcome {
            case .success(let found): rows += found
            case .failure(let failure):
                failures.append(Failure(key: index < echoes.count ? echoes[index].withoutPassword : nil, errors: failure.reasons))
            }
        }
        return try .json(ReplyEnvelope<Row>(status: 200, data: rows, fail: failures))
    }

    /// Whom an item is about, for the request log.
    static func target(of item: JSON) -> String? {
        for name in ["emailAddress", "alias", "primaryAddress", "id", "domain", "description"] {
            if let text = item[name]?.text { return text }
        }
        return nil
    }
}
