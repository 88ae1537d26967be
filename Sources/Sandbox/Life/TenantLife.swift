import Mimecast
import MusterStore
import Synchronization

/// What tenants do by themselves as time goes on: directory syncs, imports that become due, purges, the end of retention.
///
/// There is no timer: before a call is carried out, everything that is due by the sandbox's clock is caught up with, each thing at its
/// own time. So a clock that is moved moves all of it, and what happened does not depend on who looked when.
final class TenantLife: Sendable {
    private struct State {
        /// When something is due next, by tenant; milliseconds since 1970. A tenant that is not in here is looked at.
        var due: [String: Int] = [:]
        /// How often somebody was woken. A catch-up that began before did not see the change, so what it found out is not kept.
        var wakes = 0
    }

    private let store: any Store
    private let clock: SandboxClock
    private let state = Mutex(State())

    init(store: any Store, clock: SandboxClock) {
        self.store = store
        self.clock = clock
    }

    /// Carries out what is due in one tenant. Of two at once each looks for itself; the second finds nothing left to do.
    ///
    /// - Throws: ``CallRefusal`` 404 where there is no such tenant.
    func catchUp(_ tenant: String) async throws {
        while let wakes = wakesIfDue(tenant) {
            let next = try await store.write(tenant) { [clock] tx in
                // By the clock as it is then: a snapshot that was restored meanwhile has put it back.
                let directory = try TenantDirectory(tx, tenant: tenant, actor: { _ in nil }, now: clock.milliseconds)
                return try TenantChores.carryOut(directory)
            }
            state.withLock { state in
                if state.wakes == wakes { state.due[tenant] = next }
            }
            if next > clock.milliseconds { return }
        }
    }

    /// - Returns: how often somebody was woken so far; nil where nothing is due.
    private func wakesIfDue(_ tenant: String) -> Int? {
        let now = clock.milliseconds
        return state.withLock { state in state.due[tenant].map { $0 <= now } ?? true ? state.wakes : nil }
    }

    /// Looks again at the next call: something may have become due earlier than was known. To be called after the commit.
    ///
    /// - Parameter tenant: nil is every tenant.
    func wake(_ tenant: String? = nil) {
        state.withLock { state in
            state.wakes += 1
            if let tenant { state.due[tenant] = nil } else { state.due = [:] }
        }
    }
}
