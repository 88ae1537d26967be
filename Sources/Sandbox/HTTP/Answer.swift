import Foundation
import HTTPTypes
import Hummingbird
import Mimecast
import NIOCore

/// What goes back for a call, before the quota's headers are put on.
struct Answer: Sendable {
    var status: Int
    var headers: HTTPFields = [:]
    var body: Data = Data()

    static func json(_ value: some Encodable, status: Int = 200) throws -> Answer {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        return Answer(status: status, headers: [.contentType: "application/json"], body: try encoder.encode(value))
    }

    var response: Response {
        Response(status: HTTPResponse.Status(code: status), headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: body)))
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

    init(_ status: Int, _ code: String, _ message: String, form: Form = .flat, headers: HTTPFields = [:]) {
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

    static func badPage(_ message: String) -> CallRefusal { CallRefusal(400, FailureCode.invalidPage, message, form: .envelope) }
    static func notReadable(_ message: String) -> CallRefusal { CallRefusal(400, FailureCode.deserialise, message, form: .envelope) }
}
