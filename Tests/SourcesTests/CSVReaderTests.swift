import Planning
import Testing

@testable import Sources

@Suite struct CSVReaderTests {
    @Test(arguments: [
        ("a,b\n1,2\n", [["a", "b"], ["1", "2"]]),
        ("a,b\r\n1,2\r\n", [["a", "b"], ["1", "2"]]),
        ("a,b\n1,2", [["a", "b"], ["1", "2"]]),
        ("a,b\n1,", [["a", "b"], ["1", ""]]),
        ("a,b\n,\n", [["a", "b"], ["", ""]]),
        ("a,b\n\"1,\"\"x\"\"\",\"2\n3\"\n", [["a", "b"], ["1,\"x\"", "2\n3"]]),
        ("a,b\n\"\",\"\"\n", [["a", "b"], ["", ""]]),
        ("a,b\n\"\"\"\",x", [["a", "b"], ["\"", "x"]]),
        ("a,b\n\"1\r\n2\",3\r\n", [["a", "b"], ["1\r\n2", "3"]]),
        ("a;b\n1,5;2\n", [["a", "b"], ["1,5", "2"]]),
        ("a\tb\n1;2\t3\n", [["a", "b"], ["1;2", "3"]]),
        ("a;b,c\n1;2,3\n", [["a;b", "c"], ["1;2", "3"]]),
        ("\"a;b\"\n\"1;2\"\n", [["a;b"], ["1;2"]]),
        ("a\n1;2\n", [["a"], ["1;2"]]),
        ("", []),
    ])
    func reads(text: String, expected: [[String]]) throws {
        #expect(try records(text) == expected)
    }

    @Test func remembersThePhysicalLineOfEachRecord() throws {
        var reader = CSVReader(Array("a,b\n\"1\n\n2\",3\r\n4,5\n".utf8), file: "t.csv")
        var lines: [Int] = []
        while let record = try reader.next() { lines.append(record.line) }
        #expect(lines == [1, 2, 5])
    }

    @Test(arguments: [
        ("email,name\na@acme.example,\"Ann\n", "source-unclosed-quote", 2, 2),
        ("email,name\na@acme.example,\"Ann\" B\n", "source-text-after-quote", 2, 2),
        ("email,name\na@acme.example,An\"n\n", "source-bare-quote", 2, 2),
        ("email,name\na@acme.example\n", "source-cell-count", 2, 2),
        ("email,name\na@acme.example,x,y\n", "source-cell-count", 2, 3),
        ("email,name\na@acme.example,\"x\n\ny\"\nb@acme.example\n", "source-cell-count", 5, 2),
        ("email,name\ra@acme.example,x\r", "source-line-ending", 1, 2),
        ("email,name\n\"a\"\n", "source-cell-count", 2, 2),
        ("\"email,name\n", "source-unclosed-quote", 1, 1),
        ("email,name\n\"a\"\rb,c\n", "source-text-after-quote", 2, 1),
    ])
    func refuses(text: String, code: String, line: Int, column: Int) throws {
        let error = try #require(fault(text))
        #expect(error.code == code)
        #expect(error.line == line)
        #expect(error.column == column)
        #expect(error.message.hasPrefix("people.csv, line \(line), column \(column)"))
    }

    @Test func blankLinesAtTheEndAreFineAndInTheMiddleNot() throws {
        #expect(try people("email,name\na@acme.example,A\n\n\r\n\n").people.count == 1)
        #expect(try people("\n\nemail,name\na@acme.example,A\n").people.first?.line == 4)
        let error = try #require(fault("email,name\na@acme.example,A\n\nb@acme.example,B\n"))
        #expect(error.code == "source-blank-line")
        #expect(error.line == 3)
    }

    @Test func limitsAreNamed() throws {
        let wide = "email," + (1...1_000).map { "c\($0)" }.joined(separator: ",") + "\n"
        #expect(fault(wide)?.code == "source-too-many-columns")
        let thousand =
            "email," + (1...999).map { "c\($0)" }.joined(separator: ",") + "\na@acme.example" + String(repeating: ",", count: 999)
        #expect(fault(thousand) == nil)
        let most = String(repeating: "x", count: 1 << 20)
        #expect(fault("email,name\na@acme.example,\(most)\n") == nil)
        #expect(fault("email,name\na@acme.example,\(most)x\n")?.code == "source-cell-too-large")
        #expect(fault("email,name\na@acme.example,\"\(most)x\"\n")?.code == "source-cell-too-large")
    }

    /// Random tables written, then read back.
    @Test(arguments: 0..<200 as Range<UInt64>)
    func whatIsWrittenIsReadBack(seed: UInt64) throws {
        var random = Dice(state: seed)
        let alphabet = [
            "a", "ö", "e\u{301}", "\u{301}", "漢", "👩‍👩‍👧", ",", ";", "\t", "\"", "\n", "\r\n", "\r", " ", "=", "+", "-", "@", "'", "0",
        ]
        let columns = Int.random(in: 1...6, using: &random)
        let table = (0..<Int.random(in: 1...8, using: &random)).map { _ in
            (0..<columns).map { _ in
                (0..<Int.random(in: 0...5, using: &random)).map { _ in alphabet.randomElement(using: &random)! }.joined()
            }
        }
        let end = Bool.random(using: &random) ? "\n" : "\r\n"
        // The header decides the separator; it has a comma where there are two columns or more.
        let text = ([(0..<columns).map { "c\($0)" }] + table).map { $0.map(CSVCell.written).joined(separator: ",") + end }.joined()
        let guarded = table.map { row in
            row.map { cell in
                cell.unicodeScalars.first.map { "=+-@\t\r".unicodeScalars.contains($0) } == true ? "'" + cell : cell
            }
        }
        let read = try records(text).dropFirst()
        #expect(read.map { $0.map { Array($0.utf8) } } == guarded.map { $0.map { Array($0.utf8) } })
    }

    @Test(arguments: [
        ("plain", "plain"), ("", ""), ("a,b", "\"a,b\""), ("a\"b", "\"a\"\"b\""), ("a\nb", "\"a\nb\""), ("=1+1", "'=1+1"),
        ("+49 1", "'+49 1"), ("-1", "'-1"), ("@x", "'@x"), ("\tx", "\"'\tx\""), ("\rx", "\"'\rx\""), ("=\"a\"", "\"'=\"\"a\"\"\""),
        ("a=b", "a=b"), ("a;b", "\"a;b\""), ("\r\nx", "\"'\r\nx\""), ("=\u{301}", "'=\u{301}"),
    ])
    func writesCells(cell: String, expected: String) {
        #expect(Array(CSVCell.written(cell).utf8) == Array(expected.utf8))
    }
}

/// SplitMix64: the same seed gives the same table.
struct Dice: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
