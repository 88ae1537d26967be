import HTTPTransport
import Foundation
import Mimecast

/// Turns what went wrong into a ``ClientError`` with a cause, a remedy and no secret.
struct FaultReader: Sendable {
    let credentials: Credentials
    /// For messages; the secret-free base URL.
    let origin: String
    /// The time of day, for answers that name one.
    var now: @Sendable () -> Date = { Date() }

    /// The vendor's reasons, in whichever of its forms they came: the envelope's, the gateway's flat one, RFC 6749's, or none.
    func reasons(in reply: WireReply, token: String? = nil) -> [Failure.Reason] {
        guard let body = try? JSONDecoder().decode(FaultBody.self, from: Data(reply.body)) else { return [] }
        return body.reasons.map { redacted($0, token: token) }
    }

    func redacted(_ reason: Failure.Reason, token: String?) -> Failure.Reason {
        var reason = reason
        reason.code = redact(reason.code, token)
        reason.message = redact(reason.message, token)
        reason.field = reason.field.map { redact($0, token) }
        return reason
    }

    private func redact(_ text: String, _ token: String?) -> String {
        let text = credentials.redact(text)
        guard let token, !token.isEmpty else { return text }
        return text.replacing(token, with: "•••")
    }

    /// No answer came.
    func error(_ error: TransportError, of call: Call? = nil) -> ClientError {
        let unknown = call?.writes == true && error.mayHaveReachedServer
        switch error.kind {
        case .invalid:
            return ClientError(.misconfigured, error.message, remedy: "Check the base URL.")
        case .replyTooLarge:
            return ClientError(
                .malformedReply, error.message, remedy: "Check that the base URL is the vendor's API gateway.", outcomeUnknown: unknown)
        case .unreachable, .connectionLost, .timedOut, .cancelled:
            return ClientError(
                .unreachable, error.message,
                remedy: unknown
                    ? "It may have been carried out: read the account before it is sent again."
                    : "Check the base URL, the name service and the way to the network, then repeat.",
                outcomeUnknown: unknown)
        }
    }

    /// No token or binding came.
    func error(_ failure: AuthorizationFailure) -> any Error {
        switch failure {
        case .unusable(let error): return error
        case .transport(let error): return error.kind == .cancelled ? CancellationError() : self.error(error)
        case .reply(let reply): return noToken(reply)
        }
    }

    private func noToken(_ reply: WireReply) -> ClientError {
        let isV2 = credentials.generation == .v2
        let path = isV2 ? Endpoints.tokenPath : Endpoints.Login.login.description.path
        switch reply.status {
        case 404, 405:
            return ClientError(
                .misconfigured, "\(origin) has no \(isV2 ? "token" : "login") endpoint (HTTP \(reply.status)).",
                remedy: isV2
                    ? "Check that the base URL is the v2 gateway of the region, not a v1 host."
                    : "Check that the base URL is the v1 host of the region, not the v2 gateway.",
                status: reply.status)
        case 200:
            return error(call: path, reasons: reasons(in: reply), status: reply.status)
        default:
            // A wrong client is 401 or 400 by RFC 6749, section 5.2; both mean the same here.
            let status = reply.status == 400 ? 401 : reply.status
            return error(status: status, Answer(reply: reply, token: nil), path: path, writes: false)
        }
    }

    /// An answer whose status says no.
    func error(_ answer: Answer, of call: Call) -> ClientError {
        error(status: answer.reply.status, answer, path: call.path, writes: call.writes).opened(answer.isOpen)
    }

    /// A failed call in an answer that came with 200: its code says what the status should have said.
    func error(call path: String, reasons: [Failure.Reason], status: Int) -> ClientError {
        let meant = reasons.lazy.compactMap(ClientError.Cause.init).map(\.meantStatus).first { $0 != 400 } ?? 400
        return error(status: meant, path: path, reasons: reasons, wait: nil, seen: status, writes: false)
    }

    private func error(status: Int, _ answer: Answer, path: String, writes: Bool) -> ClientError {
        error(
            status: status, path: path, reasons: reasons(in: answer.reply, token: answer.token),
            wait: RateLimit(now: now(), answer.reply.header).wait, seen: answer.reply.status, writes: writes,
            isEmpty: answer.reply.body.isEmpty)
    }

