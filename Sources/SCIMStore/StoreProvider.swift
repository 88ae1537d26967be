import MusterStore
import SCIM

/// The resources of one tenant in a store, as a SCIM endpoint stands on them. Each call is one transaction.
public struct StoreProvider: ResourceProvider {
    let store: any Store
    let tenant: String
    let registry: SchemaRegistry
    let hooks: any ResourceHooks
    let remembered: RememberedPositions
    let groups: RememberedGroups
    let endpoints: Endpoints
    let now: @Sendable () -> Int
    let newID: @Sendable () -> String

    /// - Parameters:
    ///   - remembered: kept by whoever makes providers, for all of them; so are `groups`, of this one store.
    ///   - now: milliseconds since 1970.
    ///   - newID: makes an id that was never given before.
    public init(
        store: any Store, tenant: String, registry: SchemaRegistry, hooks: any ResourceHooks = NoHooks(),
        remembered: RememberedPositions = RememberedPositions(), groups: RememberedGroups = RememberedGroups(),
        now: @escaping @Sendable () -> Int,
        newID: @escaping @Sendable () -> String
    ) {
        self.store = store
        self.tenant = tenant
        self.registry = registry
        self.hooks = hooks
        self.remembered = remembered
        self.groups = groups
        self.now = now
        self.newID = newID
        endpoints = Endpoints(registry)
    }

    public func get(_ type: ResourceType, id: String, _ wanted: Wanted) async throws -> ResourceEntry? {
        try await store.read { [tenant, endpoints, groups] tx in
            try ResourceStore(tx, tenant: tenant, remembered: groups).entry(type, UniqueKey(id: id), wanted, endpoints)
        }
    }

    public func search(_ query: ResourceQuery) async throws -> ResourcePage {
        if let key = UniqueKey(query) {
            let entry = try await store.read { [tenant, endpoints, groups] tx in
                try ResourceStore(tx, tenant: tenant, remembered: groups).entry(query.types[0], key, query.wanted, endpoints)
            }
            return ResourcePage(total: entry == nil ? 0 : 1, entries: entry.map { [$0] } ?? [])
        }
        let now = now()
        return try await store.read { [tenant, endpoints, remembered, groups] tx in
            let store = ResourceStore(tx, tenant: tenant, remembered: groups)
            var search = try ResourceSearch(query, store, endpoints, remembered, now: now)
            return try search.page()
        }
    }
}
