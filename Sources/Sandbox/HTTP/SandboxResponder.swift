import Foundation
import HTTPTypes
import Hummingbird
import Logging
import Mimecast
import NIOCore

/// Takes every request: finds its call, admits it, carries it out, and puts the quota's headers on what goes back.
struct SandboxResponder: HTTPResponder {
    typealias Context = SandboxContext

    /// Largest body of a request, in bytes.
    static let largestBody = 2 * 1_024 * 1_024

    private let state: SandboxState
    private let control: ControlAPI?
    private let tokens: TokenEndpoint
    private let routes: [String: [Route]]

    init(_ state: SandboxState) {
        self.state = state
        control = state.options.control ? ControlAPI(state: state) : nil
        tokens = TokenEndpoint(state: state)
        routes = Dictionary(grouping: GuideRoutes.all + PortalRoutes.all) { $0.description.path }
    }

    /// What a request is, read once.
    private struct Inquiry {
        let method: String
        let path: String
        let target: String
        let headers: HTTPFields
        let query: [String: String]
        let body: Data
    }

    func respond(to request: Request, context: SandboxContext) async throws -> Response {
        let target = request.head.path ?? "/"
        let path = String(target.prefix { $0 != "?" })
        if path == "/ping", request.method == .get { return Response(status: .ok) }
        do {
            let body: Data
            do {
                body = Data(try await request.body.collect(upTo: Self.largestBody).readableBytesView)
            } catch is NIOTooManyBytesError {
                throw CallRefusal(413, "request_too_large", "A body has at most \(Self.largestBody) bytes")
            }
            let query = TokenEndpoint.form(Data(target.dropFirst(path.count + 1).utf8))
            if path.hasPrefix(SandboxOptions.controlPath + "/") {
                guard let control else { throw Self.notFound }
                return try await control.respond(
                    method: request.method, path: String(path.dropFirst(SandboxOptions.controlPath.count)), query: query, body: body,
                    host: request.head.authority, isLocal: context.isLocal
                ).response
            }
            let inquiry = Inquiry(
                method: request.method.rawValue, path: path, target: target, headers: request.headers, query: query, body: body)
            guard let answer = try await answer(inquiry) else {
                // A fault: closed without a word. What is returned here never leaves.
                try? await context.channel.close().get()
                return Response(status: .internalServerError)
            }
            return answer.response
        } catch let refusal as CallRefusal {
            return try refusal.answer().response
        } catch {
            context.logger.error("A request failed", metadata: ["path": "\(path)", "error": "\(error)"])
            return try CallRefusal(500, "internal_error", "The sandbox failed; its log says why").answer().response
        }
    }

    /// - Returns: nil where the connection is to be dropped.
    private func answer(_ inquiry: Inquiry) async throws -> Answer? {
        var known: String?
        var limit: RateLimit?
        var answer: Answer?
        do {
            if inquiry.path == Endpoints.tokenPath {
                answer = try await token(inquiry, &limit, &known)
            } else {
                answer = try await call(inquiry, &limit, &known)
            }
        } catch let refusal as CallRefusal {
            state.log.append(line(inquiry, known, refusal.status, .refused))
            answer = try refusal.answer()
        }
        guard var answer else { return nil }
        if limit == nil, known == nil { limit = state.quotas.take(nil, nil, now: state.clock.milliseconds).shown }
        if let limit { Self.tell(limit, &answer.headers) }
        if let name = HTTPField.Name("x-request-id") { answer.headers[name] = UUID().uuidString.lowercased() }
        return answer
    }

    private func token(_ inquiry: Inquiry, _ limit: inout RateLimit?, _ known: inout String?) async throws -> Answer? {
        guard inquiry.method == "POST" else { throw Self.wrongMethod(["POST"]) }
        let verdict = state.quotas.take(nil, nil, now: state.clock.milliseconds)
        limit = verdict.shown
        guard verdict.isAllowed else { throw Self.tooMany }
        let fault = state.faults.strike(method: inquiry.method, path: inquiry.path, application: nil)
        guard try await suffer(fault, inquiry, nil, &limit) else { return nil }
        if fault?.kind == .refuse { throw CallRefusal(401, FailureCode.unauthorized, "Refused (scripted fault)") }
        let (answer, application) = try await tokens.answer(inquiry.headers, inquiry.body)
        known = application
        let isDropped = fault?.kind == .dropAfter
        state.log.append(line(inquiry, application, isDropped ? 0 : 200, .none))
        return isDropped ? nil : answer
    }

