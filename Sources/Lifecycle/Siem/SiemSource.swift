import Foundation
import Mimecast
import MimecastClient

/// Where mail logs come from: pages of pieces (files), each with lines, and a token to go on with.
public struct SiemSource: Sendable {
    public enum Place: Sendable, Hashable {
        case from(Date)
        /// The token of the page before.
        case after(String)
    }

    /// A file, read when it is its turn.
    public struct Piece: Sendable {
        /// The same for the same file, whoever asks when; without a signature.
        public var name: String
        public var lines: @Sendable () async throws -> [JSON]

        public init(name: String, lines: @escaping @Sendable () async throws -> [JSON]) {
            self.name = name
            self.lines = lines
        }
    }

    public struct Page: Sendable {
        public var pieces: [Piece]
        public var next: String?
        public var isCaughtUp: Bool

        public init(pieces: [Piece], next: String?, isCaughtUp: Bool) {
            self.pieces = pieces
            self.next = next
            self.isCaughtUp = isCaughtUp
        }
    }

    /// What there are logs of; each has a cursor of its own.
    public let types: [String]
    public let page: @Sendable (_ type: String, Place) async throws -> Page

    public init(types: [String], page: @escaping @Sendable (_ type: String, Place) async throws -> Page) {
        self.types = types
        self.page = page
    }

    /// What a v2 application's batches are of, as far as the gateway knows mail.
    public static let mailTypes = ["receipt", "process", "delivery"]

    /// The log files of a v2 application (`/siem/v1/batch/events/cg`), or the older ones of a v1 application (`get-siem-logs`), whose
    /// one type is `MTA`.
    ///
    /// - Parameter types: of a v2 application's logs; empty for ``mailTypes``.
    public static func vendor(_ client: TenantClient, types: [String] = []) -> SiemSource {
        guard client.generation == .v2 else { return SiemSource(types: ["MTA"]) { try await oldPage(client, $1) } }
        return SiemSource(types: types.isEmpty ? mailTypes : types) { type, place in
            var window = SiemWindow(type: type, pageSize: LenientInt(100))
            switch place {
            case .from(let date): window.dateRangeStartsAt = date.formatted(.iso8601)
            case .after(let token): window.nextPage = token
            }
            let batch = try await client.siemBatch(window)
            let pieces = batch.value.map { file in
                Piece(name: String(file.url.prefix { $0 != "?" })) { try await client.logLines(in: file) }
            }
            return Page(pieces: pieces, next: batch.nextPage, isCaughtUp: batch.isCaughtUp ?? batch.value.isEmpty)
        }
    }

    /// A token is good from the first answer on; before, the vendor says where it begins (a day back in the sandbox).
    private static func oldPage(_ client: TenantClient, _ place: Place) async throws -> Page {
        let token: String? = if case .after(let token) = place { token } else { nil }
        let (file, next) = try await client.siemFile(SiemQuery(type: "MTA", fileFormat: "json", token: token))
        guard let file else { return Page(pieces: [], next: next, isCaughtUp: true) }
        let name = file.name ?? "a file of mail logs"
        return Page(pieces: [Piece(name: name) { try oldLines(file) }], next: next, isCaughtUp: false)
    }

    /// `{"type":"MTA","data":[…]}`; what the lines are of stands in the file's name alone.
    private static func oldLines(_ file: ReplyFile) throws -> [JSON] {
        guard file.bytes.count <= 256 << 20, let json = try? JSONDecoder().decode(JSON.self, from: Data(file.bytes)),
            case .array(let rows)? = json["data"]
        else {
            throw ClientError(.malformedReply, "A file of mail logs is not JSON with its rows in data.", remedy: "Report it to the vendor.")
        }
        let kind = file.name.flatMap { name in name.firstIndex(of: "_").map { String(name[..<$0]) } }
        return rows.map { row in
            guard case .object(var members) = row, members["type"] == nil, let kind else { return row }
            members["type"] = .string(kind)
            return .object(members)
        }
    }
}
