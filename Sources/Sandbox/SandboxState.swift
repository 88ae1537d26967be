import Mimecast
import MusterStore
import SCIM
import SCIMServer
import SCIMStore
import Synchronization

/// What every part of a running sandbox shares. What a tenant is stands in the store alone, so that nothing here can be stale.
final class SandboxState: Sendable {
    let options: SandboxOptions
    let store: any Store
    let clock: SandboxClock
    let keys: KeyRing
    let log: RequestLog
    let faults = FaultBook()
    let quotas: QuotaKeeper
    let authenticator: Authenticator
    let life: TenantLife
    let shelf: SnapshotShelf
    let scim: SCIMService
    let scimPositions = RememberedPositions()
    let scimGroups = RememberedGroups()
    /// What changes the sandbox itself goes through here.
    let turnstile = Turnstile()
    /// The code of the tenant that the sandbox was started with.
    let firstTenant: String
    /// Where each region answers, once it does; without a trailing slash.
    let addresses = Mutex<[Region: String]>([:])

    init(
        options: SandboxOptions, store: any Store, shelf: SnapshotShelf, clock: SandboxClock, keys: KeyRing, log: RequestLog,
        schemas: SchemaRegistry, firstTenant: String, onFailure: @escaping @Sendable (any Error) -> Void = { _ in }
    ) {
        var settings = SCIMSettings(cursorKey: keys.bytes("scim cursor"))
        settings.operations = options.scim == .guide ? .guide : .all
        scim = SCIMService(registry: schemas, settings: settings, now: { clock.milliseconds / 1_000 }, onFailure: onFailure)
        self.options = options
        self.shelf = shelf
        self.store = store
        self.clock = clock
        self.keys = keys
        self.log = log
        self.firstTenant = firstTenant
        quotas = QuotaKeeper(options.quotas)
        authenticator = Authenticator(store: store, clock: clock)
        life = TenantLife(store: store, clock: clock)
    }

    func address(of region: Region) -> String? { addresses.withLock { $0[region] } }
}