    private func call(_ inquiry: Inquiry, _ limit: inout RateLimit?, _ known: inout String?) async throws -> Answer? {
        guard let candidates = routes[inquiry.path] else { throw Self.notFound }
        guard candidates.contains(where: { $0.description.method.rawValue == inquiry.method }) else {
            throw Self.wrongMethod(candidates.map(\.description.method.rawValue))
        }
        let caller = try await state.authenticator.caller(inquiry.headers, target: inquiry.target)
        known = caller.application.id
        // A path or method of the other dialect is no path at all for this application.
        guard
            let route = candidates.first(where: {
                $0.description.method.rawValue == inquiry.method
                    && $0.description.isServed(caller.application.generation, caller.application.dialect)
            })
        else {
            limit = state.quotas.take(known, candidates[0].description.category, now: state.clock.milliseconds).shown
            throw Self.notFound
        }
        let verdict = state.quotas.take(known, route.description.category, now: state.clock.milliseconds)
        limit = verdict.shown
        guard verdict.isAllowed else { throw Self.tooMany }
        guard caller.scopes.contains(route.description.scope) else {
            throw CallRefusal(403, FailureCode.appForbidden, "The application lacks the right \(route.description.scope.rawValue)")
        }
        let fault = state.faults.strike(method: inquiry.method, path: inquiry.path, application: known)
        guard try await suffer(fault, inquiry, known, &limit) else { return nil }
        let answer = try await route.run(
            Call(
                state: state, description: route.description, caller: caller, query: inquiry.query, body: inquiry.body, fault: fault))
        return fault?.kind == .dropAfter ? nil : answer
    }

    /// Plays the part of a fault that comes before the effect.
    ///
    /// - Returns: false where the connection is to be dropped now.
    private func suffer(_ fault: Fault?, _ inquiry: Inquiry, _ known: String?, _ limit: inout RateLimit?) async throws -> Bool {
        guard let fault else { return true }
        switch fault.kind {
        case .dropBefore:
            state.log.append(line(inquiry, known, 0, .none))
            return false
        case .delay:
            try await Task.sleep(for: .seconds(fault.seconds ?? 1))
        case .rateLimit:
            let seconds = max(0, fault.seconds ?? 1)
            limit?.remaining = 0
            limit?.resetMilliseconds = Int(seconds * 1_000)
            limit?.retryAfterSeconds = Int(seconds.rounded(.up))
            throw Self.tooMany
        case .serverError:
            throw CallRefusal(fault.status ?? 500, fault.code ?? "internal_error", "Failed (scripted fault)")
        case .dropAfter, .refuse, .repeatToken, .shortPage:
            break
        }
        return true
    }

    private func line(_ inquiry: Inquiry, _ application: String?, _ status: Int, _ effect: Effect) -> RequestLine {
        RequestLine(
            time: state.clock.milliseconds, method: inquiry.method, path: inquiry.path, application: application, status: status,
            effect: effect, target: nil)
    }

    private static func tell(_ limit: RateLimit, _ headers: inout HTTPFields) {
        let values = [
            (RateLimit.limitHeader, limit.limit), (RateLimit.remainingHeader, limit.remaining),
            (RateLimit.resetHeader, limit.resetMilliseconds), (RateLimit.retryAfterHeader, limit.retryAfterSeconds),
        ]
        for (name, value) in values {
            if let name = HTTPField.Name(name), let value { headers[name] = String(value) }
        }
    }

    private static var notFound: CallRefusal { CallRefusal(404, "not_found", "There is no such path for this application") }
    private static var tooMany: CallRefusal { CallRefusal(429, FailureCode.rateLimited, "Too many calls; nothing was carried out") }

    private static func wrongMethod(_ allowed: [String]) -> CallRefusal {
        CallRefusal(
            405, "method_not_allowed", "This path takes another method",
            headers: [.allow: Set(allowed).sorted().joined(separator: ", ")])
    }
}
