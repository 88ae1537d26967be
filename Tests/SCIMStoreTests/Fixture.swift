import MusterStore
import SCIM
import Synchronization

@testable import SCIMStore

/// A store of its own with a provider, a clock that is moved by hand, and ids that count up.
struct Fixture: Sendable {
    let store: CountingStore
    let provider: StoreProvider
    let remembered: RememberedPositions
    let clock: Clock

    final class Clock: Sendable {
        private let time = Mutex(1_000)
        var now: Int {
            get { time.withLock { $0 } }
            set { time.withLock { $0 = newValue } }
        }
    }

    static let tenant = "t"

    init(hooks: any ResourceHooks = NoHooks(), registry: SchemaRegistry = .standard, lifetime: Int = 300_000) throws {
        let clock = Clock()
        let made = Mutex(0)
        self.clock = clock
        store = CountingStore(try SQLiteStore.temporary(migrations: ResourceSchema.migrations + [ResourceSchema.figures]))
        remembered = RememberedPositions(lifetime: lifetime)
        provider = StoreProvider(
            store: store, tenant: Self.tenant, registry: registry, hooks: hooks, remembered: remembered, now: { clock.now },
            newID: {
                made.withLock { made in
                    made += 1
                    let digits = String(made)
                    return "id-" + String(repeating: "0", count: max(0, 6 - digits.count)) + digits
                }
            })
    }

    @discardableResult
    func write<T: Sendable>(_ body: @escaping @Sendable (ResourceStore) throws -> T) async throws -> T {
        try await store.write(Self.tenant) { try body(ResourceStore($0, tenant: Self.tenant)) }
    }

    func read<T: Sendable>(_ body: @escaping @Sendable (ResourceStore) throws -> T) async throws -> T {
        try await store.read { try body(ResourceStore($0, tenant: Self.tenant)) }
    }

    static func user(_ name: String, _ more: [(String, JSONValue)] = []) -> Resource {
        Resource(JSONObject([("schemas", [.string(UserResource.schema)]), ("userName", .string(name))] + more))
    }

    static func group(_ name: String) -> Resource {
        Resource(JSONObject([("schemas", [.string(GroupResource.schema)]), ("displayName", .string(name))]))
    }

    @discardableResult
    func create(_ user: Resource) async throws -> ResourceEntry {
        try await provider.create(.user, user, members: [], Wanted())
    }

    @discardableResult
    func createGroup(_ name: String, _ members: [String] = []) async throws -> ResourceEntry {
        try await provider.create(.group, Self.group(name), members: members.map { Reference($0) }, Wanted())
    }

    func get(_ id: String, _ type: ResourceType = .user) async throws -> ResourceEntry? {
        try await provider.get(type, id: id, Wanted())
    }

    func search(
        _ filter: String? = nil, types: [ResourceType] = [.user], sort: (String, Bool)? = nil, start: ResourceQuery.Start = .index(1),
        count: Int = 100, wanted: Wanted = Wanted()
    ) async throws -> ResourcePage {
        try await provider.search(
            ResourceQuery(
                types: types, filter: filter.map { try Filter.parse($0, urns: types.flatMap(\.urns)) },
                sort: sort.map { ResourceQuery.Sort(try AttributePath.parse($0.0, urns: types.flatMap(\.urns)), isAscending: $0.1) },
                start: start, count: count, wanted: wanted))
    }

    /// All pages of a search by cursor.
    func scan(
        _ filter: String? = nil, types: [ResourceType] = [.user], sort: (String, Bool)? = nil, count: Int
    ) async throws -> [String] {
        var ids: [String] = []
        var key: String?
        repeat {
            let page = try await search(filter, types: types, sort: sort, start: .after(key), count: count)
            ids += page.entries.map(\.id)
            key = page.next
        } while key != nil
        return ids
    }

    /// All pages of a search by index.
    func scanByIndex(
        _ filter: String? = nil, types: [ResourceType] = [.user], sort: (String, Bool)? = nil, count: Int
    ) async throws -> [String] {
        var ids: [String] = []
        while true {
            let page = try await search(filter, types: types, sort: sort, start: .index(ids.count + 1), count: count)
            if page.entries.isEmpty { return ids }
            ids += page.entries.map(\.id)
        }
    }
}

/// Counts what is asked of the store below it.
final class CountingStore: Store {
    struct Counts: Sendable {
        var statements: [String] = []
        /// Read ones, and changed ones.
        var rows = 0
        var changed = 0
    }

    private let base: SQLiteStore
    private let state = Mutex(Counts())

    init(_ base: SQLiteStore) { self.base = base }

    var commits: UInt64 { base.commits }

    /// What was counted since the last time.
    func take() -> Counts {
        state.withLock { state in
            defer { state = Counts() }
            return state
        }
    }

    fileprivate func note(_ change: (inout Counts) -> Void) { state.withLock { change(&$0) } }

    func read<T: Sendable>(_ body: @escaping @Sendable (any Transaction) throws -> T) async throws -> T {
        try await base.read { try body(CountingTransaction($0, self)) }
    }

    @discardableResult
    func write<T: Sendable>(_ tenant: String, _ body: @escaping @Sendable (any Transaction) throws -> T) async throws -> T {
        try await base.write(tenant) { try body(CountingTransaction($0, self)) }
    }
}

final class CountingTransaction: Transaction {
    private let base: any Transaction
    private let store: CountingStore

    init(_ base: any Transaction, _ store: CountingStore) {
        self.base = base
        self.store = store
    }

    var commits: UInt64? { base.commits }

    func each(_ sql: String, _ arguments: [SQLValue], _ row: (any SQLRow) throws -> Bool) throws {
        store.note { $0.statements.append(sql) }
        try base.each(sql, arguments) {
            store.note { $0.rows += 1 }
            return try row($0)
        }
    }

    func eachOnce(_ sql: String, _ arguments: [SQLValue], _ row: (any SQLRow) throws -> Bool) throws {
        store.note { $0.statements.append(sql) }
        try base.eachOnce(sql, arguments) {
            store.note { $0.rows += 1 }
            return try row($0)
        }
    }

    func execute(_ sql: String, _ arguments: [SQLValue]) throws -> Int {
        let changed = try base.execute(sql, arguments)
        store.note {
            $0.statements.append(sql)
            $0.changed += changed
        }
        return changed
    }
}

/// The same numbers for the same seed.
struct SplitMix64: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
