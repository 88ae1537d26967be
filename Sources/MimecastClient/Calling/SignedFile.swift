import HTTPTransport
import Foundation
import Mimecast

/// A gzip file of JSON lines behind a signed URL, which may be anybody's: no token goes there.
struct SignedFile: Sendable {
    /// The URL's signature is what proves who asks.
    private struct Unsigned: Authorization {
        func sign(target: String) async throws(AuthorizationFailure) -> SignedHeaders {
            SignedHeaders(headers: [], token: nil, isFresh: true)
        }

        func discard(_ headers: SignedHeaders, ranOut: Bool) async {}
    }

    let connection: ClientParts
    let url: String
    /// Most bytes, expanded.
    let limit: Int

    func lines<Row: Codable & Sendable>(of row: Row.Type) async throws -> [Kept<Row>] {
        let call = try call()
        let reply = try await connection.retrying.answer(to: call).reply
        guard (200..<300).contains(reply.status) else {
            throw ClientError(
                reply.status == 404 ? .notFound : .refused, "A file of mail logs was answered with HTTP \(reply.status).",
                remedy: "Ask for the page of files again: their URLs are good for a while.", status: reply.status)
        }
        do {
            let text = try Gunzip.expand(reply.body, limit: limit)
            return try text.split(separator: UInt8(ascii: "\n")).map { try JSONDecoder().decode(Kept<Row>.self, from: Data($0)) }
        } catch {
            throw ClientError(
                .malformedReply, "A file of mail logs is not gzip of JSON lines, or expands to more than \(limit) bytes.",
                remedy: "Allow more, or report it to the vendor.", status: reply.status)
        }
    }

    private func call() throws(ClientError) -> Call {
        let parts = url.split(separator: "?", maxSplits: 1).map(String.init)
        let place: ServiceURL
        do throws(UnusableURL) {
            place = try ServiceURL(parts.first ?? "", name: "URL of a file of mail logs", example: "https://host/path")
        } catch {
            throw ClientError(.wrongAnswer, error.message, remedy: "Report it to the vendor.")
        }
        return Call(
            path: "a file of mail logs", method: "GET", target: place.path + (parts.count > 1 ? "?" + parts[1] : ""), writes: false,
            category: .siem, origin: place.origin, authorization: Unsigned())
    }
}
