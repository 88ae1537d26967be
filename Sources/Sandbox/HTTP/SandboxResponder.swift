import Foundation
import HTTPTypes
import Hummingbird
import Logging
import Mimecast
import MusterStore
import NIOCore

/// Takes every request: finds its call, admits it, carries it out, and puts the quota's headers on what goes back.
struct SandboxResponder: HTTPResponder {
    typealias Context = SandboxContext

    let state: SandboxState
    /// Whose credentials are good here.
    let region: Region
    private let control: ControlAPI?
    private let tokens: TokenEndpoint
    private let pages: AuthorizeEndpoint
    private let routes: RouteTable

    init(_ state: SandboxState, region: Region, routes: RouteTable) {
        self.state = state
        self.region = region
        self.routes = routes
        control = state.options.control ? ControlAPI(state: state, routes: routes) : nil
        tokens = TokenEndpoint(state: state, region: region)
        pages = AuthorizeEndpoint(state: state, region: region)
    }

    /// What a request is, read once.
    struct Inquiry {
        let method: String
        let path: String
        let target: String
        let headers: HTTPFields
        let query: [String: String]
        let body: Data
        /// The host that it was sent to.
        let authority: String?
        /// Where it came from.
        let origin: SocketAddress?

        var ip: String { origin?.ipAddress ?? "" }
        var isScim: Bool { SandboxResponder.isScim(path) }
        /// What stands behind the path, without the question mark.
        var queryText: String { target.bytes(from: path.utf8.count + 1) }
    }

    /// SCIM tells what it refuses in a form of its own.
    static func isScim(_ path: String) -> Bool {
        let (path, mount) = (path.utf8, SandboxOptions.scimPath.utf8)
        return path.starts(with: mount) && (path.count == mount.count || path.dropFirst(mount.count).first == UInt8(ascii: "/"))
    }

    func respond(to request: Request, context: SandboxContext) async throws -> Response {
        await context.comeHome()
        let target = request.head.path ?? "/"
        // By bytes throughout: to walk a text letter by letter takes longer than a look-up.
        let path = String(target.utf8.prefix { $0 != UInt8(ascii: "?") }) ?? target
        if path == "/ping", request.method == .get { return Response(status: .ok) }
        do {
            // Longer ones are nobody's; hashing strings of a stranger's making takes long.
            guard target.utf8.count <= 16_384 else { throw CallRefusal(414, "uri_too_long", "The path and query are too long") }
            // Most reads have no body; a race with the clock is for those that have one.
            let isEmpty = request.headers[.contentLength] == "0" || request.method == .get && request.headers[.contentLength] == nil
            let body = isEmpty ? Data() : try await BodyReader.collect(request.body)
            // SCIM reads its query by rules of its own.
            let query = Self.isScim(path) ? [:] : FormFields(target.bytes(from: path.utf8.count + 1)).values
            if path.hasPrefix(SiemFile.path) {
                let file = try await SiemFile.answer(state, method: request.method.rawValue, path: path, query: query)
                try await state.log.flushIfFull(state.store)
                return file.response
            }
            if path.hasPrefix(SandboxOptions.controlPath + "/") {
                guard let control else { throw Self.notFound }
                return try await control.respond(
                    method: request.method, path: String(path.dropFirst(SandboxOptions.controlPath.count)), query: query, body: body,
                    host: request.head.authority, origin: request.headers[.origin], isLocal: context.origin?.isLoopback ?? false
                ).response
            }
            let inquiry = Inquiry(
                method: request.method.rawValue, path: path, target: target, headers: request.headers, query: query, body: body,
                authority: request.head.authority, origin: context.origin)
            guard let answer = try await answer(inquiry) else {
                // A fault: closed without a word. What is returned here never leaves.
                try? await context.channel.close().get()
                return Response(status: .internalServerError)
            }
            return answer.response
        } catch let refusal as CallRefusal {
            return try unadmitted(refusal, path)
        } catch {
            context.logger.error("A request failed", metadata: ["path": "\(path)", "error": "\(error)"])
            return try unadmitted(CallRefusal(500, "internal_error", "The sandbox failed; its log says why"), path)
        }
    }

    /// What goes back for a request that never became a call: with the quota's headers, as on every reply.
    private func unadmitted(_ refusal: CallRefusal, _ path: String) throws -> Response {
        var answer = Self.isScim(path) ? Self.scimAnswer(refusal) : try refusal.answer()
        if let limit = state.quotas.take(nil, nil, now: state.clock.milliseconds).shown { Self.tell(limit, &answer.headers) }
        Self.name(&answer.headers)
        return answer.response
    }

    // Kept: to check that a name is one takes longer than to send it.
    private static let requestID = HTTPField.Name("x-request-id")

