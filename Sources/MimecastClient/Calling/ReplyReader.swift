import HTTPTransport
import Foundation
import Mimecast

/// Reads an answer's body into the envelope, whichever shape the endpoint has.
struct ReplyReader: Sendable {
    let faults: FaultReader

    /// - Throws: ``ClientError``: the status mapped, `refused` for a failed call (`fail` without a key, and no rows), `malformedReply`.
    func read<Row>(_ answer: Answer, of call: Call, _ description: EndpointDescription, as row: Row.Type) throws -> Reply<Row> {
        let reply = answer.reply
        guard (200..<300).contains(reply.status) else { throw faults.error(answer, of: call) }
        if description.answersFile, let file = ReplyFile(reply) {
            return Reply(envelope: ReplyEnvelope(status: reply.status, data: []), file: file, headers: reply.headers)
        }
        var envelope = try decode(reply, of: call, description, as: row)
        envelope.fail = envelope.fail.map { redacted($0, token: answer.token) }
        let failedCall = envelope.fail.filter { $0.key == nil }
        if envelope.data.isEmpty, !failedCall.isEmpty {
            throw faults.error(call: call.path, reasons: failedCall.flatMap(\.reasons), status: reply.status)
        }
        if let status = envelope.meta?.status, status >= 400, envelope.data.isEmpty, envelope.fail.isEmpty {
            throw faults.error(Answer(reply: WireReply(status: status, headers: reply.headers), token: nil), of: call)
        }
        return Reply(envelope: envelope, headers: reply.headers)
    }

    private func decode<Row>(
        _ reply: WireReply, of call: Call, _ description: EndpointDescription, as row: Row.Type
    ) throws -> ReplyEnvelope<Row> {
        do {
            let data = Data(reply.body)
            switch (description.body, description.paging) {
            case (.envelope, _), (.file, _): return try JSONDecoder().decode(ReplyEnvelope<Row>.self, from: data)
            case (.plain, .query): return try JSONDecoder().decode(PlainReply<Row>.List.self, from: data).envelope
            case (.plain, _): return try JSONDecoder().decode(PlainReply<Row>.self, from: data).envelope
            }
        } catch {
            throw ClientError(
                .malformedReply, "The answer of \(faults.origin)\(call.path) cannot be read (\(Self.place(of: error))).",
                remedy: call.writes
                    ? "It may have been carried out: read the account before it is sent again."
                    : "Check that the base URL is the vendor's API gateway and the dialect the application's.",
                status: reply.status, outcomeUnknown: call.writes)
        }
    }

    private func redacted(_ failure: Failure, token: String?) -> Failure {
        var failure = failure
        failure.errors = failure.errors?.map { faults.redacted($0, token: token) }
        if let code = failure.code {
            let reason = faults.redacted(Failure.Reason(code: code, message: failure.message ?? ""), token: token)
            failure.code = reason.code
            failure.message = reason.message
        }
        return failure
    }

    /// Where the reader stopped; never what it read.
    private static func place(of error: any Error) -> String {
        let context: DecodingError.Context
        switch error as? DecodingError {
        case .keyNotFound(let key, let found):
            return "\((found.codingPath + [key]).map(\.stringValue).joined(separator: ".")) is missing"
        case .typeMismatch(_, let found), .valueNotFound(_, let found), .dataCorrupted(let found): context = found
        default: return "not JSON"
        }
        let path = context.codingPath.map { $0.intValue.map(String.init) ?? $0.stringValue }.joined(separator: ".")
        return path.isEmpty ? "not the expected JSON" : "at \(path)"
    }
}