    private func error(
        status: Int, path: String, reasons: [Failure.Reason], wait: Duration?, seen: Int, writes: Bool, isEmpty: Bool = false
    ) -> ClientError {
        let said = reasons.isEmpty ? "" : " (" + reasons.map(\.spoken).joined(separator: "; ") + ")"
        let known = reasons.lazy.compactMap(ClientError.Cause.init).first
        func error(
            _ code: ClientError.Code, _ what: String, _ remedy: String, cause: ClientError.Cause? = nil, unknown: Bool = false
        ) -> ClientError {
            let cause = known ?? cause
            // Of what may have been carried out there is one thing to do, whatever the reason.
            return ClientError(
                code, "\(origin)\(path) \(what)\(said).", remedy: unknown ? remedy : cause?.remedy ?? remedy, status: seen,
                reasons: reasons, cause: cause, outcomeUnknown: unknown && writes)
        }
        // The status of this one was never recorded.
        switch known == .appForbidden && status == 401 ? 403 : status {
        case 401:
            return error(.unauthorized, "does not accept the \(credentials)", unauthorizedRemedy, cause: .unauthorizedRequest)
        case 403:
            return error(
                .forbidden, "is not permitted to the \(credentials)",
                "Give the application the product and role for this call in the administration console.", cause: .forbidden)
        case 404, 405:
            return error(
                .notFound, "does not exist for the \(credentials)",
                "Check the base URL and the application's dialect (guide or portal) and generation.")
        case 418:
            return error(
                .expiredBinding, "says that the binding of the v1 keys has run out",
                "Create new access and secret keys for the application, sign in by password instead, or use a v2 application.",
                cause: .bindingExpired)
        case 429:
            let seconds = wait.map { "\(($0.wholeMilliseconds + 999) / 1_000) s" } ?? "a minute"
            return error(
                .rateLimited, "refuses more calls for now", "Repeat in \(seconds); what was refused was not carried out.",
                cause: .rateLimited)
        case 400..<500:
            return error(
                .refused, "refused the call", "Look at the reason; repeating the same call does not help.",
                cause: status == 400 && isEmpty ? .malformedID : nil)
        case 500...:
            return error(
                .server, "failed with HTTP \(status)",
                writes ? "It may have been carried out: read the account before it is sent again." : "Repeat later.", unknown: true)
        default:
            return error(
                .wrongAnswer, "answered with HTTP \(status)", "Check the base URL: redirects are not followed.", unknown: true)
        }
    }

    /// The vendor tells none of these apart.
    private var unauthorizedRemedy: String {
        switch credentials {
        case .v2, .v2Person:
            """
            Check the client secret, the region (a wrong region looks like a wrong password) and the generation: \
            keys of a v1 application mean nothing to v2.
            """
        case .v1, .v1Person:
            """
            Check the keys, the region (a wrong region looks like a wrong password), the clock and the generation: \
            an application that was moved to v2 no longer takes v1 keys.
            """
        }
    }
}

extension Failure.Reason {
    /// Code and message in one.
    var spoken: String { message.isEmpty ? code : "\(code): \(message)" }
}

/// Any of the forms in which the vendor and what stands before it report an error.
private struct FaultBody: Decodable {
    let reasons: [Failure.Reason]

    private enum CodingKeys: String, CodingKey {
        case fail, errors, error
        case errorDescription = "error_description"
    }

    private struct Loose: Decodable {
        let code: String?
        let message: String?
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        if let fail = try? container.decode([Failure].self, forKey: .fail) {
            reasons = fail.flatMap(\.reasons)
        } else if let errors = try? container.decode([Loose].self, forKey: .errors) {
            reasons = errors.map { Failure.Reason(code: $0.code ?? "error", message: $0.message ?? "") }
        } else if let code = try? container.decode(String.self, forKey: .error) {
            let message = try? container.decode(String.self, forKey: .errorDescription)
            reasons = [Failure.Reason(code: code, message: message ?? "")]
        } else {
            reasons = []
        }
    }
}
