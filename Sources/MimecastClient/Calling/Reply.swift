import HTTPTransport
import Mimecast

/// The answer of one call.
public struct Reply<Row: Codable & Sendable>: Sendable {
    /// Rows and failed items; empty where the answer is a file.
    public let envelope: ReplyEnvelope<Row>
    /// Where the answer is one, and not JSON.
    public let file: ReplyFile?
    private let headers: [(String, String)]

    init(envelope: ReplyEnvelope<Row>, file: ReplyFile? = nil, headers: [(String, String)]) {
        self.envelope = envelope
        self.file = file
        self.headers = headers
    }

    /// The first value of a header, its name compared without regard to case.
    public func header(_ name: String) -> String? { WireReply(status: 200, headers: headers).header(name) }
}

/// A file as it came.
public struct ReplyFile: Sendable, Hashable {
    /// As the server calls it.
    public let name: String?
    public let bytes: [UInt8]

    public init(name: String?, bytes: [UInt8]) {
        self.name = name
        self.bytes = bytes
    }
}

extension ReplyFile {
    /// - Returns: nil for an answer that is no file.
    init?(_ reply: WireReply) {
        let disposition = reply.header("Content-Disposition") ?? ""
        let type = (reply.header("Content-Type") ?? "").lowercased().prefix { $0 != ";" }.trimmingSuffix()
        let isFile = disposition.lowercased().hasPrefix("attachment") || Self.types.contains(type)
        guard isFile else { return nil }
        let name = disposition.firstRange(of: "filename=").map { disposition[$0.upperBound...].prefix { $0 != ";" } }
        self.init(name: name.map { String($0.filter { $0 != "\"" }) }, bytes: reply.body)
    }

    private static let types: Set<String> = [
        "application/octet-stream", "application/zip", "application/x-zip-compressed", "application/gzip", "application/x-gzip", "text/csv",
    ]
}

extension Substring {
    fileprivate func trimmingSuffix() -> String {
        var text = self
        while text.last == " " || text.last == "\t" { text.removeLast() }
        return String(text)
    }
}
