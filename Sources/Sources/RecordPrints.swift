import Crypto
import Planning

/// Makes the fingerprints of records: of their bytes, and of everything that decides how they are read.
struct RecordPrints: Sendable {
    /// Of another version of this reader the prints are others: what was once in line may be read otherwise now.
    private static let version = "people 1"

    private let start: SHA256

    /// - Parameters:
    ///   - names: of the columns, as the file spells them.
    ///   - rules: the digest of the configuration's rules; nil where there are none.
    init(format: PeopleFile.Format, separator: UInt8, names: [String], rules: String?) {
        var start = SHA256()
        for text in [Self.version, format.rawValue, String(separator), rules ?? ""] + names {
            var text = text
            text.withUTF8 { bytes in
                // The length before the text: no two lists of names have the same bytes.
                withUnsafeBytes(of: UInt64(bytes.count).littleEndian) { start.update(bufferPointer: $0) }
                start.update(bufferPointer: UnsafeRawBufferPointer(bytes))
            }
        }
        let digest = Array(start.finalize())
        self.start = digest.withUnsafeBytes { bytes in
            var start = SHA256()
            start.update(bufferPointer: bytes)
            return start
        }
    }

    func print(of record: ArraySlice<UInt8>) -> Fingerprint {
        var hash = start
        record.withUnsafeBytes { hash.update(bufferPointer: $0) }
        return hash.finalize().withUnsafeBytes { digest in
            Fingerprint(
                high: digest.loadUnaligned(fromByteOffset: 0, as: UInt64.self).littleEndian,
                low: digest.loadUnaligned(fromByteOffset: 8, as: UInt64.self).littleEndian)
        }
    }
}
