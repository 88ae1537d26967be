/// Decoding of internationalised domain labels (RFC 3492), so that both spellings of a domain fold to one key.
enum Punycode {
    /// - Parameter encoded: a label without its `xn--`.
    /// - Returns: nil where it is malformed.
    static func decode(_ encoded: String) -> String? {
        var output: [Unicode.Scalar] = []
        var rest = Substring(encoded)
        if let delimiter = encoded.lastIndex(of: "-") {
            output = Array(encoded[..<delimiter].unicodeScalars)
            guard output.allSatisfy(\.isASCII) else { return nil }
            rest = encoded[encoded.index(after: delimiter)...]
        }
        var code: UInt32 = 128
        var index = 0
        var bias = 72
        var digits = rest.utf8.makeIterator()
        var current = digits.next()
        while current != nil {
            let start = index
            var weight = 1
            var step = 36
            while true {
                guard let byte = current, let digit = value(of: byte) else { return nil }
                current = digits.next()
                let (product, overflow) = digit.multipliedReportingOverflow(by: weight)
                guard !overflow, index <= Int(Int32.max) - product else { return nil }
                index += product
                let threshold = step <= bias ? 1 : min(step - bias, 26)
                if digit < threshold { break }
                guard weight <= Int(Int32.max) / (36 - threshold) else { return nil }
                weight *= 36 - threshold
                step += 36
            }
            let length = output.count + 1
            bias = adapt(index - start, length, first: start == 0)
            code += UInt32(index / length)
            index %= length
            guard let scalar = Unicode.Scalar(code) else { return nil }
            output.insert(scalar, at: index)
            index += 1
        }
        var text = String.UnicodeScalarView()
        text.append(contentsOf: output)
        return String(text)
    }

    private static func value(of byte: UInt8) -> Int? {
        switch byte {
        case 0x61...0x7A: Int(byte) - 0x61
        case 0x41...0x5A: Int(byte) - 0x41
        case 0x30...0x39: Int(byte) - 0x30 + 26
        default: nil
        }
    }

    private static func adapt(_ delta: Int, _ length: Int, first: Bool) -> Int {
        var delta = first ? delta / 700 : delta / 2
        delta += delta / length
        var steps = 0
        while delta > 455 {
            delta /= 35
            steps += 36
        }
        return steps + 36 * delta / (delta + 38)
    }
}
