import SCIM
import Synchronization

/// What a request wants to see of resources: what is loaded for it, and how it is written.
final class View: Sendable {
    let wanted: Wanted
    /// For the answer to a PATCH: a group's members only where they are few or asked for.
    let wantedAfterPatch: Wanted
    /// For each endpoint, in their order.
    let renderers: [ResourceRenderer]

    init(_ projection: Projection, _ endpoints: [Endpoint], _ baseURL: String) {
        wanted = projection.wanted
        wantedAfterPatch = projection.wanted(fewMembers: true)
        renderers = endpoints.map { ResourceRenderer(baseURL: baseURL, type: $0.type, projection: projection) }
    }
}

/// Views, kept: what a projection comes to takes longer to find than a resource to write, and clients ask for the same ones all the time.
final class ViewShelf: Sendable {
    private struct Place: Hashable {
        /// Nil is all of them.
        var endpoint: ObjectIdentifier?
        var baseURL: ExactText
        var attributes: [ExactText]
        var excludedAttributes: [ExactText]
    }

    private let views = Mutex<[Place: View]>([:])

    /// Clients can make as many places as they like, by `Host` and by names.
    private static let mostViews = 64
    private static let mostNames = 20
    private static let mostNameBytes = 1_000

    /// - Parameter endpoints: one, or all.
    /// - Throws: 400 for attributes that exclude each other.
    func view(_ endpoints: [Endpoint], _ parameters: SearchParameters, _ baseURL: String) throws -> View {
        let names = parameters.attributes + parameters.excludedAttributes
        guard names.count <= Self.mostNames, names.reduce(0, { $0 + $1.utf8.count }) <= Self.mostNameBytes else {
            return try made(endpoints, parameters, baseURL)
        }
        let place = Place(
            endpoint: endpoints.count == 1 ? ObjectIdentifier(endpoints[0]) : nil, baseURL: ExactText(baseURL),
            attributes: parameters.attributes.map { ExactText($0) }, excludedAttributes: parameters.excludedAttributes.map { ExactText($0) }
        )
        if let found = views.withLock({ $0[place] }) { return found }
        let view = try made(endpoints, parameters, baseURL)
        views.withLock { views in
            if views.count >= Self.mostViews { views = [:] }
            views[place] = view
        }
        return view
    }

    private func made(_ endpoints: [Endpoint], _ parameters: SearchParameters, _ baseURL: String) throws -> View {
        let isWhole = parameters.attributes.isEmpty && parameters.excludedAttributes.isEmpty
        let projection =
            isWhole
            ? .all
            : try Projection(
                attributes: parameters.attributes, excluded: parameters.excludedAttributes, types: endpoints.map(\.type))
        return View(projection, endpoints, baseURL)
    }
}
