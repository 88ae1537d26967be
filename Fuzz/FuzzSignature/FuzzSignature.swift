import Foundation
import FuzzDriver
import Mimecast

/// A header as it comes: as an authorization and as a date; what is read is written and read again.
@main enum FuzzSignature {
    static func main() {
        drive { start, count in
            let bytes = UnsafeBufferPointer(start: start, count: count)
            FuzzSignature.authorization(String(decoding: bytes, as: UTF8.self))
            FuzzSignature.date(String(decoding: bytes, as: UTF8.self))
            FuzzSignature.number(Array(bytes))
            return 0
        }
    }

    static func authorization(_ text: String) {
        guard let signature = RequestSignature(header: text) else { return }
        guard let again = RequestSignature(header: signature.header) else { preconditionFailure("what was written cannot be read") }
        precondition(again.accessKey == signature.accessKey && again.value == signature.value, "another signature after writing")
        let isBase64 = Data(base64Encoded: signature.value) != nil
        precondition(signature.matches(again) == isBase64, "a signature does not match itself")
    }

    static func date(_ text: String) {
        guard let instant = RequestSignature.instant(text) else { return }
        let written = RequestSignature.date(instant)
        // The year 0 is read and not written.
        guard instant.timeIntervalSince1970 >= -62_135_596_800 else { return }
        precondition(RequestSignature.instant(written) == instant, "another instant after writing")
    }

    /// Any instant is written, and what is written is read.
    static func number(_ bytes: [UInt8]) {
        let bits = bytes.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        let written = RequestSignature.date(Date(timeIntervalSince1970: Double(bitPattern: bits)))
        precondition(RequestSignature.instant(written) != nil, "a date that cannot be read")
    }
}
