import Foundation
import Mimecast
import MusterStore
import SCIMStore
import Synchronization

@testable import Sandbox

/// A seeded tenant without its server, with a clock that stands still until it is moved.
final class LivingTenant: Sendable {
    let store: any Store
    let clock: SandboxClock
    let life: TenantLife
    let code: String

    /// 2026-03-02, a Monday, at 09:00 UTC.
    static let start = 1_772_442_000_000

    init(people: Int = 20) async throws {
        store = try SQLiteStore.temporary(migrations: SandboxSchema.migrations)
        clock = SandboxClock { Date(timeIntervalSince1970: TimeInterval(Self.start) / 1_000) }
        life = TenantLife(store: store, clock: clock)
        let credentials = SandboxCredentials(KeyRing([UInt8](repeating: 7, count: 32)))
        code = credentials.accountCode
        let order = Seeder.Order(
            seed: .people(people), seedNumber: 1, domains: 2, seats: nil, seatsEnforced: false, region: .global)
        try await Seeder(order: order, store: store, credentials: credentials, now: Self.start).prepare()
    }

    /// Moves the clock and catches up, as a call does.
    func advance(hours: Double) async throws {
        try await clock.advance(by: hours * 3_600, store)
        try await life.catchUp(code)
    }

    /// To the next sync by the clock, and past it.
    func sync() async throws {
        let next = SyncSchedule.next(after: clock.milliseconds)
        try await advance(hours: Double(next - clock.milliseconds) / 3_600_000 + 0.1)
    }

    @discardableResult
    func write<T: Sendable>(_ body: @escaping @Sendable (TenantDirectory) throws -> T) async throws -> T {
        let (code, clock) = (code, clock)
        let result = try await store.write(code) { tx in
            try body(TenantDirectory(tx, tenant: code, actor: Actor.console, now: clock.milliseconds))
        }
        life.wake(code)
        return result
    }

    func read<T: Sendable>(_ body: @escaping @Sendable (TenantDirectory) throws -> T) async throws -> T {
        let (code, clock) = (code, clock)
        return try await store.read { tx in
            try body(TenantDirectory(tx, tenant: code, actor: Actor.console, now: clock.milliseconds))
        }
    }

    func operate(_ operations: [DirectoryOperation]) async throws {
        try await write { try DirectoryOperation.carryOut(operations, $0) }
    }

    func operate(_ operations: DirectoryOperation...) async throws { try await operate(operations) }

    func account(_ address: String) async throws -> AccountRecord? {
        try await read { directory in try EmailAddress(address).flatMap { try directory.account($0) } }
    }

    /// The names of the groups of the directory that an account is in.
    func directoryGroups(_ address: String) async throws -> Set<String> {
        try await read { directory in
            guard let address = EmailAddress(address), let account = try directory.account(address) else { return [] }
            return Set(
                try directory.resources.groups(of: account.id).compactMap { try directory.group(id: $0) }.filter { $0.source == .ldap }
                    .map(\.name))
        }
    }

    struct Event: Sendable, Hashable {
        let time: Int
        let type: String
        let info: String
    }

    /// The audit events since the seeding, oldest first.
    func events(_ kind: AuditKind) async throws -> [Event] {
        let code = code
        return try await store.read { tx in
            try tx.all(
                "SELECT time, type, info FROM sb_audit WHERE tenant = $1 AND type = $2 AND time >= $3 ORDER BY number",
                [.text(code), .text(kind.type), .int(Self.start)]
            ) { Event(time: $0.int(0), type: $0.text(1), info: $0.text(2)) }
        }
    }

    /// A person of the seed.
    static func person(_ people: Int = 20, where test: (Employee) -> Bool) throws -> Employee {
        try SandboxHarness.person(people, where: test)
    }
}
