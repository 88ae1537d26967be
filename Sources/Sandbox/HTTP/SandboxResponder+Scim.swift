import Foundation
import HTTPTypes
import Mimecast
import SCIM
import SCIMServer
import SCIMStore

/// SCIM, mounted below ``SandboxOptions/scimPath``: the same tokens, rights, quota, faults and log as the vendor's own calls.
extension SandboxResponder {
    /// - Returns: nil where the connection is to be dropped.
    func scim(_ inquiry: Inquiry, _ limit: inout RateLimit?, _ known: inout String?) async throws -> Answer? {
        let path = inquiry.path.bytes(from: SandboxOptions.scimPath.utf8.count)
        let caller = try await state.authenticator.caller(inquiry.headers, target: inquiry.target, region: region)
        let application = caller.application
        guard application.generation == .v2 else {
            throw CallRefusal(401, FailureCode.unauthorized, "SCIM takes the bearer token of a v2 application")
        }
        known = application.id
        let verdict = state.quotas.take(known, .user, now: state.clock.milliseconds)
        limit = verdict.shown
        guard verdict.isAllowed else { throw Self.tooMany }
        let scope = ScimGate.scope(method: inquiry.method, path: path)
        try Self.checkRights(caller, .directory, scope)
        let template = ScimGate.template(path)
        let fault = state.faults.strike(method: inquiry.method, path: inquiry.path, template: template, application: known)
        guard try await suffer(fault, inquiry, known, &limit, application) else { return nil }
        do {
            try ScimGate.check(application)
        } catch let error as SCIMError {
            throw CallRefusal(error.status, FailureCode.appForbidden, error.detail)
        }
        try await state.life.catchUp(caller.tenant)

        let isRead = scope == .userRead || scope == nil
        let isSilent = application.sso == .degraded || fault?.kind == .degradeSSO
        let ledger = ScimLedger()
        let line = RequestLine(
            time: state.clock.milliseconds, method: inquiry.method, path: template, application: known,
            status: fault?.kind == .dropAfter ? 0 : Self.expectedStatus(inquiry.method, path), effect: isRead ? .read : .none)
        let rules = VendorRules(caller: caller, origin: inquiry.origin, now: line.time, mode: state.options.scim, ledger: ledger)
        let store = ScimStore(state: state, ledger: ledger, line: line, past: fault?.past, keepsNothing: isSilent)
        let provider = ScimProvider(
            base: StoreProvider(
                store: store, tenant: caller.tenant, registry: state.scim.registry, hooks: rules, remembered: state.scimPositions,
                groups: state.scimGroups, now: { line.time }, newID: KeyRing.newID),
            scopes: caller.scopes, fault: fault?.kind)
        let answer = await state.scim.respond(
            to: SCIMRequest(
                method: inquiry.method, path: path, query: inquiry.queryText,
                headers: inquiry.headers,
                body: [UInt8](inquiry.body)),
            provider: provider,
            caller: SCIMCaller(tenant: caller.tenant, resource: caller.person.map { (type: UserResource.resourceType, id: $0.accountID) }),
            baseURL: baseURL(inquiry))
        if isRead || answer.status >= 400 || answer.status == 304 {
            var line = line
            line.status = line.status == 0 ? 0 : answer.status
            line.effect = answer.status >= 400 ? .refused : .read
            state.log.append(line)
        }
        return Answer(status: answer.status, headers: answer.headers, body: answer.body).struck(by: fault?.fault)
    }

    static func scimAnswer(_ refusal: CallRefusal) -> Answer {
        // A call that the envelope would turn down with 200 is turned down by its status here.
        var error = SCIMError(refusal.status < 400 ? 403 : refusal.status, nil, refusal.message.isEmpty ? refusal.code : refusal.message)
        if error.status == 418 { error.status = 401 }
        let answer = error.status == 401 ? SCIMResponse.unauthorized(error.detail) : SCIMResponse.refusal(error)
        var headers = answer.headers
        headers.append(contentsOf: refusal.headers)
        return Answer(status: answer.status, headers: headers, body: answer.body)
    }

    /// What a write is answered with when nothing goes wrong: its line of the log is written before the answer is.
    private static func expectedStatus(_ method: String, _ path: String) -> Int {
        switch method {
        case "DELETE": 204
        case "POST" where path != "/Bulk" && !path.hasSuffix("/.search"): 201
        default: 200
        }
    }

    /// Where the client sees this endpoint, a proxy on this machine included.
    private func baseURL(_ inquiry: Inquiry) -> String {
        BaseURL.resolve(
            configured: nil, headers: inquiry.headers, scheme: "http", authority: inquiry.authority, path: SandboxOptions.scimPath,
            trustsProxy: inquiry.origin?.isLoopback ?? false)
    }
}