    private static func name(_ headers: inout HTTPFields) {
        if let requestID { headers.append(HTTPField(name: requestID, value: RequestID.fresh())) }
    }

    /// - Returns: nil where the connection is to be dropped.
    private func answer(_ inquiry: Inquiry) async throws -> Answer? {
        var known: String?
        var limit: RateLimit?
        var answer: Answer?
        do {
            if inquiry.path == Endpoints.tokenPath || inquiry.path == Endpoints.authorizePath {
                answer = try await open(inquiry, &limit, &known)
            } else if inquiry.isScim {
                answer = try await scim(inquiry, &limit, &known)
            } else {
                answer = try await call(inquiry, &limit, &known)
            }
        } catch let refusal as CallRefusal {
            let scim = inquiry.isScim ? Self.scimAnswer(refusal) : nil
            if !refusal.isLogged { state.log.append(line(inquiry, known, scim?.status ?? refusal.status, .refused)) }
            if let scim {
                answer = scim
            } else {
                answer = try inquiry.path == Endpoints.tokenPath ? TokenEndpoint.answer(refusal) : refusal.answer()
            }
        }
        guard var answer else { return nil }
        if limit == nil, known == nil {
            let verdict = state.quotas.take(nil, nil, now: state.clock.milliseconds)
            limit = verdict.shown
            if !verdict.isAllowed { answer = inquiry.isScim ? Self.scimAnswer(Self.tooMany) : try Self.tooMany.answer() }
        }
        if let limit { Self.tell(limit, &answer.headers) }
        Self.name(&answer.headers)
        try await state.log.flushIfFull(state.store)
        return answer
    }

    /// The calls that nobody signs: the token endpoint, and the pages where somebody signs in. They count as strangers'.
    private func open(_ inquiry: Inquiry, _ limit: inout RateLimit?, _ known: inout String?) async throws -> Answer? {
        let isToken = inquiry.path == Endpoints.tokenPath
        let methods = isToken ? ["POST"] : ["GET", "POST"]
        guard methods.contains(inquiry.method) else { throw Self.wrongMethod(methods) }
        let verdict = state.quotas.take(nil, nil, now: state.clock.milliseconds)
        limit = verdict.shown
        guard verdict.isAllowed else { throw Self.tooMany }
        let fault = state.faults.strike(method: inquiry.method, path: inquiry.path, application: nil)
        guard try await suffer(fault, inquiry, nil, &limit) else { return nil }
        if fault?.kind == .refuse { throw CallRefusal(401, FailureCode.unauthorized, "Refused (scripted fault)") }
        let done =
            isToken
            ? try await tokens.answer(inquiry.headers, inquiry.body)
            : try await pages.answer(
                inquiry.method, query: inquiry.queryText, inquiry.body, ip: inquiry.ip)
        known = done.application
        let status = fault?.kind == .dropAfter ? 0 : done.answer.status
        state.log.append(line(inquiry, known, status, done.isRefused ? .refused : .none, target: done.target))
        return done.answer.struck(by: fault?.fault)
    }

    private func call(_ inquiry: Inquiry, _ limit: inout RateLimit?, _ known: inout String?) async throws -> Answer? {
        guard let match = routes.match(inquiry.path) else { throw Self.notFound }
        let candidates = match.routes
        guard candidates.contains(where: { $0.description.method.rawValue == inquiry.method }) else {
            throw Self.wrongMethod(candidates.map(\.description.method.rawValue))
        }
        // The calls of a path are all signed, or none is.
        let isSigned = candidates[0].description.isSigned
        let caller =
            isSigned
            ? try await state.authenticator.caller(inquiry.headers, target: inquiry.target, region: region)
            : try await state.authenticator.unsigned(inquiry.headers)
        let application = caller.application
        known = application.id
        // A path or method of the other dialect is no path at all for this application.
        guard
            let route = candidates.first(where: {
                $0.description.method.rawValue == inquiry.method
                    && $0.description.isServed(application.generation, application.dialect)
            })
        else {
            limit = state.quotas.take(known, candidates[0].description.category, now: state.clock.milliseconds).shown
            throw Self.notFound
        }
        let description = route.description
        let verdict = state.quotas.take(isSigned ? known : nil, description.category, now: state.clock.milliseconds)
        limit = verdict.shown
        guard verdict.isAllowed else { throw Self.tooMany }
        try Self.checkRights(caller, description.product, description.scope)
        let fault = state.faults.strike(method: inquiry.method, path: inquiry.path, template: description.path, application: known)
        guard try await suffer(fault, inquiry, known, &limit, application) else { return nil }
        try await state.life.catchUp(caller.tenant)
        let answer: Answer
        do {
            answer = try await route.run(
                Call(
                    state: state, description: description, caller: caller, region: region, pathID: match.id, query: inquiry.query,
                    headers: inquiry.headers, body: inquiry.body, fault: fault, ip: inquiry.ip))
        } catch var refusal as CallRefusal where description.body == .plain && refusal.form == .envelope {
            // Calls without an envelope have none for their errors either.
            refusal.form = .flat
            throw refusal
        }
        return answer.struck(by: fault?.fault)
    }

