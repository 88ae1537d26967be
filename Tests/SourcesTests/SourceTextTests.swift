import Planning
import Testing

@testable import Sources

@Suite struct SourceTextTests {
    static let text = "email,name\r\nanna@acme.example,Änna 漢 👩‍👩‍👧\r\n"

    static func utf16(_ text: String, lowFirst: Bool, mark: Bool) -> [UInt8] {
        ((mark ? [0xFEFF] : []) + Array(text.utf16)).flatMap { unit in
            lowFirst ? [UInt8(unit & 0xFF), UInt8(unit >> 8)] : [UInt8(unit >> 8), UInt8(unit & 0xFF)]
        }
    }

    @Test(arguments: [
        Array(text.utf8), [0xEF, 0xBB, 0xBF] + Array(text.utf8), utf16(text, lowFirst: true, mark: true),
        utf16(text, lowFirst: false, mark: true), utf16(text, lowFirst: true, mark: false), utf16(text, lowFirst: false, mark: false),
    ])
    func understands(bytes: [UInt8]) throws {
        let state = try PeopleFile.parse(bytes, name: "people.csv", digest: "abc").desired(domains: exampleDomains)
        #expect(state.people.map(\.name) == ["Änna 漢 👩‍👩‍👧"])
        #expect(state.digest == "abc")
        #expect(state.source == "people.csv")
    }

    @Test(
        arguments: [
            [0xE9], [0xC0, 0xAF], [0xC1, 0xBF], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80],
            [0x80], [0xC3], [0xE2, 0x82], [0xF0, 0x9F, 0x98], [0xFF], [0xE2, 0x82, 0x41], [0xF0, 0x80, 0x80, 0x80],
            [0xF8, 0x88, 0x80, 0x80, 0x80],
        ] as [[UInt8]])
    func refusesWhatIsNotUTF8(bad: [UInt8]) throws {
        for tail in ["", "x\n"] {
            let error = try #require(fault(Array("email,name\na@acme.example,".utf8) + bad + Array(tail.utf8)))
            #expect(error.code == "source-encoding")
            #expect(error.line == 2)
            #expect(error.message.contains("0x"))
            #expect(error.message.contains("byte 27"))
            #expect(error.remedy.contains("CSV UTF-8"))
        }
    }

    @Test func theByteCountsTheMark() throws {
        let error = try #require(fault([0xEF, 0xBB, 0xBF] + Array("em".utf8) + [0xE9]))
        #expect(error.message.contains("byte 6 "))
    }

    /// Our check against the standard library's, on damaged text.
    @Test func agreesWithTheStandardLibrary() {
        var random = Dice(state: 7)
        for _ in 0..<20_000 {
            var bytes = Array("aé漢😀z".utf8)
            for _ in 0..<Int.random(in: 0...2, using: &random) {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 1...255, using: &random)
            }
            // What begins like a byte order mark or UTF-16 is another encoding.
            bytes = Array("email".utf8) + bytes
            let ours = (try? SourceText.utf8(bytes, name: "x")) != nil
            #expect(ours == (String(validating: bytes, as: UTF8.self) != nil), "\(bytes)")
        }
    }

    @Test func refusesZeroAndHalfCharacters() throws {
        let zero = try #require(fault("email\na@acme.example\nb\u{0}@acme.example\n"))
        #expect(zero.code == "source-zero-character")
        #expect(zero.line == 3)
        #expect(fault(Self.utf16("email\na\u{0}", lowFirst: true, mark: true))?.code == "source-zero-character")
        #expect(fault(Self.utf16("email\na", lowFirst: true, mark: true) + [0x41])?.code == "source-encoding")
        for half: [UInt8] in [[0x00, 0xD8], [0x00, 0xDC], [0x00, 0xD8, 0x41, 0x00]] {
            let error = try #require(fault(Self.utf16("email\na", lowFirst: true, mark: true) + half))
            #expect(error.code == "source-encoding")
            #expect(error.line == 2)
        }
    }
}
