import NIOCore
import NIOEmbedded
import NIOHTTP1
import NIOHTTPCompression

/// Expands gzip files (RFC 1952) by the decompressor that HTTP clients have for bodies.
package enum Gunzip {
    /// What came is no gzip file, is cut off, or is larger than allowed.
    package struct Failure: Error {}

    /// - Parameter limit: the most bytes that the file may expand to.
    package static func expand(_ bytes: [UInt8], limit: Int) throws(Failure) -> [UInt8] {
        let channel = EmbeddedChannel(handler: NIOHTTPResponseDecompressor(limit: .size(limit)))
        defer { _ = try? channel.finish(acceptAlreadyClosed: true) }
        do {
            let headers: HTTPHeaders = ["Content-Encoding": "gzip", "Content-Length": "\(bytes.count)"]
            let head = HTTPResponseHead(version: .http1_1, status: .ok, headers: headers)
            try channel.writeInbound(HTTPClientResponsePart.head(head))
            try channel.writeInbound(HTTPClientResponsePart.body(ByteBuffer(bytes: bytes)))
            try channel.writeInbound(HTTPClientResponsePart.end(nil))
            var expanded: [UInt8] = []
            while let part = try channel.readInbound(as: HTTPClientResponsePart.self) {
                if case .body(let buffer) = part { expanded += buffer.readableBytesView }
            }
            return expanded
        } catch {
            throw Failure()
        }
    }
}
