import SCIM

/// What a service is made of, once.
final class ServiceParts: Sendable {
    let registry: SchemaRegistry
    let settings: SCIMSettings
    let routes: RouteTable
    let seal: CursorSeal
    let quirks: QuirkShelf
    let discovery: DiscoveryShelf
    let views = ViewShelf()
    let now: @Sendable () -> Int
    private let onFailure: @Sendable (any Error) -> Void

    init(
        _ registry: SchemaRegistry, _ settings: SCIMSettings, now: @escaping @Sendable () -> Int,
        onFailure: @escaping @Sendable (any Error) -> Void
    ) {
        self.registry = registry
        self.settings = settings
        self.now = now
        self.onFailure = onFailure
        routes = RouteTable(registry, settings.operations)
        seal = CursorSeal(key: settings.cursorKey, seconds: settings.cursorSeconds)
        quirks = QuirkShelf(isStrict: settings.isStrict)
        discovery = DiscoveryShelf(registry, settings)
    }

    /// What the client is told of an error.
    func refusal(_ error: any Error) -> SCIMError {
        switch error {
        case let error as SCIMError: return error
        case let error as JSONFailure: return error.scimError
        default:
            onFailure(error)
            return SCIMError(500, nil, "Something went wrong here, not in the request. Try again later.")
        }
    }
}
