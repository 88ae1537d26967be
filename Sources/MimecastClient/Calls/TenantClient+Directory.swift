import Mimecast

/// The tenant: its account, domains and packages, and how its directory is synced.
extension TenantClient {
    /// The whole account record; ``tenant()`` has what every dialect knows of it.
    public func account() async throws -> Kept<PortalAccount> { try await lone(Endpoints.Portal.account) }

    /// The whole account record of the guide dialect.
    public func guideAccount() async throws -> Kept<GuideAccount> { try await lone(Endpoints.Guide.account, items: [Nothing()]) }

    public func packages() async throws -> [Kept<ProvisionedPackage>] { try await all(Endpoints.Portal.packages) }

    /// The tenant's own domains with what the vendor knows of them; ``domains()`` has their names.
    public func internalDomains() -> Pages<RowPage<InternalDomain>> { list(Endpoints.Portal.domains) }

    /// Domains in the cloud gateway's lists. v2.
    public func gatewayDomains(_ kind: GatewayDomainKind) -> Pages<RowPage<GatewayDomain>> {
        switch kind {
        case .internal: list(Endpoints.Gateway.internalDomains)
        case .external: list(Endpoints.Gateway.externalDomains)
        case .pending: list(Endpoints.Gateway.pendingDomains)
        }
    }

    /// The application that asks, and the tenant it acts in. v2.
    public func whoAmI() async throws -> Kept<WhoAmI> { try await lone(Endpoints.Gateway.whoami) }

    /// The connections to the company's directory.
    public func connections() async throws -> [Kept<Connection>] { try await all(Endpoints.Portal.connections) }

    /// Starts a sync of the directory, which runs on after the answer. The vendor has been seen to answer 504 to it: then, as of any
    /// write without an answer, ``connections()`` tell whether one runs.
    public func executeSync() async throws -> [Kept<SyncReply>] { try await all(Endpoints.Portal.executeSync) }

    /// All rows of a call that takes no item and has no pages.
    func all<Row>(_ endpoint: Endpoint<Nothing, Row>, items: [Nothing] = []) async throws -> [Kept<Row>] {
        let envelope = try await call(endpoint.kept, items: items.map { Kept($0) })
        try envelope.throwIfRefused(endpoint.description)
        return envelope.data
    }

    private func lone<Row>(_ endpoint: Endpoint<Nothing, Row>, items: [Nothing] = []) async throws -> Kept<Row> {
        guard let row = try await all(endpoint, items: items).first else {
            throw ClientError.empty(endpoint.description, writes: endpoint.description.writes)
        }
        return row
    }
}

/// Which of the tenant's domains.
public enum GatewayDomainKind: String, Sendable, CaseIterable { case `internal`, external, pending }
