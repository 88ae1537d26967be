import Foundation
import Mimecast
import MusterStore
import Synchronization
import Testing

@testable import Sandbox

/// What a tenant does by itself as the clock goes on.
@Suite struct ChoreTests {
    @Test(arguments: [
        (0, 8), (7.99, 8), (8, 13), (12, 13), (13, 23), (22.5, 23), (23, 32), (23.5, 32), (-1, 8), (-2, -1), (-24, -16),
    ])
    func syncsAreAtEightThirteenAndTwentyThree(after: Double, next: Int) {
        #expect(SyncSchedule.next(after: Int(after * 3_600_000)) == next * 3_600_000)
    }

    @Test func aYearIsCaughtUpWith() async throws {
        let tenant = try await LivingTenant()
        try await tenant.advance(hours: 365 * 24)
        let events = try await tenant.events(.syncCompleted)
        // Audit events are kept for ninety days, and go a day at a time.
        #expect((3 * 90...3 * 91).contains(events.count))
        #expect(zip(events, events.dropFirst()).allSatisfy { $0.time < $1.time })
        #expect(Set(events.map { $0.time % 86_400_000 / 3_600_000 }) == [8, 13, 23])
        #expect(try await tenant.read { try $0.connections().first?.lastSync } == events.last?.time)
    }

    /// Many calls at once after the clock was moved: everything happens once.
    @Test func callsThatCatchUpAtOnceDoThingsOnce() async throws {
        let tenant = try await LivingTenant()
        try await tenant.clock.advance(by: 30 * 86_400, tenant.store)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for index in 0..<16 {
                group.addTask {
                    if index % 3 == 0 { tenant.life.wake(tenant.code) }
                    try await tenant.life.catchUp(tenant.code)
                }
            }
            try await group.waitForAll()
        }
        let times = try await tenant.events(.syncCompleted).map(\.time)
        #expect(times.count == 90 && Set(times).count == 90)
    }

    /// Somebody is woken after a catch-up has looked and before it has noted what it found.
    @Test func wakingDuringACatchUpIsNotLost() async throws {
        let tenant = try await LivingTenant()
        let hooked = HookedStore(tenant.store)
        let life = TenantLife(store: hooked, clock: tenant.clock)
        hooked.afterWrite.withLock { hook in
            hook = {
                _ = try await tenant.write { try $0.startSync() }
                life.wake(tenant.code)
            }
        }
        try await life.catchUp(tenant.code)
        try await tenant.clock.advance(by: 6, tenant.store)
        try await life.catchUp(tenant.code)
        #expect(try await tenant.read { try $0.connections().allSatisfy { $0.syncingUntil == nil } })
        #expect(try await tenant.events(.syncCompleted).count == 1)
    }

    @Test func aTenantThatIsNotThereIsNotFound() async throws {
        let tenant = try await LivingTenant()
        await #expect { try await tenant.life.catchUp("nowhere") } throws: { ($0 as? CallRefusal)?.status == 404 }
    }
}

/// Does something between a commit and its answer, once.
private final class HookedStore: Store {
    let base: any Store
    let afterWrite = Mutex<(@Sendable () async throws -> Void)?>(nil)

    init(_ base: any Store) { self.base = base }

    var commits: UInt64 { base.commits }

    func read<T: Sendable>(_ body: @escaping @Sendable (any Transaction) throws -> T) async throws -> T { try await base.read(body) }

    func write<T: Sendable>(_ tenant: String, _ body: @escaping @Sendable (any Transaction) throws -> T) async throws -> T {
        let result = try await base.write(tenant, body)
        let hook = afterWrite.withLock { hook in
            defer { hook = nil }
            return hook
        }
        try await hook?()
        return result
    }
}
