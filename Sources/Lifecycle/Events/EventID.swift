import MusterStore

/// How an event's id is kept: 32 hexadecimal digits in 16 bytes. Others stand as texts; one of 16 bytes, which would be taken for digits, with a
/// zero before it.
enum EventID {
    static func value(_ id: String) -> SQLValue { .blob(packed(id) ?? plain(id)) }

    static func text(_ bytes: [UInt8]) -> String {
        var result: [UInt8] = []
        bytes.withUnsafeBytes { append($0, to: &result) }
        return String(decoding: result, as: UTF8.self)
    }

    /// Writes the id that is kept in these bytes.
    static func append(_ bytes: UnsafeRawBufferPointer, to result: inout [UInt8]) {
        guard bytes.count == 16 else {
            result.append(contentsOf: bytes[(bytes.count == 17 && bytes[0] == 0 ? 1 : 0)...])
            return
        }
        for byte in bytes {
            result.append(digit(byte >> 4))
            result.append(digit(byte & 15))
        }
    }

    private static func packed(_ id: String) -> [UInt8]? {
        guard id.utf8.count == 32 else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(16)
        var high: UInt8?
        for digit in id.utf8 {
            let value: UInt8
            switch digit {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = digit - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): value = digit - UInt8(ascii: "a") + 10
            default: return nil
            }
            if let first = high {
                bytes.append(first << 4 | value)
                high = nil
            } else {
                high = value
            }
        }
        return bytes
    }

    private static func plain(_ id: String) -> [UInt8] { id.utf8.count == 16 ? [0] + Array(id.utf8) : Array(id.utf8) }

    private static func digit(_ value: UInt8) -> UInt8 { value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10 }
}
