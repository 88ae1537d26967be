import MusterStore

extension SnapshotStore {
    /// When the read began that is in use, in seconds since 1970; nil where there is none.
    func lastTaken() async throws -> Int? {
        try await store.read { [tenant] tx in
            try tx.first("SELECT taken FROM snapshots WHERE tenant = $1 AND state = 'current'", [.text(tenant)]) { $0.int(0) }
        }
    }
}
