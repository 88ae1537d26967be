extension JSONParser {
    // MARK: Numbers

    mutating func number() throws(JSONFailure) -> JSONNumber {
        let start = position
        if bytes[position] == UInt8(ascii: "-") { position += 1 }
        let leading = position
        try digits()
        if bytes[leading] == UInt8(ascii: "0"), position > leading + 1 { throw failure("a number begins with 0", at: start) }
        var isPlain = true
        if position < end, bytes[position] == UInt8(ascii: ".") {
            position += 1
            isPlain = false
            try digits()
        }
        if position < end, bytes[position] | 0x20 == UInt8(ascii: "e") {
            position += 1
            isPlain = false
            if position < end, bytes[position] == UInt8(ascii: "+") || bytes[position] == UInt8(ascii: "-") { position += 1 }
            try digits()
        }
        guard position - start <= JSONLimits.digits else {
            throw failure("a number has more than \(JSONLimits.digits) characters", at: start)
        }
        let literal = String(decoding: UnsafeBufferPointer(rebasing: bytes[start..<position]), as: UTF8.self)
        // A hundred digits without an exponent are below 1e100.
        if !isPlain, Double(literal)?.isFinite != true { throw failure("a number is too large", at: start) }
        return JSONNumber(literal: literal)
    }

    private mutating func digits() throws(JSONFailure) {
        let start = position
        while position < end, bytes[position] &- 0x30 < 10 { position += 1 }
        if position == start { throw failure("a digit is missing") }
    }

    // MARK: Strings

    /// - Precondition: a quote stands at the position.
    mutating func string() throws(JSONFailure) -> String {
        position += 1
        let start = position
        var isASCII = true
        try run(&isASCII)
        if bytes[position] == UInt8(ascii: "\"") {
            let text = UnsafeBufferPointer(rebasing: bytes[start..<position])
            position += 1
            return isASCII ? String(decoding: text, as: UTF8.self) : try checked(text, at: start)
        }
        return try escapedString(from: start)
    }

    /// Walks to the next quote or backslash.
    @inline(__always)
    private mutating func run(_ isASCII: inout Bool) throws(JSONFailure) {
        var bits: UInt8 = 0
        while position < end {
            let byte = bytes[position]
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
                if bits >= 0x80 { isASCII = false }
                return
            }
            if byte < 0x20 { throw failure("a control character stands in a string; write it as \\u00XX") }
            bits |= byte
            position += 1
        }
        throw failure("a string is not closed")
    }

    private mutating func escapedString(from start: Int) throws(JSONFailure) -> String {
        var text = [UInt8](bytes[start..<position])
        var isASCII = false
        while bytes[position] == UInt8(ascii: "\\") {
            try escape(into: &text)
            let begin = position
            try run(&isASCII)
            text.append(contentsOf: bytes[begin..<position])
        }
        position += 1
        return try text.withUnsafeBufferPointer { buffer throws(JSONFailure) in try checked(buffer, at: start) }
    }

    private mutating func escape(into text: inout [UInt8]) throws(JSONFailure) {
        let start = position
        guard position + 1 < end else { throw failure("a string is not closed") }
        let letter = bytes[position + 1]
        position += 2
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(letter)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"):
            var code = try hexadecimal()
            if code >= 0xD800, code < 0xDC00, position + 1 < end, bytes[position] == UInt8(ascii: "\\"),
                bytes[position + 1] == UInt8(ascii: "u")
            {
                position += 2
                let low = try hexadecimal()
                guard low >= 0xDC00, low < 0xE000 else { throw failure("half a surrogate pair stands in a string", at: start) }
                code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
            }
            if code == 0 { throw failure("U+0000 stands in a string", at: start) }
            guard let scalar = Unicode.Scalar(code) else { throw failure("half a surrogate pair stands in a string", at: start) }
            text.append(contentsOf: UTF8.encode(scalar).map { Array($0) } ?? [])
        default: throw failure("a backslash is followed by a character that it does not escape", at: start)
        }
    }

    private mutating func hexadecimal() throws(JSONFailure) -> UInt32 {
        guard end - position >= 4 else { throw failure("\\u is not followed by four hexadecimal digits") }
        var code: UInt32 = 0
        for index in position..<position + 4 {
            let byte = bytes[index]
            let digit: UInt8
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - 0x30
            case UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: "A")...UInt8(ascii: "F"): digit = (byte | 0x20) - 0x61 + 10
            default: throw failure("\\u is not followed by four hexadecimal digits", at: index)
            }
            code = code << 4 | UInt32(digit)
        }
        position += 4
        return code
    }

    private func checked(_ buffer: UnsafeBufferPointer<UInt8>, at offset: Int) throws(JSONFailure) -> String {
        guard let text = String(validating: buffer, as: UTF8.self) else { throw failure("a string is not UTF-8", at: offset) }
        if CombiningMarks.areTooMany(in: text) {
            throw failure("a string has more than \(CombiningMarks.most) combining marks in a row", at: offset)
        }
        return text
    }
}
