import SCIM

/// What the service says of itself: RFC 7644, section 4.
extension Exchange {
    /// Paging, order and projection are passed over; a filter is refused with 403, as the RFC has it.
    func discovery(_ route: Route) throws -> SCIMResponse {
        let documents = service.discovery.documents(baseURL)
        let found: [UInt8]?
        switch route {
        case .serviceProviderConfig: found = documents.serviceProviderConfig
        case .resourceTypes: found = documents.resourceTypes
        case .schemas: found = documents.schemas
        case .resourceType(let name): found = documents.type(name)
        case .schema(let id): found = documents.schema(id)
        case .root, .search, .bulk, .me, .resources, .resource: found = nil
        }
        if SearchParameters.hasFilter(request.query) {
            throw SCIMError(403, nil, "What a service provider says of itself cannot be filtered; leave the filter out.")
        }
        guard let found else {
            throw SCIMError(404, nil, "There is no such document. /Schemas and /ResourceTypes list all of them.")
        }
        return .json(200, found)
    }
}
