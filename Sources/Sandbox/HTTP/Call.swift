import Foundation
import Mimecast
import MusterStore

/// One call that has been admitted: who makes it, what came with it, and the fault that it is to suffer.
struct Call: Sendable {
    let state: SandboxState
    let description: EndpointDescription
    let caller: Caller
    let query: [String: String]
    let body: Data
    let fault: Fault?

    /// What the request log says of a dropped call: no status was ever seen.
    var loggedStatus: Int { fault?.kind == .dropAfter ? 0 : 200 }

    func line(_ effect: Effect, target: String?, status: Int? = nil) -> RequestLine {
        RequestLine(
            time: state.clock.milliseconds, method: description.method.rawValue, path: description.path,
            application: caller.application.id, status: status ?? loggedStatus, effect: effect, target: target)
    }

    func directory(_ tx: any Transaction) -> TenantDirectory {
        TenantDirectory(tx, facts: state.facts, now: state.clock.milliseconds)
    }
}