    static func checkRights(_ caller: Caller, _ product: Product, _ scope: Scope?) throws {
        let application = caller.application
        if application.generation == .v2, application.dialect == .portal, !application.products.contains(product) {
            throw CallRefusal(403, FailureCode.appForbidden, "The application lacks the product \(product.rawValue)")
        }
        if let scope, !caller.scopes.contains(scope) {
            throw CallRefusal(403, FailureCode.appForbidden, "The application lacks the right \(scope.rawValue)")
        }
    }

    /// Plays the part of a fault that comes before the effect.
    ///
    /// - Returns: false where the connection is to be dropped now.
    func suffer(
        _ struck: Struck?, _ inquiry: Inquiry, _ known: String?, _ limit: inout RateLimit?, _ application: ApplicationFacts? = nil
    ) async throws -> Bool {
        guard let fault = struck?.fault else { return true }
        switch fault.kind {
        case .dropBefore:
            state.log.append(line(inquiry, known, 0, .none))
            return false
        case .delay:
            try await Pause.sleep(for: .seconds(fault.seconds ?? 1))
        case .rateLimit:
            let seconds = max(0, fault.seconds ?? 1)
            limit?.remaining = 0
            limit?.resetMilliseconds = Int(seconds * 1_000)
            limit?.retryAfterSeconds = Int(seconds.rounded(.up))
            throw Self.tooMany
        case .serverError:
            throw CallRefusal(fault.status ?? 500, fault.code ?? "internal_error", "Failed (scripted fault)")
        case .expireTokens:
            guard let application else { return true }
            try await expire(application)
            throw application.generation == .v1
                ? CallRefusal(418, FailureCode.bindingExpired, "Access key expired (scripted fault)", form: .envelope)
                : CallRefusal(401, FailureCode.tokenExpired, "The token has expired (scripted fault)")
        case .reject:
            throw CallRefusal(
                fault.status ?? 200, fault.code ?? FailureCode.developerKey, "Turned down (scripted fault)", form: .envelope)
        case .dropAfter, .refuse, .degradeSSO, .repeatToken, .shortPage, .staleRead, .slowBody:
            break
        }
        return true
    }

    private func expire(_ application: ApplicationFacts) async throws {
        let now = SQLValue.int(state.clock.milliseconds)
        try await state.store.write(application.tenant) { tx in
            try tx.execute("UPDATE sb_tokens SET expires = $2 WHERE application = $1 AND expires > $2", [.text(application.id), now])
            try tx.execute("UPDATE sb_bindings SET expires = $2 WHERE application = $1", [.text(application.id), now])
        }
    }

    func line(_ inquiry: Inquiry, _ application: String?, _ status: Int, _ effect: Effect, target: String? = nil) -> RequestLine {
        RequestLine(
            time: state.clock.milliseconds, method: inquiry.method,
            path: inquiry.isScim ? ScimGate.template(inquiry.path.bytes(from: SandboxOptions.scimPath.utf8.count)) : inquiry.path,
            application: application, status: status,
            effect: effect, target: target)
    }

    private static let limitHeader = HTTPField.Name(RateLimit.limitHeader)
    private static let remainingHeader = HTTPField.Name(RateLimit.remainingHeader)
    private static let resetHeader = HTTPField.Name(RateLimit.resetHeader)

    private static func tell(_ limit: RateLimit, _ headers: inout HTTPFields) {
        func put(_ name: HTTPField.Name?, _ value: Int?) {
            if let name, let value { headers.append(HTTPField(name: name, value: String(value))) }
        }
        put(limitHeader, limit.limit)
        put(remainingHeader, limit.remaining)
        put(resetHeader, limit.resetMilliseconds)
        // An answer may have it already.
        if let time = limit.retryAfterSeconds { headers[.retryAfter] = String(time) }
    }

    private static var notFound: CallRefusal { CallRefusal(404, "not_found", "There is no such path for this application") }
    static var tooMany: CallRefusal { CallRefusal(429, FailureCode.rateLimited, "Too many calls; nothing was carried out") }

    private static func wrongMethod(_ allowed: [String]) -> CallRefusal {
        CallRefusal(
            405, "method_not_allowed", "This path takes another method",
            headers: [.allow: Set(allowed).sorted().joined(separator: ", ")])
    }
}

extension String {
    /// What is left from a byte on; empty behind the end.
    func bytes(from start: Int) -> String { String(Substring(utf8.dropFirst(start))) }
}
