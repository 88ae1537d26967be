import HTTPTransport
import SCIM

/// Turns what went wrong into a ``SCIMClientError`` with a cause, a remedy and no token.
struct SCIMFaults: Sendable {
    /// Characters of the server's own words that are kept.
    private static let longest = 500

    /// No answer came.
    func error(_ error: TransportError, writes: Bool) -> SCIMClientError {
        let unknown = writes && error.mayHaveReachedServer
        switch error.kind {
        case .invalid:
            return SCIMClientError(.misconfigured, error.message, remedy: "Check the base URL.")
        case .replyTooLarge:
            return SCIMClientError(
                .malformedReply, error.message, remedy: "Ask for smaller pages, or for fewer attributes.", outcomeUnknown: unknown)
        case .unreachable, .connectionLost, .timedOut, .cancelled:
            return SCIMClientError(
                .unreachable, error.message,
                remedy: unknown ? Self.readFirst : "Check the base URL, the name service and the way to the network, then repeat.",
                outcomeUnknown: unknown)
        }
    }

    /// An answer whose status says no.
    ///
    /// - Parameters:
    ///   - place: method and path, for messages.
    ///   - token: what must not be repeated: a server may echo what it was sent.
    func error(_ reply: WireReply, of place: String, writes: Bool, token: String?) -> SCIMClientError {
        let body = (try? JSONValue.parse(reply.body))?.object
        return error(
            status: reply.status, scimType: words(body?.value(ofAttribute: "scimType")?.text, token),
            detail: words(body?.value(ofAttribute: "detail")?.text, token), wait: RetryAfter.duration(in: reply), of: place,
            writes: writes)
    }

    /// - Parameter status: of an answer, or of one operation of a bulk.
    func error(
        status: Int, scimType: String?, detail: String?, wait: Duration? = nil, of place: String, writes: Bool
    ) -> SCIMClientError {
        let reasons = [scimType, detail].compactMap { $0 }.joined(separator: ": ")
        let said = reasons.isEmpty ? "" : " (\(reasons))"
        func error(_ code: SCIMClientError.Code, _ what: String, _ remedy: String, unknown: Bool = false) -> SCIMClientError {
            SCIMClientError(
                code, "\(place) \(what)\(said).", remedy: remedy, status: status, scimType: scimType, detail: detail,
                outcomeUnknown: unknown && writes)
        }
        switch status {
        case 401: return error(.unauthorized, "was refused for its token", "Check the token, and that the service is switched on.")
        case 403: return error(.forbidden, "is not permitted", "Give the token's application the right to it, or look at the reason.")
        case 404: return error(.notFound, "found nothing", "Check the id and the base URL.")
        case 408: return error(.server, "was not answered in time", writes ? Self.readFirst : "Repeat later.", unknown: true)
        case 409: return error(.conflict, "conflicts with another resource", "Read the resource that has the name or id already.")
        case 412: return error(.versionMismatch, "met another version", "Read the resource again, then repeat the change.")
        case 413: return error(.tooLarge, "is too large", "Split it.")
        case 429:
            let seconds = wait.map { "\($0.components.seconds + ($0.components.attoseconds > 0 ? 1 : 0)) s" } ?? "a minute"
            return error(.rateLimited, "was refused for now", "Repeat in \(seconds); what was refused was not carried out.")
        case 400..<500: return error(.refused, "was refused", "Look at the reason; repeating the same call does not help.")
        case 501: return error(.notSupported, "is not supported", "Do it another way.")
        case 500...: return error(.server, "failed with HTTP \(status)", writes ? Self.readFirst : "Repeat later.", unknown: true)
        default:
            return error(.wrongAnswer, "was answered with HTTP \(status)", "Check the base URL: redirects are not followed.", unknown: true)
        }
    }

    func unreadable(_ why: String, _ reply: WireReply, of place: String, writes: Bool) -> SCIMClientError {
        SCIMClientError(
            .malformedReply, "The answer to \(place) cannot be used: \(why).",
            remedy: writes ? Self.readFirst : "Check that the base URL is a SCIM service provider's.", status: reply.status,
            outcomeUnknown: writes)
    }

    static let readFirst = "It may have been carried out: read the resource before it is sent again."

    /// The server's words without the token, without control characters, and not too many of them.
    private func words(_ text: String?, _ token: String?) -> String? {
        guard var text, !text.isEmpty else { return nil }
        if let token, !token.isEmpty { text = text.replacing(token, with: "•••") }
        let scalars = text.unicodeScalars.prefix(Self.longest).map { $0.properties.generalCategory == .control ? " " : $0 }
        return String(String.UnicodeScalarView(scalars))
    }
}
