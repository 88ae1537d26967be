import Mimecast

/// The pages of one list, fetched as they are asked for.
///
/// Ends after the last page. Throws ``ClientError``: `wrongAnswer` where a page token comes back or is no longer taken, or after
/// 100,000 pages; what was handed over before is as it came, and is not the whole list. An access token that runs out between two pages is
/// renewed, and the page asked for again. ``judged(_:)`` says whether what came was all.
public struct Pages<Page: Sendable>: AsyncSequence, Sendable {
    public typealias Element = Page

    /// - Parameters:
    ///   - token: nil for the first page.
    ///   - number: 1 for the first page.
    /// - Returns: the page and the next one's token, nil on the last.
    typealias Fetch = @Sendable (_ token: String?, _ number: Int) async throws -> (Page, next: String?)

    /// No list is this long; a vendor that says so is going in circles.
    static var bound: Int { 100_000 }

    private let path: String
    private let bound: Int
    private let fetch: Fetch

    init(path: String, bound: Int = Self.bound, fetch: @escaping Fetch) {
        self.path = path
        self.bound = bound
        self.fetch = fetch
    }

    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(path: path, bound: bound, fetch: fetch) }

    public struct AsyncIterator: AsyncIteratorProtocol, Sendable {
        private enum Place {
            case at(token: String?)
            case ended
        }

        private let path: String
        private let bound: Int
        private let fetch: Fetch
        private var place = Place.at(token: nil)
        /// Tokens by their hash: 8 bytes each, whatever their length, so that the longest list takes no more than a few MB. Of 10^5
        /// tokens two have the same hash once in 3·10^9 lists, and that list then fails instead of going in circles.
        private var seen: Set<Int> = []
        private var number = 0

        init(path: String, bound: Int, fetch: @escaping Fetch) {
            self.path = path
            self.bound = bound
            self.fetch = fetch
        }

        public mutating func next() async throws -> Page? {
            guard case .at(let token) = place else { return nil }
            // Whatever goes wrong below, the list is over.
            place = .ended
            if let token, !seen.insert(token.hashValue).inserted {
                throw wrong("gave a page token a second time, on page \(number)")
            }
            guard number < bound else { throw wrong("has more than \(bound) pages") }
            let page: Page
            let next: String?
            do {
                (page, next) = try await fetch(token, number + 1)
            } catch let error as ClientError where token != nil && error.saysTokenRanOut {
                throw wrong("no longer takes the token of page \(number + 1)", because: error)
            }
            number += 1
            if let next { place = .at(token: next) }
            return page
        }

        private func wrong(_ what: String, because error: ClientError? = nil) -> ClientError {
            ClientError(
                .wrongAnswer, "\(path) \(what): the list cannot be read to its end.",
                remedy: error == nil ? "Repeat later; report it to the vendor." : ClientError.Cause.pageTokenExpired.remedy ?? "",
                status: error?.status, reasons: error?.reasons ?? [], cause: error.map { _ in .pageTokenExpired })
        }
    }
}

extension ClientError {
    /// How a call with a page token says that it does not take it; nobody has recorded how the vendor does.
    fileprivate var saysTokenRanOut: Bool { cause == .invalidPage || cause == .malformedID }
}

extension TenantClient {
    /// What a page is besides its rows.
    struct PagePlace: Sendable {
        let number: Int
        let isLast: Bool
        /// Rows of this page by the vendor's own count.
        let announced: Int?
    }

    /// Reads a list at the endpoint's largest page size, the items sent again with each page.
    func pages<Item: Sendable, Row, Page: Sendable>(
        _ endpoint: Endpoint<Item, Row>, items: [Item], id: String? = nil,
        _ read: @escaping @Sendable (ReplyEnvelope<Row>, PagePlace) throws -> Page
    ) -> Pages<Page> {
        let description = endpoint.description
        let size: Int? =
            switch description.paging {
            case .none: nil
            case .envelope(_, let most), .query(_, let most): most
            }
        return Pages(path: description.path) { token, number in
            let page = PageRequest(pageSize: size, pageToken: token)
            let envelope = try await self.exchange(endpoint, items: items, id: id, page: page).envelope
            // A page with a failure is no page: rows would be missing without anybody knowing.
            try envelope.throwIfRefused(description)
            let pagination = envelope.meta?.pagination
            let next = pagination?.following
            return (try read(envelope, PagePlace(number: number, isLast: next == nil, announced: pagination?.pageSize)), next)
        }
    }

    /// The rows of any list in the vendor's catalogue, as they come, to its end.
    ///
    /// Where one row holds the rows (`UserList`), that one is the item of each page.
    ///
    /// - Parameter id: for a path with an `{id}`.
    public func list<Item, Row>(_ endpoint: Endpoint<Item, Row>, _ item: Item? = nil, id: String? = nil) -> Pages<RowPage<Row>> {
        pages(endpoint.kept, items: item.map { [Kept($0)] } ?? [], id: id) { envelope, place in
            RowPage(
                number: place.number, items: envelope.data, announced: place.announced,
                claimed: envelope.meta?.pagination?.totalCount, isLast: place.isLast)
        }
    }

    /// The rows of a list that stands inside one row of each page.
    ///
    /// - Parameter name: the list's.
    func list<Item, Outer, Row>(
        _ endpoint: Endpoint<Item, Outer>, _ item: Item, rows name: String, as row: Row.Type
    ) -> Pages<RowPage<Row>> {
        pages(endpoint.kept, items: [Kept(item)]) { envelope, place in
            RowPage(
                number: place.number, items: try envelope.data.flatMap { try $0.rows(name, as: row) }, announced: place.announced,
                claimed: envelope.meta?.pagination?.totalCount, isLast: place.isLast)
        }
    }

    /// A list that fails before it begins.
    func noPages<Page: Sendable>(_ path: String, _ error: ClientError) -> Pages<Page> {
        Pages(path: path) { _, _ in throw error }
    }
}
