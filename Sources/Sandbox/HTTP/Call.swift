import Foundation
import HTTPTypes
import Mimecast
import MusterStore

/// One call that has been admitted: who makes it, what came with it, and the fault that it is to suffer.
struct Call: Sendable {
    let state: SandboxState
    let description: EndpointDescription
    let caller: Caller
    /// Where the call came in; of calls that are not signed, not always the caller's.
    let region: Region
    /// What stood in the path's place for an id.
    let pathID: String?
    let query: [String: String]
    let headers: HTTPFields
    let body: Data
    let fault: Struck?
    /// Where the call came from.
    let ip: String

    /// What the request log says of a dropped call: no status was ever seen.
    var loggedStatus: Int { fault?.kind == .dropAfter ? 0 : 200 }

    func line(_ effect: Effect, target: String?, status: Int? = nil) -> RequestLine {
        RequestLine(
            time: state.clock.milliseconds, method: description.method.rawValue, path: description.path,
            application: caller.application.id, status: status ?? loggedStatus, effect: effect,
            target: target.map { String($0.prefix(320)) })
    }

    func directory(_ tx: any Transaction) throws -> TenantDirectory {
        try TenantDirectory(tx, tenant: caller.tenant, actor: { caller.actor($0, ip: ip) }, now: state.clock.milliseconds)
    }

    /// Reads the tenant on one consistent view: the present one, or an older one where a fault says so.
    func read<T: Sendable>(_ body: @escaping @Sendable (TenantDirectory) throws -> T) async throws -> T {
        let store: any ReadableStore = fault?.past ?? state.store
        return try await store.read { tx in try body(directory(tx)) }
    }

    /// Changes the tenant. The answer leaves after the commit; the request log's lines are part of it.
    func write<T: Sendable>(
        _ body: @escaping @Sendable (TenantDirectory, _ log: (RequestLine) throws -> Void) throws -> T
    ) async throws -> T {
        try await state.log.write(state.store, tenant: caller.tenant) { tx, log in try body(directory(tx), log) }
    }
}
