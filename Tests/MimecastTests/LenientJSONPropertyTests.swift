import Foundation
import Mimecast
import Testing

/// Trees at random, from seeds, so that a failure can be had again.
@Suite struct LenientJSONPropertyTests {
    static let seeds: [UInt64] = Array(1...40)

    @Test(arguments: seeds) func whatJSONEncoderWritesIsReadBack(seed: UInt64) throws {
        var random = SplitMix(state: seed)
        for _ in 0..<25 {
            let tree = JSON.tree(using: &random)
            #expect(try LenientJSON.parse(try JSONEncoder().encode(tree)) == tree)
        }
    }

    @Test(arguments: seeds) func whatPythonWritesIsReadBack(seed: UInt64) throws {
        var random = SplitMix(state: seed)
        for _ in 0..<25 {
            let tree = JSON.tree(using: &random)
            let text = tree.python
            #expect(try LenientJSON.parse(Array(text.utf8)) == tree, "\(text)")
        }
    }

    @Test(arguments: seeds) func noPrefixTraps(seed: UInt64) throws {
        var random = SplitMix(state: seed)
        let tree = JSON.array([JSON.tree(using: &random)])
        for bytes in [Array(try JSONEncoder().encode(tree)), Array(tree.python.utf8)] {
            for end in bytes.indices {
                // What begins with a bracket is whole with the last one only.
                let failure = try #require(LenientJSONTests.failure(Array(bytes[..<end])))
                #expect(failure.offset <= end)
            }
        }
    }

    @Test(arguments: seeds) func noMutationTraps(seed: UInt64) throws {
        var random = SplitMix(state: seed)
        let interesting = Array("[]{}'\"\\,:uxU0-.eE \u{FEFF}TFNtfn".utf8) + [0, 0x1F, 0x7F, 0x80, 0xC3, 0xE2, 0xED, 0xF0, 0xFF]
        for _ in 0..<50 {
            let tree = JSON.tree(using: &random)
            var bytes = Bool.random(using: &random) ? Array(tree.python.utf8) : Array(try JSONEncoder().encode(tree))
            for _ in 0..<Int.random(in: 1...4, using: &random) where !bytes.isEmpty {
                let index = Int.random(in: bytes.indices, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: bytes[index] = interesting.randomElement(using: &random) ?? 0
                case 1: bytes.insert(interesting.randomElement(using: &random) ?? 0, at: index)
                default: bytes.remove(at: index)
                }
            }
            guard let mutant = try? LenientJSON.parse(bytes) else { continue }
            #expect(try LenientJSON.parse(try JSONEncoder().encode(mutant)) == mutant)
            _ = try? LenientDecoder.decode(RequestEnvelope<DomainKey>.self, from: mutant)
        }
    }
}

struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

extension JSON {
    static func tree(using random: inout SplitMix, levels: Int = 4) -> JSON {
        switch Int.random(in: 0..<(levels > 0 ? 7 : 5), using: &random) {
        case 0: .null
        case 1: .bool(Bool.random(using: &random))
        case 2: .number(Double(Int.random(in: -10_000...10_000, using: &random)))
        case 3: .number(randomDouble(using: &random))
        case 4: .string(randomText(using: &random))
        case 5: .array((0..<Int.random(in: 0...5, using: &random)).map { _ in .tree(using: &random, levels: levels - 1) })
        default:
            .object(
                (0..<Int.random(in: 0...5, using: &random)).reduce(into: [:]) { members, _ in
                    members[randomText(using: &random)] = tree(using: &random, levels: levels - 1)
                })
        }
    }

    private static func randomDouble(using random: inout SplitMix) -> Double {
        let value = Double(bitPattern: random.next())
        return value.isFinite ? value : 0.1
    }

    private static func randomText(using random: inout SplitMix) -> String {
        let ranges: [ClosedRange<UInt32>] = [0...0x7F, 0x20...0x7E, 0x20...0x7E, 0x22...0x27, 0x5C...0x5C, 0x80...0x7FF, 0xE000...0x10FFFF]
        var text = String.UnicodeScalarView()
        for _ in 0..<Int.random(in: 0...8, using: &random) {
            let range = ranges[Int.random(in: ranges.indices, using: &random)]
            if let scalar = Unicode.Scalar(UInt32.random(in: range, using: &random)) { text.append(scalar) }
        }
        return String(text)
    }

    /// What Python prints for `str()` of this tree.
    var python: String {
        switch self {
        case .null: "None"
        case .bool(let value): value ? "True" : "False"
        case .number(let value): Int64(exactly: value).map { "\($0)" } ?? "\(value)"
        case .string(let text): Self.repr(text)
        case .array(let elements): "[" + elements.map(\.python).joined(separator: ", ") + "]"
        case .object(let members): "{" + members.map { "\(Self.repr($0)): \($1.python)" }.joined(separator: ", ") + "}"
        }
    }

    private static func repr(_ text: String) -> String {
        let scalars = text.unicodeScalars
        let quote: Unicode.Scalar = scalars.contains("'") && !scalars.contains("\"") ? "\"" : "'"
        var out = ""
        out.unicodeScalars.append(quote)
        for scalar in scalars {
            switch scalar {
            case "\\": out += "\\\\"
            case quote: out += "\\\(scalar)"
            case "\n": out += "\\n"
            case "\r": out += "\\r"
            case "\t": out += "\\t"
            default:
                switch scalar.value {
                case 0..<0x20, 0x7F..<0xA1, 0xAD: out += "\\x" + hex(scalar, 2)
                case 0x200B...0x200F, 0xE000...0xF8FF, 0xFEFF: out += "\\u" + hex(scalar, 4)
                case 0xE0000...: out += "\\U" + hex(scalar, 8)
                default: out.unicodeScalars.append(scalar)
                }
            }
        }
        out.unicodeScalars.append(quote)
        return out
    }

    private static func hex(_ scalar: Unicode.Scalar, _ digits: Int) -> String {
        let text = String(scalar.value, radix: 16)
        return String(repeating: "0", count: digits - text.count) + text
    }
}
