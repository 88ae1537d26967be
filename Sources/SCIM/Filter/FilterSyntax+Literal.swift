/// The values that a filter compares with: JSON scalars (RFC 7644, section 3.4.2.2).
extension FilterSyntax {
    /// Longest number, in digits and signs.
    private static let numberLimit = 100

    mutating func literal() throws(SyntaxFailure) -> FilterLiteral {
        guard position < bytes.count else { throw failure("expected a value") }
        let start = position
        let value: FilterLiteral
        switch bytes[position] {
        case UInt8(ascii: "\""): value = .string(try stringLiteral())
        case UInt8(ascii: "-"), 0x30...0x39: value = .number(try numberLiteral())
        default:
            if wordIs("true") {
                value = .bool(true)
                advance(to: start + 4)
            } else if wordIs("false") {
                value = .bool(false)
                advance(to: start + 5)
            } else if wordIs("null") {
                value = .null
                advance(to: start + 4)
            } else {
                throw failure("expected a value: a string in double quotes, a number, true, false or null")
            }
        }
        guard position == bytes.count || Self.isBlank(bytes[position]) || at(")") || at("]") else {
            throw failure("expected a blank, ')' , ']' or the end behind the value")
        }
        return value
    }

    // MARK: Numbers

    private mutating func numberLiteral() throws(SyntaxFailure) -> JSONNumber {
        let start = position
        if at("-") { advance(to: position + 1) }
        if at("0") { advance(to: position + 1) } else { try digits() }
        if at(".") {
            advance(to: position + 1)
            try digits()
        }
        if at("e") || at("E") {
            advance(to: position + 1)
            if at("+") || at("-") { advance(to: position + 1) }
            try digits()
        }
        let text = string(start, position)
        guard position - start <= Self.numberLimit, let value = Double(text), value.isFinite else {
            throw SyntaxFailure(offset: start, reason: "the number is too large.")
        }
        return JSONNumber(literal: text)
    }

    private mutating func digits() throws(SyntaxFailure) {
        guard position < bytes.count, Self.isDigit(bytes[position]) else { throw failure("expected a digit") }
        while position < bytes.count, Self.isDigit(bytes[position]) { advance(to: position + 1) }
    }

    // MARK: Strings

    private mutating func stringLiteral() throws(SyntaxFailure) -> String {
        let start = position + 1
        var end = start
        var isASCII = true
        while end < bytes.count, bytes[end] != UInt8(ascii: "\""), bytes[end] != UInt8(ascii: "\\"), bytes[end] >= 0x20 {
            if bytes[end] >= 0x80 { isASCII = false }
            end += 1
        }
        if end < bytes.count, bytes[end] == UInt8(ascii: "\"") {
            let text = string(start, end)
            if !isASCII { try checkMarks(text, at: start) }
            advance(to: end + 1)
            return text
        }
        let text = String(decoding: try escapedString(from: start), as: UTF8.self)
        try checkMarks(text, at: start)
        return text
    }

    private mutating func escapedString(from start: Int) throws(SyntaxFailure) -> [UInt8] {
        advance(to: start)
        var result: [UInt8] = []
        while position < bytes.count {
            let byte = bytes[position]
            switch byte {
            case UInt8(ascii: "\""):
                advance(to: position + 1)
                return result
            case UInt8(ascii: "\\"): try escape(into: &result)
            case 0..<0x20: throw failure("control characters are written as escapes such as \\n")
            default:
                result.append(byte)
                advance(to: position + 1)
            }
        }
        throw failure("expected a double quote at the end of the string")
    }

    private mutating func escape(into result: inout [UInt8]) throws(SyntaxFailure) {
        let start = position
        let plain: UInt8
        switch start + 1 < bytes.count ? bytes[start + 1] : 0 {
        case UInt8(ascii: "\""): plain = UInt8(ascii: "\"")
        case UInt8(ascii: "\\"): plain = UInt8(ascii: "\\")
        case UInt8(ascii: "/"): plain = UInt8(ascii: "/")
        case UInt8(ascii: "b"): plain = 8
        case UInt8(ascii: "f"): plain = 12
        case UInt8(ascii: "n"): plain = 10
        case UInt8(ascii: "r"): plain = 13
        case UInt8(ascii: "t"): plain = 9
        case UInt8(ascii: "u"): return result.append(contentsOf: Array(String(try unicodeEscape()).utf8))
        default: throw failure("expected one of the escapes of JSON, such as \\\" or \\u00E9")
        }
        result.append(plain)
        advance(to: start + 2)
    }

    /// `\uXXXX`, or two of them that are a surrogate pair.
    private mutating func unicodeEscape() throws(SyntaxFailure) -> Unicode.Scalar {
        let start = position
        guard let first = codeUnit(at: start) else { throw failure("expected four hexadecimal digits behind \\u") }
        var value = first
        var length = 6
        if (0xD800..<0xDC00).contains(first), let second = codeUnit(at: start + 6), (0xDC00..<0xE000).contains(second) {
            value = 0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)
            length = 12
        }
        guard value != 0, let scalar = Unicode.Scalar(value) else { throw failure("half a surrogate pair, or U+0000, is no character") }
        advance(to: start + length)
        return scalar
    }

    private func codeUnit(at place: Int) -> UInt32? {
        guard place + 6 <= bytes.count, bytes[place] == UInt8(ascii: "\\"), bytes[place + 1] == UInt8(ascii: "u") else { return nil }
        var value: UInt32 = 0
        for byte in bytes[place + 2..<place + 6] {
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { return nil }
            value = value << 4 | UInt32(digit)
        }
        return value
    }

    private func checkMarks(_ text: String, at start: Int) throws(SyntaxFailure) {
        guard CombiningMarks.areTooMany(in: text) else { return }
        throw SyntaxFailure(offset: start, reason: "more than \(CombiningMarks.most) combining marks in a row are no text.")
    }
}
