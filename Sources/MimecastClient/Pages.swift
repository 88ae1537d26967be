import Mimecast

/// The pages of one list, fetched as they are asked for.
///
/// Ends after the last page. Throws ``ClientError``: `wrongAnswer` where a page token comes back, or after ``bound`` pages; what was
/// handed over before is as it came, and is not the whole list.
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
        private var seen: Set<String> = []
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
            if let token, !seen.insert(token).inserted {
                throw wrong("gave a page token a second time, on page \(number)")
            }
            guard number < bound else { throw wrong("has more than \(bound) pages") }
            let (page, next) = try await fetch(token, number + 1)
            number += 1
            if let next { place = .at(token: next) }
            return page
        }

        private func wrong(_ what: String) -> ClientError {
            ClientError(
                .wrongAnswer, "\(path) \(what): the list cannot be read to its end.", remedy: "Repeat later; report it to the vendor.")
        }
    }
}

extension TenantClient {
    /// What a page is besides its rows.
    struct PagePlace: Sendable {
        let number: Int
        let isLast: Bool
    }

    /// Reads a list at the endpoint's largest page size, the items sent again with each page.
    func pages<Item: Sendable, Row, Page: Sendable>(
        _ endpoint: Endpoint<Item, Row>, items: [Item],
        _ read: @escaping @Sendable (ReplyEnvelope<Row>, PagePlace) throws -> Page
    ) -> Pages<Page> {
        let description = endpoint.description
        let size: Int? =
            switch description.paging {
            case .none: nil
            case .envelope(_, let most), .query(_, let most): most
            }
        return Pages(path: description.path) { token, number in
            let envelope = try await self.call(endpoint, items: items, page: PageRequest(pageSize: size, pageToken: token))
            // A page with a failure is no page: rows would be missing without anybody knowing.
            try envelope.throwIfRefused(description)
            let next = envelope.meta?.pagination?.following
            return (try read(envelope, PagePlace(number: number, isLast: next == nil)), next)
        }
    }

    /// A list that fails before it begins.
    func noPages<Page: Sendable>(_ path: String, _ error: ClientError) -> Pages<Page> {
        Pages(path: path) { _, _ in throw error }
    }
}
