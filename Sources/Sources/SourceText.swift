/// The bytes of a source as UTF-8, without a byte order mark.
///
/// Understood are UTF-8 and UTF-16 of both byte orders, with a mark or without; UTF-16 without one is known by its zero bytes,
/// since a header line is mostly ASCII. Anything else, and U+0000, is refused.
enum SourceText {
    static let mostBytes = 512 << 20

    /// - Parameters:
    ///   - bytes: the whole file.
    ///   - name: the file's name, for the error.
    /// - Returns: valid UTF-8 without U+0000.
    static func utf8(_ bytes: [UInt8], name: String) throws(SourceError) -> [UInt8] {
        guard bytes.count <= mostBytes else {
            throw SourceError(
                .tooLarge, at: Place(file: name), "The file has \(bytes.count) bytes; \(mostBytes) (512 MiB) are the most.",
                remedy: "Export the columns that are needed only, or split the export by tenant.")
        }
        let text: [UInt8]
        switch bytes.prefix(3) {
        case [0xEF, 0xBB, 0xBF]: text = Array(bytes.dropFirst(3))
        case let start where start.starts(with: [0xFF, 0xFE]): return try transcode(bytes, from: 2, lowFirst: true, name: name)
        case let start where start.starts(with: [0xFE, 0xFF]): return try transcode(bytes, from: 2, lowFirst: false, name: name)
        default:
            if looksUTF16(bytes, zeroAt: 1) { return try transcode(bytes, from: 0, lowFirst: true, name: name) }
            if looksUTF16(bytes, zeroAt: 0) { return try transcode(bytes, from: 0, lowFirst: false, name: name) }
            text = bytes
        }
        if let bad = firstInvalid(text) {
            throw SourceError(
                .encoding, at: Place(file: name, line: line(of: bad, in: text)),
                "The byte 0x\(hex(text[bad])) (byte \(bad + 1 + bytes.count - text.count) of the file) is not UTF-8.", remedy: saveAsUTF8)
        }
        if let zero = text.firstIndex(of: 0) { throw zeroCharacter(name, line: line(of: zero, in: text)) }
        return text
    }

    private static let saveAsUTF8 = "Save the file as “CSV UTF-8” and try again."

    private static func zeroCharacter(_ name: String, line: Int) -> SourceError {
        SourceError(
            .zeroCharacter, at: Place(file: name, line: line), "There is a zero character (U+0000), which no text has.",
            remedy: "Export the file again, or save it as “CSV UTF-8”: it is damaged, or no CSV file.")
    }

    private static func line(of index: Int, in text: [UInt8]) -> Int {
        text[..<index].reduce(1) { $1 == 0x0A ? $0 + 1 : $0 }
    }

    private static func hex(_ byte: UInt8) -> String {
        let digits = String(byte, radix: 16, uppercase: true)
        return digits.count == 1 ? "0" + digits : digits
    }

    /// Whether, at the file's start, of each pair of bytes this one is zero and the other is not.
    private static func looksUTF16(_ bytes: [UInt8], zeroAt offset: Int) -> Bool {
        let start = min(bytes.count, 32) & ~1
        guard start >= 4 else { return false }
        return stride(from: 0, to: start, by: 2).allSatisfy { bytes[$0 + offset] == 0 && bytes[$0 + 1 - offset] != 0 }
    }

    private static func transcode(_ bytes: [UInt8], from start: Int, lowFirst: Bool, name: String) throws(SourceError) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count / 2 + bytes.count / 8)
        var line = 1
        var index = start
        let low = lowFirst ? 0 : 1
        func unit(_ index: Int) -> UInt32 { UInt32(bytes[index + low]) | UInt32(bytes[index + 1 - low]) << 8 }
        while index + 1 < bytes.count {
            var code = unit(index)
            index += 2
            if code & 0xFC00 == 0xD800, index + 1 < bytes.count, unit(index) & 0xFC00 == 0xDC00 {
                code = 0x10000 + (code & 0x3FF) << 10 + (unit(index) & 0x3FF)
                index += 2
            }
            guard let scalar = Unicode.Scalar(code) else {
                throw SourceError(
                    .encoding, at: Place(file: name, line: line), "Half a character (byte \(index - 1) of the file) is not UTF-16.",
                    remedy: saveAsUTF8)
            }
            if code == 0 { throw zeroCharacter(name, line: line) }
            if code == 0x0A { line += 1 }
            if code < 0x80 {
                text.append(UInt8(code))
            } else {
                text.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
            }
        }
        guard index == bytes.count else {
            throw SourceError(
                .encoding, at: Place(file: name, line: line), "The last character is cut off: UTF-16 needs an even number of bytes.",
                remedy: "Export the file again, or save it as “CSV UTF-8”.")
        }
        return text
    }

    /// The first byte at which `text` stops being UTF-8 (RFC 3629, section 4); nil where all of it is.
    private static func firstInvalid(_ text: [UInt8]) -> Int? {
        text.withUnsafeBufferPointer { bytes in
            var index = 0
            while index < bytes.count {
                let lead = bytes[index]
                if lead < 0x80 {
                    index += 1
                    continue
                }
                let (tail, second): (Int, ClosedRange<UInt8>)
                switch lead {
                case 0xC2...0xDF: (tail, second) = (1, 0x80...0xBF)
                case 0xE0: (tail, second) = (2, 0xA0...0xBF)
                case 0xED: (tail, second) = (2, 0x80...0x9F)
                case 0xE1...0xEF: (tail, second) = (2, 0x80...0xBF)
                case 0xF0: (tail, second) = (3, 0x90...0xBF)
                case 0xF1...0xF3: (tail, second) = (3, 0x80...0xBF)
                case 0xF4: (tail, second) = (3, 0x80...0x8F)
                default: return index
                }
                guard index + tail < bytes.count, second.contains(bytes[index + 1]) else { return index }
                for offset in 1...tail where bytes[index + offset] & 0xC0 != 0x80 { return index }
                index += tail + 1
            }
            return nil
        }
    }
}
