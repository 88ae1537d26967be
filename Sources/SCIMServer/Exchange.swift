import HTTPTypes
import SCIM

/// One request on its way to its answer.
struct Exchange: Sendable {
    let service: ServiceParts
    let request: SCIMRequest
    let provider: any ResourceProvider
    let caller: SCIMCaller
    /// Without a slash at the end.
    let baseURL: String

    /// Of path and query.
    private static let mostAddressBytes = 16_384

    var settings: SCIMSettings { service.settings }
    var quirks: Quirks { service.quirks.quirks(caller, userAgent: request.headers[.userAgent]) }

    func answer() async throws -> SCIMResponse {
        guard request.path.utf8.count + request.query.utf8.count <= Self.mostAddressBytes else {
            throw SCIMError(414, nil, "Path and query have more than \(Self.mostAddressBytes) bytes; ask by POST to /.search.")
        }
        guard let route = try service.routes.route(request.path) else { throw Self.notServed }
        let method = Methods(name: request.method)
        guard !method.isEmpty, route.methods.contains(method) else { return .methodNotAllowed(request.method, route.methods) }
        try checkBody(route, method)
        switch route {
        case .root: return try await search(service.routes.endpoints, SearchParameters(query: request.query))
        case .search(let endpoint):
            let parameters = try SearchParameters(JSONValue.parse(request.body))
            return try await search(endpoint.map { [$0] } ?? service.routes.endpoints, parameters)
        case .bulk: return try await bulk()
        case .resources(let endpoint):
            if method == .post { return try await create(endpoint) }
            return try await search([endpoint], SearchParameters(query: request.query))
        case .resource(let endpoint, let id): return try await resource(endpoint, id: id, method)
        case .me:
            guard let own = caller.resource,
                let endpoint = service.routes.endpoints.first(where: { ExactText.areEqual($0.type.name, own.type) })
            else { throw SCIMError(404, nil, "The caller is nobody's account, so there is no /Me.") }
            return try await resource(endpoint, id: own.id, method)
        case .serviceProviderConfig, .resourceTypes, .resourceType, .schemas, .schema: return try discovery(route)
        }
    }

    private static let notServed = SCIMError(404, nil, "Nothing is served at this path. /ResourceTypes lists what is.")

    private func checkBody(_ route: Route, _ method: Methods) throws {
        var most = settings.mostBytes
        if case .bulk = route { most = settings.mostBulkBytes }
        guard request.body.count <= most else {
            throw SCIMError(413, nil, "The body has \(request.body.count) bytes; at most \(most) are taken.")
        }
        if method.isSubset(of: [.post, .put, .patch]), !request.body.isEmpty { try MediaType.check(request.headers) }
    }
}
