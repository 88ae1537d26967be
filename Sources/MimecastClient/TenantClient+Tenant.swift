import Mimecast

extension TenantClient {
    /// The tenant that the application belongs to.
    public func tenant() async throws -> TenantFacts {
        switch dialect {
        case .guide:
            let row = try await only(Endpoints.Guide.account, items: [Nothing()])
            return TenantFacts(accountCode: row.accountCode, name: row.companyName, seats: row.maxUsers, userCount: nil)
        case .portal:
            let row = try await only(Endpoints.Portal.account, items: [])
            return TenantFacts(accountCode: row.accountCode, name: row.accountName, seats: nil, userCount: row.userCount)
        }
    }

    /// The tenant's own domains, folded, in the vendor's order, each once.
    public func domains() async throws -> [String] {
        var known: Set<String> = []
        var domains: [String] = []
        let pages = pages(Endpoints.Portal.domains, items: []) { envelope, _ in envelope.data.map(\.domain) }
        for try await page in pages {
            for domain in page.map(EmailAddress.foldDomain) where known.insert(domain).inserted { domains.append(domain) }
        }
        return domains
    }

    private func only<Item, Row>(_ endpoint: Endpoint<Item, Row>, items: [Item]) async throws -> Row {
        let envelope = try await call(endpoint, items: items)
        try envelope.throwIfRefused(endpoint.description)
        guard let row = envelope.data.first else { throw ClientError.empty(endpoint.description, writes: false) }
        return row
    }
}
