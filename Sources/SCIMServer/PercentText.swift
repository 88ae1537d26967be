/// Percent-encoding (RFC 3986, section 2.1).
enum PercentText {
    /// - Parameter plusIsBlank: as in queries, where forms and many clients write a blank so.
    /// - Returns: nil for what is no percent-encoding, no UTF-8, or has U+0000 in it.
    static func decode(_ text: Substring, plusIsBlank: Bool = false) -> String? {
        var text = text
        let isPlain = text.withUTF8 { bytes in
            bytes.allSatisfy { $0 != UInt8(ascii: "%") && $0 != 0 && !(plusIsBlank && $0 == UInt8(ascii: "+")) }
        }
        if isPlain { return String(text) }
        return text.withUTF8 { decode($0, plusIsBlank: plusIsBlank) }
    }

    private static func decode(_ text: UnsafeBufferPointer<UInt8>, plusIsBlank: Bool) -> String? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count)
        var rest = text.makeIterator()
        while var byte = rest.next() {
            if byte == UInt8(ascii: "%") {
                guard let high = rest.next().flatMap(digit), let low = rest.next().flatMap(digit) else { return nil }
                byte = high << 4 | low
            } else if plusIsBlank, byte == UInt8(ascii: "+") {
                byte = UInt8(ascii: " ")
            }
            if byte == 0 { return nil }
            bytes.append(byte)
        }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - 0x30
        case UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: "A")...UInt8(ascii: "F"): (byte | 0x20) - 0x61 + 10
        default: nil
        }
    }
}

extension Substring {
    /// Without blanks and tabs around it.
    var trimmingBlanks: Substring {
        var bytes = utf8
        while let first = bytes.first, first == 0x20 || first == 0x09 { bytes.removeFirst() }
        while let last = bytes.last, last == 0x20 || last == 0x09 { bytes.removeLast() }
        return Substring(bytes)
    }
}
