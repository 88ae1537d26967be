import MusterStore

/// What every part of a running sandbox shares.
final class SandboxState: Sendable {
    let options: SandboxOptions
    let store: any Store
    let clock: SandboxClock
    let keys: KeyRing
    /// As they were when the sandbox started: no call changes a tenant's domains or seats.
    let facts: TenantFacts
    let log: RequestLog
    let faults = FaultBook()
    let quotas: QuotaKeeper
    let authenticator: Authenticator

    init(options: SandboxOptions, store: any Store, clock: SandboxClock, keys: KeyRing, facts: TenantFacts, log: RequestLog) {
        self.options = options
        self.store = store
        self.clock = clock
        self.keys = keys
        self.facts = facts
        self.log = log
        quotas = QuotaKeeper(options.quotas)
        authenticator = Authenticator(store: store, clock: clock)
    }
}
