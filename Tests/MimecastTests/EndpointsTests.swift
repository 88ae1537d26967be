import Mimecast
import Testing

@Suite struct EndpointsTests {
    @Test func namesAreUnique() {
        #expect(Set(Endpoints.all.map(\.name)).count == Endpoints.all.count)
    }

    @Test(arguments: Dialect.allCases)
    func aPathAndMethodMeanOneCallInADialect(dialect: Dialect) {
        for generation in Generation.allCases {
            let served = Endpoints.all.filter { $0.isServed(generation, dialect) }
            #expect(Set(served.map { "\($0.method.rawValue) \($0.path)" }).count == served.count)
        }
    }

    @Test(arguments: Endpoints.all)
    func descriptionsAreConsistent(endpoint: EndpointDescription) {
        #expect(endpoint.path.hasPrefix("/"))
        #expect(!endpoint.path.hasSuffix("/"))
        #expect(!endpoint.generations.isEmpty)
        #expect(!endpoint.dialects.isEmpty)
        #expect(["guide", "facts", "ours"].contains(endpoint.source))
        #expect(endpoint.name.hasPrefix("guide.") || endpoint.name.hasPrefix("portal."))
        if endpoint.name.hasPrefix("guide.") {
            #expect(endpoint.dialects == [.guide])
            #expect(endpoint.generations == [.v2])
        } else {
            #expect(endpoint.dialects.contains(.portal))
        }
        // v1 is served the portal's shapes alone.
        if endpoint.generations.contains(.v1) { #expect(endpoint.dialects.contains(.portal)) }
        if endpoint.method == .get {
            #expect(endpoint.itemsPerCall == 0)
            #expect(!endpoint.writes)
        } else {
            #expect(endpoint.itemsPerCall >= 1)
        }
        #expect(endpoint.writes == [.userWrite, .userDelete].contains(endpoint.scope))
        if endpoint.writes { #expect(endpoint.paging == .none) }
        switch endpoint.paging {
        case .none: break
        case .envelope(let standard, let most):
            #expect(endpoint.method == .post)
            #expect(standard <= most && most <= 500)
        case .query(let standard, let most):
            #expect(endpoint.method == .get)
            #expect(standard <= most && most <= 500)
        }
        #expect((endpoint.body == .plain) == !endpoint.path.hasPrefix("/api/"))
    }

    @Test func everyScopeHasACall() {
        #expect(Set(Endpoints.all.map(\.scope)) == Set(Scope.allCases))
        #expect(Set(Endpoints.all.map(\.category)) == Set(EndpointDescription.Category.allCases))
    }

    @Test func theGuidesOwnPathsAreNotThePortals() {
        for dialect in Dialect.allCases {
            let paths = Endpoints.all.filter { $0.isServed(.v2, dialect) }
            #expect(paths.contains { $0.path.contains("managed-sender") } == (dialect == .guide))
            #expect(paths.contains { $0.method == .get && $0.path == "/api/user/get-internal-users" } == (dialect == .guide))
            #expect(paths.contains { $0.path == "/api/user/create-user" })
        }
        #expect(!Endpoints.all.contains { $0.isServed(.v1, .guide) && $0.path.contains("managed-sender") })
        #expect(!Endpoints.all.contains { $0.isServed(.v1, .portal) && $0.path.hasPrefix("/user/cloud-gateway") })
    }

    @Test(arguments: Generation.allCases)
    func everyRegionHasAHost(generation: Generation) {
        for region in Region.allCases {
            let url = region.baseURL(generation)
            #expect(url.hasPrefix("https://"))
            #expect(url.hasSuffix(generation == .v1 ? "api.mimecast.com" : "api.services.mimecast.com"))
        }
        #expect(Region.offshore.baseURL(.v1) == "https://je-api.mimecast.com")
        #expect(Region.uk.baseURL(.v2) == "https://uk-api.services.mimecast.com")
    }

    @Test func whatAKindCannotCarryIsNamed() {
        #expect(Capabilities(generation: .v2, dialect: .guide).fieldsNotCarried.isEmpty)
        let portal = Capabilities(generation: .v2, dialect: .portal)
        #expect(portal.fieldsNotCarried == ["firstName", "lastName", "aliases", "adminRoles"])
        #expect(Capabilities(generation: .v1, dialect: .guide) == portal)
    }
}
