import SCIM

/// Bulk requests: RFC 7644, section 3.7. What is to be done in which order says ``BulkPlan``.
extension Exchange {
    func bulk() async throws -> SCIMResponse {
        let message = try BulkRequest(JSONValue.parse(request.body), maxOperations: settings.mostBulkOperations)
        var plan = BulkPlan(message, baseURL: baseURL)
        while let step = plan.next() {
            try Task.checkCancellation()
            do {
                plan.done(step, .done(try await carryOut(step)))
            } catch {
                plan.done(step, .failed(service.refusal(error)))
            }
        }
        return .json(200, plan.body.serialized)
    }

    private func carryOut(_ step: BulkStep) async throws -> BulkSuccess {
        let path = step.path[..<(step.path.utf8.firstIndex(of: UInt8(ascii: "?")) ?? step.path.endIndex)]
        let route = try service.routes.route(String(path))
        let method = Methods(name: step.method.rawValue)
        // The resources are not in the answer.
        let wanted = Wanted(members: .none, groups: false)
        switch route {
        case .resources(let endpoint):
            try check(method, isAmong: [.post], step)
            let entry = try await create(endpoint, step.data ?? JSONObject(), wanted)
            return try success(201, entry, endpoint)
        case .resource(let endpoint, let id):
            try check(method, isAmong: endpoint.methods.intersection([.put, .patch, .delete]), step)
            let condition = try condition(step)
            switch step.method {
            case .put:
                return try success(200, await replace(endpoint, id, step.data ?? JSONObject(), condition, wanted), endpoint)
            case .patch:
                return try success(200, await patch(endpoint, id, step.data ?? JSONObject(), condition, wanted), endpoint)
            case .delete, .post:
                try await provider.delete(endpoint.type, id: id, condition)
                return BulkSuccess(status: 204, id: id, location: try location(endpoint, id))
            }
        default: throw SCIMError(404, nil, "A bulk request changes resources; there are none at the path \(step.path.prefix(100)).")
        }
    }

    private func check(_ method: Methods, isAmong allowed: Methods, _ step: BulkStep) throws {
        if method.isSubset(of: allowed) { return }
        throw SCIMError(405, nil, "The method \(method) is not allowed at the path \(step.path.prefix(100)); allowed are \(allowed).")
    }

    /// Operations have a version instead of `If-Match`; what the plan itself adds needs none.
    private func condition(_ step: BulkStep) throws -> VersionCondition {
        guard let version = step.version, !version.isEmpty else {
            if settings.requiresIfMatch, step.purpose == .operation { throw SCIMError.preconditionRequired }
            return .any
        }
        return try Preconditions(ifMatch: EntityTags(version)).condition
    }

    private func success(_ status: Int, _ entry: ResourceEntry, _ endpoint: Endpoint) throws -> BulkSuccess {
        BulkSuccess(
            status: status, id: entry.id, location: try location(endpoint, entry.id), version: EntityTags.weak(entry.version))
    }

    private func location(_ endpoint: Endpoint, _ id: String) throws -> String {
        try view([endpoint], SearchParameters()).renderers[0].location(of: id)
    }
}
