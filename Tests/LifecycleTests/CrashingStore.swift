import HTTPTransport
import MusterStore
import Synchronization

/// A store whose process dies at the N-th write: before it is kept, or just after.
final class CrashingStore: Store {
    struct Died: Error {}

    private let base: any Store
    private let last: Int
    private let keepsLast: Bool
    private let count = Mutex(0)

    init(_ base: any Store, diesAt last: Int, keepsLast: Bool) {
        self.base = base
        self.last = last
        self.keepsLast = keepsLast
    }

    var commits: UInt64 { base.commits }
    var hasDied: Bool { count.withLock { $0 >= last } }

    func read<T: Sendable>(_ body: @escaping @Sendable (any Transaction) throws -> T) async throws -> T {
        guard !hasDied else { throw Died() }
        return try await base.read(body)
    }

    func write<T: Sendable>(_ tenant: String, _ body: @escaping @Sendable (any Transaction) throws -> T) async throws -> T {
        let number = count.withLock {
            $0 += 1
            return $0
        }
        if number > last || number == last && !keepsLast { throw Died() }
        let result = try await base.write(tenant, body)
        if number == last { throw Died() }
        return result
    }
}
