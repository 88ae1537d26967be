import Planning
import Testing

@testable import Sources

@Suite struct JSONFormatTests {
    static let people = #"""
        {"email":"Ann@acme.example","externalId":"17","name":"Ann Bee","active":false,"aliases":["a.b@acme.example"],"groups":["Staff;East","Sales"],"adminRoles":[],"Cost Center":7,"office":{"city":"Leeds","floor":2},"tags":["x","y"]}
        {"EMAIL":"bo@acme.example","active":null,"groups":"Staff; Sales"}
        """#

    @Test func readsOneObjectToALineAndAListAlike() throws {
        let lines = try desired(Self.people)
        #expect(
            lines.people == [
                Person(
                    address: "Ann@acme.example", externalID: "17", name: "Ann Bee", active: false, aliases: ["a.b@acme.example"],
                    groups: ["Staff;East", "Sales"],
                    attributes: ["Cost Center": "7", "office.city": "Leeds", "office.floor": "2", "tags": "x;y"], line: 1),
                Person(address: "bo@acme.example", groups: ["Staff", "Sales"], line: 2),
            ])
        #expect(lines.unit == "line")
        let list = try desired("\u{FEFF} [\n" + Self.people.replacing("}\n{", with: "}\n,{") + "]\n")
        #expect(list.people == lines.people)
        #expect(list.unit == "entry")
        #expect(try parse(Self.people).format == .muster)
    }

    /// A text says the same as a table and as JSON.
    @Test func theTableAndJSONSayTheSame() throws {
        var seeded = SystemRandomNumberGenerator()
        let columns = ["email", "externalId", "name", "firstName", "lastName", "active", "aliases", "groups", "adminRoles", "Office"]
        for _ in 0..<200 {
            var csv = columns.joined(separator: ",") + "\n"
            var json: [String] = []
            for row in 0..<Int.random(in: 1...5, using: &seeded) {
                var cells: [String] = []
                for column in columns {
                    let text: String =
                        switch column {
                        case "email": "p\(row)@acme.example"
                        case "externalId": "\(row)"
                        case "active": ["true", "false", ""].randomElement(using: &seeded) ?? ""
                        case "aliases":
                            ["", "a\(row)@acme.example", "a\(row)@acme.example;b\(row)@acme.example"].randomElement(using: &seeded) ?? ""
                        default: ["", "x", "Zoë \"Q\", Ü", "a;b", "=1+1", "line\nend", "\\ {} []"].randomElement(using: &seeded) ?? ""
                        }
                    cells.append(text)
                }
                csv += cells.map { "\"" + $0.replacing("\"", with: "\"\"") + "\"" }.joined(separator: ",") + "\n"
                json.append(
                    "{"
                        + zip(columns, cells).map { name, text in
                            "\"\(name)\":\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
                                + "\""
                        }.joined(separator: ",") + "}")
            }
            func plain(_ people: [Person]) -> [Person] {
                people.map { person in
                    var person = person
                    person.line = 0
                    return person
                }
            }
            let table = plain(try desired(csv).people)
            #expect(plain(try desired("[" + json.joined(separator: ",") + "]").people) == table)
            #expect(plain(try desired(json.joined(separator: "\n")).people) == table)
        }
    }

    @Test func graphUsersAreEntras() throws {
        let text = #"[{"userPrincipalName":"a@acme.example","displayName":"A","mail":null,"accountEnabled":true,"id":"1"}]"#
        #expect(try parse(text).format == .entra)
        #expect(
            try desired(text).people == [
                Person(
                    address: "a@acme.example", externalID: "1", name: "A", active: true,
                    attributes: ["userPrincipalName": "a@acme.example"], line: 1)
            ])
    }

    struct Wrong: Sendable, CustomTestStringConvertible {
        let text: String
        let code: String
        /// How the message begins, after the file's name.
        let place: String
        var testDescription: String { text }
    }

    @Test(arguments: [
        Wrong(text: "[", code: "source-not-json", place: ", line 1: The JSON ends before"),
        Wrong(
            text: "[\n{\"email\":\"a@acme.example\"},\n{\"email\":\"b@ac", code: "source-not-json",
            place: ", line 3, entry 2: The JSON ends before"),
        Wrong(text: "[{\"email\":\"a@acme.example\"}", code: "source-not-json", place: ", line 1, entry 1: The JSON ends before"),
        Wrong(
            text: "[{\"email\":\"a@acme.example\"} {\"email\":\"b@acme.example\"}]", code: "source-not-json", place: ", line 1, entry 1: "),
        Wrong(text: "[{\"email\":\"a@acme.example\"},]", code: "source-not-json", place: ", line 1, entry 2: "),
        Wrong(text: "[{\"email\":\"a@acme.example\"}]\n[]", code: "source-not-json", place: ", line 2, entry 1: "),
        Wrong(text: "{\"email\":\"a@acme.example\"}\n{\"email\":\n nul}", code: "source-not-json", place: ", line 3, entry 2: "),
        Wrong(text: "{\"email\":\"a@acme.example\",\"email\":\"b@acme.example\"}", code: "source-not-json", place: ", line 1, entry 1: "),
        Wrong(
            text: "{\"email\":\"a@acme.example\",\"Email\":\"b@acme.example\"}", code: "source-duplicate-column",
            place: ", line 1, /Email: "),
        Wrong(text: "[]", code: "source-names-nobody", place: ": The file has a list without elements"),
        Wrong(text: "[1]", code: "source-bad-value", place: ", entry 1: "),
        Wrong(text: "[{\"email\":\"a@acme.example\"},\"b\"]", code: "source-bad-value", place: ", entry 2: "),
        Wrong(text: "[{\"mail\":\"a@acme.example\"}]", code: "source-no-address-column", place: ", entry 1: "),
        Wrong(
            text: "[{\"email\":\"a@acme.example\"},{\"name\":\"B\"}]", code: "source-no-address",
            place: ", entry 2, /1/email: The entry has no address"),
        Wrong(text: "[{\"email\":\"nonsense\"}]", code: "source-bad-address", place: ", entry 1, /0/email: "),
        Wrong(text: "[{\"email\":\"a@acme.example\",\"name\":{}}]", code: "source-bad-value", place: ", entry 1, /0/name: "),
        Wrong(text: "[{\"email\":\"a@acme.example\",\"groups\":[[]]}]", code: "source-bad-value", place: ", entry 1, /0/groups: "),
        Wrong(
            text: "[{\"email\":\"a@acme.example\",\"active\":\"maybe\"}]", code: "source-bad-truth-value", place: ", entry 1, /0/active: "),
        Wrong(
            text: "[{\"email\":\"a@acme.example\"},{\"email\":\"A@acme.example\"}]", code: "source-duplicate-address",
            place: ", entry 2, /1/email: “A@acme.example” is the address of entry 1 already"),
        Wrong(text: "{\"email\":\"a@other.example\"}", code: "source-foreign-domain", place: ", line 1, /email: "),
    ])
    func whatIsWrongIsNamedWithItsPlace(_ wrong: Wrong) throws {
        let error = try #require(fault(wrong.text))
        #expect(error.code == wrong.code)
        #expect(error.message.hasPrefix("people.csv" + wrong.place), "\(error.message)")
        #expect(!error.remedy.isEmpty)
    }

    @Test func depthAndSizeHaveLimits() throws {
        let deep = "[{\"email\":\"a@acme.example\",\"x\":" + String(repeating: "[", count: 40) + String(repeating: "]", count: 40) + "}]"
        #expect(fault(deep)?.code == "source-not-json")
        let large = "[{\"email\":\"a@acme.example\",\"x\":\"" + String(repeating: "y", count: JSONElements.mostBytesPerElement) + "\"}]"
        #expect(fault(large)?.code == "source-cell-too-large")
    }

    /// Every way to cut a file off is an error: nobody has left because the end is missing.
    @Test func aFileCutOffAnywhereIsRefused() throws {
        let whole = Array(#"[{"email":"a@acme.example","groups":["x","ü{\"]"]},{"email":"b@acme.example"}]"#.utf8)
        for count in 1..<whole.count { #expect(fault(Array(whole[..<count])) != nil, "\(count)") }
        #expect(fault(whole) == nil)
    }

    /// Whatever bytes come, the reader ends with people or an error.
    @Test func noTextStopsTheReader() {
        var random = SystemRandomNumberGenerator()
        let bits = [
            "{", "}", "[", "]", "\"", "\\", ",", ":", "\n", " ", "email", "\"email\":\"a@acme.example\"", "1", "null",
            "{\"email\":\"b@acme.example\"}",
        ]
        for _ in 0..<3_000 {
            let text =
                "[{"[..<"[{".index("[{".startIndex, offsetBy: Int.random(in: 1...2, using: &random))]
                + (0..<Int.random(in: 0..<12, using: &random)).map { _ in bits.randomElement(using: &random) ?? "" }.joined()
            _ = fault(String(text))
        }
    }

    @Test func aBigListIsReadInLinearTime() throws {
        let text =
            "[" + (0..<20_000).map { #"{"email":"p\#($0)@acme.example","name":"P \#($0)","groups":["Staff"]}"# }.joined(separator: ",\n")
            + "]"
        let clock = ContinuousClock()
        let start = clock.now
        #expect(try desired(text).people.count == 20_000)
        #expect(start.duration(to: clock.now) < .seconds(60))
    }
}
