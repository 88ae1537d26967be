import Crypto
import Foundation
import MusterStore

/// How far one reader has come in the logs of one type. Kept only after the lines were written.
struct SiemCursor: Sendable, Equatable {
    /// The token to go on with; nil where the vendor gave none.
    var token: String?
    /// The time of the newest line, in seconds since 1970; 0 where there was none yet.
    var newest: Int
    /// When it was last kept, in seconds since 1970.
    var read: Int
    /// Fingerprints of the last lines, oldest first: lines have no ids, and a file that grows is told again.
    var seen: [UInt64]

    /// How many fingerprints are kept, 8 bytes each (our choice: some hours of a tenant with 100 messages a minute).
    static let mostSeen = 20_000

    static func recall(_ name: String, tenant: String, _ tx: any Transaction) throws -> SiemCursor? {
        try tx.first(
            "SELECT cursor, newest, read_at, seen FROM siem_cursors WHERE tenant = $1 AND type = $2", [.text(tenant), .text(name)]
        ) { SiemCursor(token: $0.textOrNil(0), newest: $0.int(1), read: $0.int(2), seen: numbers($0.blob(3))) }
    }

    func keep(_ name: String, tenant: String, _ tx: any Transaction) throws {
        try tx.execute(
            """
            INSERT INTO siem_cursors (tenant, type, cursor, newest, read_at, seen) VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT (tenant, type) DO UPDATE SET cursor = $3, newest = $4, read_at = $5, seen = $6
            """, [.text(tenant), .text(name), .string(token), .int(newest), .int(read), .blob(Self.bytes(seen))])
    }

    /// Eight bytes of SHA-256.
    static func fingerprint(_ line: String) -> UInt64 {
        SHA256.hash(data: Data(line.utf8)).prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }

    private static func bytes(_ numbers: [UInt64]) -> [UInt8] {
        numbers.flatMap { number in (0..<8).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) } }
    }

    private static func numbers(_ bytes: [UInt8]) -> [UInt64] {
        stride(from: 0, to: bytes.count - bytes.count % 8, by: 8).map { start in
            (0..<8).reduce(0) { $0 | UInt64(bytes[start + $1]) << (8 * $1) }
        }
    }
}
