import Foundation
import HTTPTypes
import Hummingbird
import Mimecast
import NIOCore

/// What goes back for a call, before the quota's headers are put on.
struct Answer: Sendable {
    var status: Int
    var headers: HTTPFields = [:]
    var body: [UInt8] = []
    /// How long the body takes to leave, in seconds, piece by piece; nil is at once.
    var slowness: Double?

    static func json(_ value: some Encodable, status: Int = 200) throws -> Answer {
        Answer(status: status, headers: [.contentType: "application/json"], body: try JSONText.encode(value))
    }

    var response: Response {
        Response(
            status: HTTPResponse.Status(code: status), headers: headers,
            body: slowness.map(drip) ?? ResponseBody(byteBuffer: ByteBuffer(bytes: body)))
    }

    /// The answer as a fault lets it out, if it does.
    func struck(by fault: Fault?) -> Answer? {
        switch fault?.kind {
        case .dropAfter: return nil
        case .slowBody:
            var answer = self
            answer.slowness = fault?.seconds ?? 1
            return answer
        default: return self
        }
    }

    /// In at most a hundred pieces: a byte at a time would make a large body outlast every promise about its seconds.
    private func drip(_ seconds: Double) -> ResponseBody {
        let bytes = body
        return ResponseBody(contentLength: bytes.count) { writer in
            let size = max(1, (bytes.count + 99) / 100)
            let pause = Duration.seconds(seconds) / Double(max(1, (bytes.count + size - 1) / size))
            for start in stride(from: 0, to: bytes.count, by: size) {
                try await Pause.sleep(for: pause)
                try await writer.write(ByteBuffer(bytes: bytes[start..<min(start + size, bytes.count)]))
            }
            try await writer.finish(nil)
        }
    }
}

/// A call that is turned down as a whole.
struct CallRefusal: Error, Sendable {
    /// In which form the reason travels.
    enum Form: Sendable {
        /// The gateway's: `{"fail":[{"code","message"}]}`.
        case flat
        /// The function's: `meta.status`, `fail` with one entry that has no key.
        case envelope
        /// No body at all (recorded for malformed ids).
        case empty
    }

    let status: Int
    let code: String
    let message: String
    var form = Form.flat
    var headers: HTTPFields = [:]
    /// The request log has its line already.
    var isLogged = false

    init(
        _ status: Int, _ code: String, _ message: String, form: Form = .flat, headers: HTTPFields = [:], isLogged: Bool = false
    ) {
        self.isLogged = isLogged
        self.status = status
        self.code = code
        self.message = message
        self.form = form
        self.headers = headers
    }

    func answer() throws -> Answer {
        var answer: Answer
        switch form {
        case .flat: answer = try .json(GatewayError(code: code, message: message), status: status)
        case .envelope:
            let failure = Failure(key: nil, errors: [Failure.Reason(code: code, message: message)])
            answer = try .json(ReplyEnvelope<Nothing>(status: status, data: [], fail: [failure]), status: status)
        case .empty: answer = Answer(status: status)
        }
        answer.headers.append(contentsOf: headers)
        return answer
    }

    /// An object id that no server makes (recorded). The codes of the two stay here.
    static var malformedID: CallRefusal { CallRefusal(400, "malformed_id", "", form: .empty) }
    /// One that another server might have made. The guide does not say what an id looks like, so its calls know nobody by it.
    static var foreignID: CallRefusal { CallRefusal(400, "foreign_id", "", form: .empty) }
    static func badPage(_ message: String) -> CallRefusal { CallRefusal(400, FailureCode.invalidPage, message, form: .envelope) }
    static func notReadable(_ message: String) -> CallRefusal { CallRefusal(400, FailureCode.deserialise, message, form: .envelope) }
}
