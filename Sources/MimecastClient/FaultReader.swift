import HTTPTransport
import Foundation
import Mimecast

/// Turns what went wrong into a ``ClientError`` with a cause, a remedy and no secret.
struct FaultReader: Sendable {
    let credentials: Credentials
    /// For messages; the secret-free base URL.
    let origin: String

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

    /// No token came.
    func error(_ failure: AuthorizationFailure) -> any Error {
        switch failure {
        case .unusable(let error): return error
        case .transport(let error): return error.kind == .cancelled ? CancellationError() : self.error(error)
        case .reply(let reply):
            if reply.status == 404 || reply.status == 405 {
                return ClientError(
                    .misconfigured, "\(origin) has no token endpoint (HTTP \(reply.status)).",
                    remedy: "Check that the base URL is the v2 gateway of the region, not a v1 host.", status: reply.status)
            }
            // A wrong client is 401 or 400 by RFC 6749, section 5.2; both mean the same here.
            let status = reply.status == 400 ? 401 : reply.status
            return error(status: status, Answer(reply: reply, token: nil), path: Endpoints.tokenPath, writes: false)
        }
    }

    /// An answer whose status says no.
    func error(_ answer: Answer, of call: Call) -> ClientError {
        error(status: answer.reply.status, answer, path: call.path, writes: call.writes)
    }

    /// A failed call in an answer that came with 200: its code says what the status should have said.
    func error(call path: String, reasons: [Failure.Reason], status: Int) -> ClientError {
        let codes = Set(reasons.map(\.code))
        let meant: Int
        if !codes.isDisjoint(with: [FailureCode.developerKey, FailureCode.invalidSignature, FailureCode.tokenExpired]) {
            meant = 401
        } else if codes.contains(FailureCode.bindingExpired) {
            meant = 418
        } else if codes.contains(FailureCode.appForbidden) {
            meant = 403
        } else if codes.contains(FailureCode.rateLimited) {
            meant = 429
        } else {
            meant = 400
        }
        return error(status: meant, path: path, reasons: reasons, wait: nil, seen: status, writes: false)
    }

    private func error(status: Int, _ answer: Answer, path: String, writes: Bool) -> ClientError {
        error(
            status: status, path: path, reasons: reasons(in: answer.reply, token: answer.token),
            wait: RateLimit(answer.reply.header).wait, seen: answer.reply.status, writes: writes)
    }

    private func error(
        status: Int, path: String, reasons: [Failure.Reason], wait: Duration?, seen: Int, writes: Bool
    ) -> ClientError {
        let said = reasons.isEmpty ? "" : " (" + reasons.map(\.spoken).joined(separator: "; ") + ")"
        func error(_ code: ClientError.Code, _ what: String, _ remedy: String, unknown: Bool = false) -> ClientError {
            ClientError(
                code, "\(origin)\(path) \(what)\(said).", remedy: remedy, status: seen, reasons: reasons, outcomeUnknown: unknown && writes)
        }
        switch status {
        case 401:
            return error(.unauthorized, "does not accept the \(credentials)", unauthorizedRemedy)
        case 403:
            return error(
                .forbidden, "is not permitted to the \(credentials)",
                "Give the application the product and role for this call in the administration console.")
        case 404, 405:
            return error(
                .notFound, "does not exist for the \(credentials)",
                "Check the base URL and the application's dialect (guide or portal) and generation.")
        case 418:
            return error(
                .expiredBinding, "says that the binding of the v1 keys has run out",
                "Create new access and secret keys for the application, or use a v2 application.")
        case 429:
            let seconds = wait.map { "\(($0.wholeMilliseconds + 999) / 1_000) s" } ?? "a minute"
            return error(.rateLimited, "refuses more calls for now", "Repeat in \(seconds); what was refused was not carried out.")
        case 400..<500:
            return error(.refused, "refused the call", "Look at the reason; repeating the same call does not help.")
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
        case .v2:
            """
            Check the client secret, the region (a wrong region looks like a wrong password) and the generation: \
            keys of a v1 application mean nothing to v2.
            """
        case .v1:
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
