extension LenientJSONParser {
    /// The longest number taken, in bytes; a Double is written in 24.
    private static var longestNumber: Int { 128 }

    mutating func scalar(_ byte: UInt8) throws(LenientJSON.Failure) -> JSON {
        if startsText(byte) { return .string(try text()) }
        if byte == UInt8(ascii: "-") || Self.isDigit(byte) { return .number(try number()) }
        return try word()
    }

    // MARK: Words

    private mutating func word() throws(LenientJSON.Failure) -> JSON {
        let start = position
        // No word is longer than five letters.
        var letters: [UInt8] = []
        while let byte = peek, letters.count < 6, (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) {
            letters.append(byte | 0x20)
            position += 1
        }
        switch String(decoding: letters, as: UTF8.self) {
        case "true": return .bool(true)
        case "false": return .bool(false)
        case "null", "none": return .null
        default: throw failure(at: start)
        }
    }

    // MARK: Numbers

    private mutating func number() throws(LenientJSON.Failure) -> Double {
        let start = position
        _ = take(UInt8(ascii: "-"))
        if !take(UInt8(ascii: "0")) { try digits() }
        if take(UInt8(ascii: ".")) { try digits() }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
            try digits()
        }
        guard position - start <= Self.longestNumber,
            let value = Double(String(decoding: bytes[start..<position], as: UTF8.self)), value.isFinite
        else { throw failure(at: start) }
        return value
    }

    private mutating func digits() throws(LenientJSON.Failure) {
        guard let byte = peek, Self.isDigit(byte) else { throw failure() }
        while let byte = peek, Self.isDigit(byte) { position += 1 }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    // MARK: Strings

    func startsText(_ byte: UInt8) -> Bool {
        guard byte == UInt8(ascii: "u") else { return Self.isQuote(byte) }
        return position + 1 < bytes.count && Self.isQuote(bytes[position + 1])
    }

    private static func isQuote(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") }

    /// Reads a string; ``startsText(_:)`` holds.
    mutating func text() throws(LenientJSON.Failure) -> String {
        _ = take(UInt8(ascii: "u"))
        let start = position
        let quote = bytes[start]
        position += 1
        var run = position
        var unescaped: [UInt8] = []
        while let byte = peek {
            switch byte {
            case quote:
                let rest = bytes[run..<position]
                position += 1
                let text: String?
                if unescaped.isEmpty {
                    text = String(validating: rest, as: UTF8.self)
                } else {
                    unescaped += rest
                    text = String(validating: unescaped, as: UTF8.self)
                }
                guard let text, Self.isStreamSafe(text) else { throw failure(.notText, at: start) }
                return text
            case UInt8(ascii: "\\"):
                unescaped += bytes[run..<position]
                unescaped += UTF8.encode(try escape()) ?? UTF8.encodedReplacementCharacter
                run = position
            case 0..<0x20: throw failure()
            default: position += 1
            }
        }
        throw failure()
    }

    /// Whether at most 30 combining marks follow one another (UAX #15, "stream-safe").
    ///
    /// Swift puts marks in order where it hashes and compares, in the square of their number: minutes for a key of a megabyte.
    private static func isStreamSafe(_ text: String) -> Bool {
        // A mark has at least two bytes.
        guard text.utf8.count > 60 else { return true }
        var marks = 0
        for scalar in text.unicodeScalars {
            marks = isMark(scalar) ? marks + 1 : 0
            if marks > 30 { return false }
        }
        return true
    }

    private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
        guard scalar.value >= 0x300 else { return false }
        // Three vowel signs are no marks and fall apart into marks.
        return scalar.properties.canonicalCombiningClass != .notReordered || [0xF73, 0xF75, 0xF81].contains(scalar.value)
    }

    /// Reads an escape of JSON or of Python's `repr`, either in either kind of quotes.
    private mutating func escape() throws(LenientJSON.Failure) -> Unicode.Scalar {
        let start = position
        position += 1
        guard let byte = peek else { throw failure() }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "x"): return try scalar(try hex(2), at: start)
        case UInt8(ascii: "U"): return try scalar(try hex(8), at: start)
        case UInt8(ascii: "u"):
            let first = try hex(4)
            guard (0xD800..<0xDC00).contains(first) else { return try scalar(first, at: start) }
            guard take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) else { throw failure(.notText, at: start) }
            let second = try hex(4)
            guard (0xDC00..<0xE000).contains(second) else { throw failure(.notText, at: start) }
            return try scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00), at: start)
        default: throw failure(at: start)
        }
    }

    private func scalar(_ code: UInt32, at offset: Int) throws(LenientJSON.Failure) -> Unicode.Scalar {
        guard let scalar = Unicode.Scalar(code) else { throw failure(.notText, at: offset) }
        return scalar
    }

    /// At most eight digits.
    private mutating func hex(_ digits: Int) throws(LenientJSON.Failure) -> UInt32 {
        var code: UInt32 = 0
        for _ in 0..<digits {
            guard let byte = peek, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { throw failure() }
            code = code << 4 | UInt32(digit)
            position += 1
        }
        return code
    }
}
