import HTTPTransport
import Foundation
import MimecastClient

/// What a ``ScriptedTransport`` expects, and what it answers.
public struct Step: Sendable {
    public typealias Answer = @Sendable (WireRequest) async throws(TransportError) -> WireReply

    public let name: String
    /// Nil for any number of times, none included.
    public let times: Int?
    let fits: @Sendable (WireRequest) -> Bool
    let answer: Answer

    /// - Parameters:
    ///   - path: without the query.
    ///   - fits: a further condition, such as on the body.
    public init(
        _ path: String, method: String = "POST", times: Int? = 1, where fits: @escaping @Sendable (WireRequest) -> Bool = { _ in true },
        answer: @escaping Answer
    ) {
        name = "\(method) \(path)"
        self.times = times
        self.fits = { $0.method == method && $0.path == path && fits($0) }
        self.answer = answer
    }

    /// Answers with JSON, or any other text.
    public static func expect(
        _ path: String, method: String = "POST", times: Int? = 1, where fits: @escaping @Sendable (WireRequest) -> Bool = { _ in true },
        status: Int = 200, headers: [(String, String)] = [], _ body: String
    ) -> Step {
        Step(path, method: method, times: times, where: fits) { _ throws(TransportError) in
            WireReply(status: status, headers: [("Content-Type", "application/json")] + headers, body: Array(body.utf8))
        }
    }

    /// Does not answer.
    public static func fail(_ path: String, method: String = "POST", times: Int? = 1, _ error: TransportError) -> Step {
        Step(path, method: method, times: times) { _ throws(TransportError) in throw error }
    }

    /// The token call, answered with a token.
    ///
    /// - Parameters:
    ///   - life: seconds; nil leaves `expires_in` out.
    ///   - times: nil for any number.
    public static func token(_ token: String = "token-1", life: Int? = 1_799, times: Int? = nil) -> Step {
        let expiry = life.map { #","expires_in":\#($0)"# } ?? ""
        return expect("/oauth/token", times: times, #"{"access_token":"\#(token)","token_type":"Bearer"\#(expiry),"scope":""}"#)
    }
}

extension TransportError {
    /// Nothing listens there: the request has not left.
    public static let refusedConnection = TransportError(.unreachable, mayHaveReachedServer: false, "connection refused")
    /// The connection broke after the request had left.
    public static let lostConnection = TransportError(.connectionLost, mayHaveReachedServer: true, "connection lost")
    /// The request left, and no answer came in time.
    public static let noAnswer = TransportError(.timedOut, mayHaveReachedServer: true, "no answer in time")
}

extension WireRequest {
    /// The path of the URL, without host and query.
    public var path: String {
        guard let start = url.range(of: "://")?.upperBound, let slash = url[start...].firstIndex(of: "/") else { return "" }
        return String(url[slash...].prefix { $0 != "?" })
    }

    /// The query of the URL, as sent.
    public var query: String { url.firstIndex(of: "?").map { String(url[url.index(after: $0)...]) } ?? "" }

    /// The body as text.
    public var text: String { String(decoding: body, as: UTF8.self) }
}
