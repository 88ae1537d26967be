import Mimecast
import MusterStore

/// The sandbox's store as one SCIM request uses it: changes together with the lines that the request log has of them, and reads of the
/// past where a fault says so.
final class ScimStore: Store {
    private let state: SandboxState
    private let ledger: ScimLedger
    private let line: RequestLine
    private let past: (any ReadableStore)?
    private let keepsNothing: Bool

    /// - Parameters:
    ///   - line: makes a line of the request log; it lacks effect and target.
    ///   - past: where reads look; nil is the present.
    ///   - keepsNothing: everything is carried out and answered, and nothing is kept: what a tenant does whose single sign-on is broken
    ///     silently.
    init(state: SandboxState, ledger: ScimLedger, line: RequestLine, past: (any ReadableStore)?, keepsNothing: Bool) {
        self.state = state
        self.ledger = ledger
        self.line = line
        self.past = past
        self.keepsNothing = keepsNothing
    }

    /// Carries a result out of a transaction that is taken back.
    private struct Undone: Error { let result: any Sendable }

    var commits: UInt64 { state.store.commits }

    func read<T: Sendable>(_ body: @escaping @Sendable (any Transaction) throws -> T) async throws -> T {
        if let past { return try await past.read(body) }
        return try await state.store.read(body)
    }

    @discardableResult
    func write<T: Sendable>(_ tenant: String, _ body: @escaping @Sendable (any Transaction) throws -> T) async throws -> T {
        do {
            return try await state.log.write(state.store, tenant: tenant) { [self] tx, log in
                _ = ledger.take()
                let result = try body(tx)
                let entries = ledger.take()
                if keepsNothing { throw Undone(result: result) }
                for entry in entries.isEmpty ? [ScimLedger.Entry(effect: .none, target: nil)] : entries {
                    var line = line
                    line.effect = entry.effect
                    line.target = entry.target.map { String($0.prefix(320)) }
                    try log(line)
                }
                return result
            }
        } catch let undone as Undone {
            state.log.append(line)
            guard let result = undone.result as? T else { throw undone }
            return result
        }
    }
}
