extension Endpoints.Portal {
    public static let account = Endpoint<Nothing, PortalAccount>(
        "portal.account", .post, "/api/account/get-account", dialects: [.portal], scope: .accountRead, category: .account,
        source: "facts")
    public static let packages = Endpoint<Nothing, ProvisionedPackage>(
        "portal.packages", .post, "/api/provisioning/get-packages", dialects: [.portal, .guide], scope: .accountRead, category: .account,
        source: "facts")
    public static let domains = Endpoint<DomainKey, InternalDomain>(
        "portal.domains", .post, "/api/domain/get-internal-domain", dialects: [.portal, .guide], scope: .userRead, category: .domain,
        paging: Endpoints.page, source: "facts")

    static let tenantCalls: [EndpointDescription] = [
        account.description, packages.description, domains.description,
    ]
}
