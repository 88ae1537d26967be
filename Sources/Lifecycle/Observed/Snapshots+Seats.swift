import Mimecast
import MusterStore
import Planning

extension Snapshots {
    /// The seats of the last read; nil before the first one.
    ///
    /// - Parameter contracted: as configured, where the vendor does not tell.
    public func seats(contracted: Int?) async throws -> SeatCount? {
        guard try await report() != nil else { return nil }
        let (linked, facts) = try await store.read { [tenant] tx in
            let links = try LinkTable.all(tenant: tenant, tx)
            return (Set(links.flatMap { [$0.account, $0.accountID].compactMap { $0 } }), try SnapshotStore.facts(tenant, tx))
        }
        var count = SeatCount(contracted: facts?.seats ?? contracted)
        for try await account in accounts() {
            count.add(
                account,
                isLinked: linked.contains(EmailAddress.key(account.address)) || account.id.map { linked.contains($0) } ?? false)
        }
        return count
    }
}
