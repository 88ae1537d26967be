import HTTPTypes
import SCIM

/// Single resources: RFC 7644, sections 3.3, 3.4.1, 3.5 and 3.6.
extension Exchange {
    func create(_ endpoint: Endpoint) async throws -> SCIMResponse {
        let view = try view(endpoint)
        let entry = try await create(endpoint, body(), view.wanted)
        return try answer(201, entry, view)
    }

    func resource(_ endpoint: Endpoint, id: String, _ method: Methods) async throws -> SCIMResponse {
        let preconditions = try Preconditions(request.headers)
        switch method {
        case .put:
            let view = try view(endpoint)
            let entry = try await replace(endpoint, id, body(), condition(preconditions), view.wanted)
            return try answer(200, entry, view)
        case .patch: return try await patch(endpoint, id: id, condition(preconditions))
        case .delete:
            try await provider.delete(endpoint.type, id: id, condition(preconditions))
            return SCIMResponse(status: 204)
        default: return try await get(endpoint, id: id, preconditions)
        }
    }

    private func get(_ endpoint: Endpoint, id: String, _ preconditions: Preconditions) async throws -> SCIMResponse {
        let view = try view(endpoint)
        guard let entry = try await provider.get(endpoint.type, id: id, view.wanted) else {
            throw SCIMError.notFound(endpoint.type.name, id)
        }
        if let tags = preconditions.ifMatch, !tags.contains(entry.version) { throw SCIMError.versionMismatch }
        if preconditions.ifMatch == nil, let tags = preconditions.ifNoneMatch, tags.contains(entry.version) {
            return SCIMResponse(status: 304, headers: [.eTag: EntityTags.weak(entry.version)])
        }
        return try answer(200, entry, view)
    }

    private func patch(_ endpoint: Endpoint, id: String, _ condition: VersionCondition) async throws -> SCIMResponse {
        let parameters = try SearchParameters(query: request.query)
        let view = try view([endpoint], parameters)
        let isSilent =
            settings.patchAnswers == .nothing && parameters.attributes.isEmpty && parameters.excludedAttributes.isEmpty
        // Whoever adds one member to 50,000 has no use for all of them.
        let wanted = isSilent ? Wanted(members: .none, groups: false) : view.wantedAfterPatch
        let entry = try await patch(endpoint, id, body(), condition, wanted)
        if isSilent { return SCIMResponse(status: 204, headers: [.eTag: EntityTags.weak(entry.version)]) }
        return try answer(200, entry, view)
    }

    // MARK: Changes, which bulk requests make as well

    func create(_ endpoint: Endpoint, _ body: JSONObject, _ wanted: Wanted) async throws -> ResourceEntry {
        var body = body
        quirks.rewrite(resource: &body, type: endpoint.type)
        let (resource, members) = try endpoint.type.creation(body)
        return try await provider.create(endpoint.type, resource, members: members, wanted)
    }

    func replace(
        _ endpoint: Endpoint, _ id: String, _ body: JSONObject, _ condition: VersionCondition, _ wanted: Wanted
    ) async throws -> ResourceEntry {
        var body = body
        quirks.rewrite(resource: &body, type: endpoint.type)
        let (resource, members) = try endpoint.type.replacement(body)
        return try await provider.modify(endpoint.type, id: id, condition, .replace(resource, members: members), wanted)
    }

    func patch(
        _ endpoint: Endpoint, _ id: String, _ body: JSONObject, _ condition: VersionCondition, _ wanted: Wanted
    ) async throws -> ResourceEntry {
        let quirks = quirks
        var body = body
        quirks.rewrite(patch: &body, type: endpoint.type)
        let operations = try PatchOperation.list(body, type: endpoint.type)
        return try await provider.modify(endpoint.type, id: id, condition, .patch(operations, quirks.patchOptions), wanted)
    }

    // MARK: What a request asks for

    private func body() throws -> JSONObject {
        guard let object = try JSONValue.parse(request.body).object else {
            throw SCIMError.invalidSyntax("The body must be a JSON object.")
        }
        return object
    }

    private func condition(_ preconditions: Preconditions) throws -> VersionCondition {
        if settings.requiresIfMatch, preconditions.ifMatch == nil { throw SCIMError.preconditionRequired }
        return preconditions.condition
    }

    func view(_ endpoints: [Endpoint], _ parameters: SearchParameters) throws -> View {
        try service.views.view(endpoints, parameters, baseURL)
    }

    private func view(_ endpoint: Endpoint) throws -> View { try view([endpoint], SearchParameters(query: request.query)) }

    // MARK: The answer

    private func answer(_ status: Int, _ entry: ResourceEntry, _ view: View) throws -> SCIMResponse {
        let renderer = view.renderers[0]
        var body: [UInt8] = []
        body.reserveCapacity(entry.body.count + 512)
        try renderer.write(entry, into: &body)
        var response = SCIMResponse.json(status, body)
        response.headers.append(HTTPField(name: .eTag, value: EntityTags.weak(entry.version)))
        response.headers.append(HTTPField(name: .location, value: renderer.location(of: entry.id)))
        return response
    }
}

extension SCIMError {
    static let preconditionRequired = SCIMError(
        428, nil, "Changes need If-Match with the version that they are meant for. Read the resource, then repeat the change.")
}
