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
            for (index, call) in served.enumerated() {
                for other in served[(index + 1)...] where other.method == call.method {
                    #expect(!isOnePath(call.path, other.path), "\(call.name) and \(other.name)")
                }
            }
        }
    }

    /// Whether one URL can be meant by both: a `{id}` is any segment.
    private func isOnePath(_ one: String, _ other: String) -> Bool {
        let one = one.split(separator: "/"), other = other.split(separator: "/")
        return one.count == other.count && zip(one, other).allSatisfy { $0 == $1 || $0 == "{id}" || $1 == "{id}" }
    }

    @Test(arguments: Endpoints.all)
    func descriptionsAreConsistent(endpoint: EndpointDescription) {
        #expect(!endpoint.generations.isEmpty)
        #expect(!endpoint.dialects.isEmpty)
        #expect(["guide", "facts", "ours"].contains(endpoint.source))
        if endpoint.method == .get {
            #expect(endpoint.itemsPerCall == 0)
            #expect(!endpoint.writes)
        } else {
            #expect(endpoint.itemsPerCall >= 1)
        }
        #expect(endpoint.writes == (endpoint.scope == .userWrite || endpoint.scope == .userDelete))
        if endpoint.writes { #expect(endpoint.paging == .none) }
        switch endpoint.paging {
        case .none: break
        case .envelope(let standard, let most):
            #expect(endpoint.method == .post)
            #expect(endpoint.itemsPerCall == 1)
            #expect(standard <= most && most <= 500)
        case .query(let standard, let most):
            #expect(endpoint.method == .get)
            #expect(standard <= most && most <= 500)
        }
        switch endpoint.body {
        case .plain: #expect(endpoint.itemsPerCall <= 1)
        case .file: #expect(endpoint.method == .post && endpoint.itemsPerCall == 1 && endpoint.writes)
        case .envelope: break
        }
        #expect((endpoint.body == .plain) == !endpoint.path.hasPrefix("/api/"))
    }

    @Test(arguments: Endpoints.all)
    func pathsAreWellFormed(endpoint: EndpointDescription) {
        let segments = endpoint.path.split(separator: "/", omittingEmptySubsequences: false)
        #expect(segments.first == "" && segments.count > 2)
        #expect(segments.dropFirst().allSatisfy { !$0.isEmpty })
        let named = segments.filter { $0.contains { "{}".contains($0) } }
        #expect(named.isEmpty || named == ["{id}"])
        #expect(!endpoint.path.contains { "?#% ".contains($0) })
        if !named.isEmpty { #expect(endpoint.body == .plain) }
    }

    @Test(arguments: Endpoints.all)
    func aNameSaysWhoIsServed(endpoint: EndpointDescription) {
        switch endpoint.name.prefix(while: { $0 != "." }) {
        case "guide":
            #expect(endpoint.dialects == [.guide])
            #expect(endpoint.generations == [.v2])
        case "portal":
            #expect(endpoint.dialects.contains(.portal))
            #expect(endpoint.generations == [.v1, .v2])
        case "gateway":
            #expect(endpoint.dialects == [.portal, .guide])
            #expect(endpoint.generations == [.v2])
            #expect(endpoint.body == .plain)
        case "logs":
            #expect(endpoint.dialects == [.portal, .guide])
            #expect(endpoint.scope == .accountRead)
            #expect((endpoint.body == .plain) == (endpoint.generations == [.v2]))
        case "login":
            #expect(endpoint.dialects == [.portal])
            #expect(endpoint.generations == [.v1])
            #expect(endpoint.scope == nil)
        default: Issue.record("\(endpoint.name) belongs to no kind")
        }
        // v1 is served the portal's shapes alone.
        if endpoint.generations.contains(.v1) { #expect(endpoint.dialects.contains(.portal)) }
    }

    @Test func whoeverHasNoBindingYetCannotSign() {
        #expect(Endpoints.all.filter { !$0.isSigned }.map(\.name) == ["login.discover", "login.login"])
    }

    @Test func noOtherCallGoesWithoutARight() {
        #expect(
            Set(Endpoints.all.filter { $0.scope == nil }.map(\.name)) == [
                "gateway.whoami", "login.discover", "login.login", "login.logout",
            ])
    }

    @Test func everyScopeHasACall() {
        #expect(Set(Endpoints.all.compactMap(\.scope)) == Set(Scope.allCases))
        #expect(Set(Endpoints.all.map(\.category)) == Set(EndpointDescription.Category.allCases))
        #expect(Set(Endpoints.all.map(\.product)) == Set(Product.allCases))
    }

    @Test(arguments: [
        (Endpoints.Portal.profile.description, 1), (Endpoints.Portal.updateAlias.description, 5),
        (Endpoints.Portal.removeAlias.description, 5), (Endpoints.Portal.attributes.description, 25),
        (Endpoints.Portal.removeDelegate.description, 25), (Endpoints.Portal.importStatus.description, 10),
        (Endpoints.Portal.createGroup.description, 10), (Endpoints.Portal.deleteGroup.description, 10),
        (Endpoints.Portal.addMember.description, 500), (Endpoints.Logs.auditEvents.description, 1),
    ])
    func itemsPerCallAreTheVendors(endpoint: EndpointDescription, items: Int) {
        #expect(endpoint.itemsPerCall == items)
    }

    @Test func theGuidesOwnPathsAreNotThePortals() {
        for dialect in Dialect.allCases {
            let paths = Endpoints.all.filter { $0.isServed(.v2, dialect) }
            #expect(paths.contains { $0.path.contains("managed-sender") } == (dialect == .guide))
            #expect(paths.contains { $0.method == .get && $0.path == "/api/user/get-internal-users" } == (dialect == .guide))
            #expect(paths.contains { $0.path == "/api/user/create-user" })
        }
        #expect(!Endpoints.all.contains { $0.isServed(.v1, .guide) && $0.path.contains("managed-sender") })
        #expect(!Endpoints.all.contains { $0.isServed(.v1, .portal) && $0.body == .plain })
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
