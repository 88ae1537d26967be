import Foundation
import MusterStore
import Synchronization
import TestSupport

/// A store that, before and after each write, shows what a process that is killed there would leave behind.
///
/// Writes come one at a time, and whoever looks is waited for: no line is *sent* meanwhile, so that what the tenant shows then is what it
/// could show to whoever survives.
final class ForkingStore: Store {
    /// When a process dies.
    enum Moment: Sendable { case beforeWrite, afterWrite }

    private let base: SQLiteStore
    private let turns = Turns()
    private let count = Mutex(0)
    private let onMoment: @Sendable (Moment, _ write: Int) async throws -> Void

    /// - Parameter onMoment: gets the number of the write, from 1.
    init(_ base: SQLiteStore, onMoment: @escaping @Sendable (Moment, _ write: Int) async throws -> Void) {
        self.base = base
        self.onMoment = onMoment
    }

    var commits: UInt64 { base.commits }
    var writes: Int { count.withLock { $0 } }

    func read<T: Sendable>(_ body: @escaping @Sendable (any Transaction) throws -> T) async throws -> T { try await base.read(body) }

    func write<T: Sendable>(_ tenant: String, _ body: @escaping @Sendable (any Transaction) throws -> T) async throws -> T {
        await turns.take()
        do {
            let number = count.withLock {
                $0 += 1
                return $0
            }
            try await onMoment(.beforeWrite, number)
            let result = try await base.write(tenant, body)
            try await onMoment(.afterWrite, number)
            await turns.give()
            return result
        } catch {
            await turns.give()
            throw error
        }
    }

    /// One at a time, first come, first served.
    private actor Turns {
        private var isTaken = false
        private var waiting: [CheckedContinuation<Void, Never>] = []

        func take() async {
            guard isTaken else {
                isTaken = true
                return
            }
            await withCheckedContinuation { waiting.append($0) }
        }

        func give() {
            if waiting.isEmpty { isTaken = false } else { waiting.removeFirst().resume() }
        }
    }
}
