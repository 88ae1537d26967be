import Foundation
import Mimecast

/// A reading call's item and page, from the body's envelope or from the query.
struct PagedQuery<Item: Codable & Sendable>: Sendable {
    /// What is asked for; nil where an item is needed and none came.
    let item: Item?
    let slice: PageSlice
    /// One for each item, where they cannot be carried out.
    let failures: [ItemFailure]
    /// The items as they came.
    let echoes: [JSON]
    private let token: String?

    /// - Throws: ``CallRefusal`` for a page size out of range or a page token that this server did not make for this query.
    init(_ call: Call, standard: Item?) throws {
        var page: PageRequest?
        var bounds = (standard: 100, most: 500)
        var given: Item?
        if case .query(let usual, let most) = call.description.paging {
            bounds = (usual, most)
            page = try Self.page(inQuery: call.query)
            (given, failures, echoes) = (try Self.item(inQuery: call), [], [])
        } else if call.description.method == .get {
            (given, failures, echoes) = (try Self.item(inQuery: call), [], [])
        } else {
            let body = try IncomingBody(call.body)
            // A page asked for where there are none is ignored, as all unknown fields are.
            if case .envelope(let usual, let most) = call.description.paging { (bounds, page) = ((usual, most), body.page) }
            echoes = body.items
            if body.items.count > max(1, call.description.itemsPerCall) {
                failures = body.items.map { _ in ItemFailure(FailureCode.tooManyItems, "This call takes one item, so none was carried out")
                }
            } else if !body.items.isEmpty {
                do {
                    given = try body.item(Item.self, at: 0)
                    failures = []
                } catch let failure as ItemFailure {
                    failures = [failure]
                }
            } else {
                failures = []
            }
        }
        let size = page?.pageSize?.value ?? bounds.standard
        guard (1...bounds.most).contains(size) else { throw CallRefusal.badPage("The page size is not 1 to \(bounds.most)") }
        token = page?.pageToken.flatMap { $0.isEmpty ? nil : $0 }
        var after: [String] = []
        if let token {
            guard
                let opened = PageToken<Item>.open(
                    token, endpoint: call.description.name, tenant: call.caller.tenant, call.state.keys),
                try given == nil || Self.isSame(given, opened.item) || Self.isSame(given, standard)
            else { throw CallRefusal.badPage("The page token does not belong to this query") }
            after = opened.after
            item = opened.item
        } else {
            item = given ?? standard
        }
        slice = PageSlice(limit: size, after: after, isShort: call.fault?.kind == .shortPage, isAskedFor: page != nil)
    }

    /// The page's description, in the words of the call's dialect.
    func reply(_ reading: Reading<some Sendable>, _ item: Item, _ call: Call) throws -> PageReply? {
        func seal(_ after: [String]) throws -> String {
            try PageToken(endpoint: call.description.name, tenant: call.caller.tenant, item: item, after: after).sealed(call.state.keys)
        }
        var next = try reading.next.map(seal)
        // The fault of a server that goes round in a circle: this page's own token comes back.
        if call.fault?.kind == .repeatToken { next = try token ?? seal([]) }
        switch reading.pagination {
        case .never: return nil
        case .ifNeeded where next == nil && !slice.isAskedFor: return nil
        case .ifNeeded, .always: break
        }
        let isGuide = call.description.dialects == [.guide]
        return isGuide
            ? PageReply(pageSize: reading.shown, totalCount: reading.total, next: next, pageToken: next)
            : PageReply(pageSize: reading.shown, totalCount: reading.total, next: next, recordStart: reading.recordStart)
    }

    /// The query as an item, with what stands in the path's place for an id.
    private static func item(inQuery call: Call) throws -> Item {
        var members = call.query.filter { $0.key != "pageSize" && $0.key != "pageToken" }.mapValues { JSON.string($0) }
        if let id = call.pathID { members["id"] = .string(id) }
        do {
            return try LenientDecoder.decode(Item.self, from: .object(members))
        } catch {
            throw CallRefusal(400, FailureCode.deserialise, "The query cannot be read", form: .envelope)
        }
    }

    private static func page(inQuery query: [String: String]) throws -> PageRequest {
        var size: Int?
        if let text = query["pageSize"] {
            guard let number = Int(text) else { throw CallRefusal.badPage("The page size is not a whole number") }
            size = number
        }
        return PageRequest(pageSize: size, pageToken: query["pageToken"])
    }

    private static func isSame(_ left: Item?, _ right: Item?) throws -> Bool {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return try encoder.encode(left) == encoder.encode(right)
    }
}
