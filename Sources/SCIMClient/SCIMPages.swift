import SCIM

/// The pages of one list, fetched as they are asked for.
///
/// It ends only where the list is whole: every page was read, no resource came twice, and they are as many as the server counts, if it
/// counts. Otherwise it throws ``SCIMClientError``: `incomplete`, also where the totals of the pages differ, since people who come and go
/// between two pages move others past the reader. What was handed over before is as it came, and is not the whole list.
public struct SCIMPages: AsyncSequence, Sendable {
    public typealias Element = SCIMPage

    let endpoint: SCIMEndpoint
    let query: SCIMQuery
    let client: SCIMClient

    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(endpoint: endpoint, query: query, client: client) }

    /// Reads to the end.
    public func all() async throws -> (records: [SCIMRecord], completeness: SCIMPage.Completeness) {
        var records: [SCIMRecord] = []
        var completeness = SCIMPage.Completeness.unclaimed
        for try await page in self {
            records += page.records
            completeness = page.completeness ?? completeness
        }
        return (records, completeness)
    }

    public struct AsyncIterator: AsyncIteratorProtocol, Sendable {
        private let endpoint: SCIMEndpoint
        private let query: SCIMQuery
        private let client: SCIMClient
        private var walk: SCIMWalk?
        private var hasEnded = false

        init(endpoint: SCIMEndpoint, query: SCIMQuery, client: SCIMClient) {
            self.endpoint = endpoint
            self.query = query
            self.client = client
        }

        public mutating func next() async throws -> SCIMPage? {
            guard !hasEnded else { return nil }
            // Whatever goes wrong below, the list is over.
            hasEnded = true
            var walk: SCIMWalk
            if let known = self.walk { walk = known } else { walk = try await client.walk(endpoint, query) }
            let page = try await client.page(endpoint, query, &walk)
            hasEnded = page.completeness != nil
            self.walk = walk
            return page
        }
    }
}

extension SCIMClient {
    public func users(_ query: SCIMQuery = SCIMQuery()) -> SCIMPages { SCIMPages(endpoint: .users, query: query, client: self) }
    public func groups(_ query: SCIMQuery = SCIMQuery()) -> SCIMPages { SCIMPages(endpoint: .groups, query: query, client: self) }
    public func resources(_ endpoint: SCIMEndpoint, _ query: SCIMQuery = SCIMQuery()) -> SCIMPages {
        SCIMPages(endpoint: endpoint, query: query, client: self)
    }

    /// How the list is walked: by cursor where that is announced, else by index.
    fileprivate func walk(_ endpoint: SCIMEndpoint, _ query: SCIMQuery) async throws -> SCIMWalk {
        let features = try await features()
        if query.filter != nil, !features.filter {
            throw SCIMClientError(.notSupported, "The server does not filter.", remedy: "Read the whole list, and choose from it.")
        }
        if query.sortBy != nil, !features.sort {
            throw SCIMClientError(.notSupported, "The server does not sort.", remedy: "Read the list in the server's order, and sort it.")
        }
        let most = [features.maxResults, features.cursor ? features.maxPageSize : nil].compactMap { $0 }.min() ?? .max
        return SCIMWalk(byCursor: features.cursor, place: endpoint.path, pageSize: min(query.pageSize, most))
    }

    fileprivate func page(_ endpoint: SCIMEndpoint, _ query: SCIMQuery, _ walk: inout SCIMWalk) async throws -> SCIMPage {
        let call = Call(method: "GET", path: endpoint.path, query: query.parameters + walk.parameters)
        let answer = try await answer(to: call)
        let object = try requiredObject(in: answer, of: call)
        let records = try SCIMPage.records(in: object) { faults.unreadable($0, answer.reply, of: call.place, writes: false) }
        return try walk.take(
            records, total: object.value(ofAttribute: "totalResults")?.lenientInteger,
            start: object.value(ofAttribute: "startIndex")?.lenientInteger, next: object.value(ofAttribute: "nextCursor")?.text)
    }
}
