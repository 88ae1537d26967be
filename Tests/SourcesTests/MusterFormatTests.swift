import Planning
import Testing

@testable import Sources

@Suite struct MusterFormatTests {
    @Test func readsEveryColumnInAnyOrderAndLetterCase() throws {
        let state = try people(
            """
             ACTIVE , Email,externalid,Name,firstName,LASTNAME,Aliases,groups,AdminRoles,Cost Center
            No, Anna@Acme.example ,17,Anna B,Anna,B, a.b@acme.example; ;ab@acme.example,Staff ;; Sales,Help Desk,=1+1
            ,bo@acme.example,,,,,,,,
            """)
        #expect(
            state.people == [
                Person(
                    address: "Anna@Acme.example", externalID: "17", name: "Anna B", firstName: "Anna", lastName: "B", active: false,
                    aliases: ["a.b@acme.example", "ab@acme.example"], groups: ["Staff", "Sales"], adminRoles: ["Help Desk"],
                    attributes: ["Cost Center": "=1+1"], line: 2),
                Person(address: "bo@acme.example", line: 3),
            ])
        #expect(state.notices.isEmpty)
        #expect(try parse("email\na@acme.example").format == .muster)
    }

    @Test(arguments: [
        ("true", true), ("TRUE", true), ("Yes", true), ("1", true), ("false", false), ("False", false), ("NO", false), ("0", false),
        ("", nil),
        ("  ", nil),
    ])
    func readsTruth(cell: String, expected: Bool?) throws {
        #expect(try people("email,active\na@acme.example,\(cell)\n").people.first?.active == expected)
    }

    @Test(arguments: [
        ("email,active\na@acme.example,maybe\n", "source-bad-truth-value", 2, 2),
        ("email,name\nnonsense,A\n", "source-bad-address", 2, 1),
        ("name,email\nA,\n", "source-no-address", 2, 2),
        ("email,aliases\na@acme.example,b@acme.example;x\n", "source-bad-address", 2, 2),
        ("email,EMAIL\n", "source-duplicate-column", 1, 2),
        ("email,Cost,cost \na@acme.example,1,2\n", "source-duplicate-column", 1, 3),
        ("email,,name\na@acme.example,,A\n", "source-unnamed-column", 1, 2),
        ("email\na@acme.example\nb@other.example\n", "source-foreign-domain", 3, 1),
        ("email\na@acme.example\nA@ACME.example\n", "source-duplicate-address", 3, 1),
        ("email\nandre\u{301}@acme.example\nANDR\u{C9}@acme.example\n", "source-duplicate-address", 3, 1),
        ("email\na@münchen.example\na@xn--mnchen-3ya.example\n", "source-duplicate-address", 3, 1),
        ("email,externalId\na@acme.example,7\nb@acme.example,7\n", "source-duplicate-external-id", 3, 2),
        ("email,aliases\na@acme.example,B@acme.example\nb@acme.example,\n", "source-alias-is-address", 2, 2),
        ("email,aliases\na@acme.example,a@acme.example\n", "source-alias-is-address", 2, 2),
        ("email,aliases\na@acme.example,x@acme.example\nb@acme.example,X@acme.example\n", "source-duplicate-alias", 3, 2),
        ("email,aliases\na@acme.example,x@acme.example;x@acme.example\n", "source-duplicate-alias", 2, 2),
    ])
    func refuses(text: String, code: String, line: Int, column: Int) throws {
        let error = try #require(fault(text))
        #expect(error.code == code)
        #expect(error.line == line)
        #expect(error.column == column)
        #expect(error.message.hasPrefix("people.csv, line \(line), column \(column)"))
        #expect(!error.remedy.isEmpty)
    }

    @Test(arguments: ["", "\n", "\r\n\n", "\u{FEFF}"])
    func anEmptyFileIsAnError(text: String) {
        #expect(fault(text)?.code == "source-empty")
    }

    @Test func aHeaderAloneNamesNobody() throws {
        let error = try #require(fault("email,name\n"))
        #expect(error.code == "source-names-nobody")
        #expect(error.message.contains("disable everybody"))
    }

    @Test func aHeaderWithoutAddressListsItsColumns() throws {
        let error = try #require(fault("Name,Email Address [Required]\nA,a@acme.example\n"))
        #expect(error.code == "source-no-address-column")
        #expect(error.message.contains("Name, Email Address [Required]"))
        #expect(error.remedy.contains("“Email Address [Required]”"))
        #expect(error.remedy.contains("“email”"))
    }

    @Test func aDuplicateNamesBothLinesAndSpellings() throws {
        let error = try #require(fault("email,name\nAnna@acme.example,\"A\nB\"\nanna@ACME.example,C\n"))
        #expect(error.line == 4)
        #expect(error.message.contains("line 2"))
        #expect(error.message.contains("Anna@acme.example"))
        #expect(error.message.contains("anna@ACME.example"))
    }

    @Test func aForeignDomainNamesTheTenantsDomains() throws {
        let error = try #require(fault("email\nb@other.example\n"))
        #expect(error.message.contains("b@other.example"))
        #expect(error.message.contains("acme.example, münchen.example"))
        #expect(try people("email\nb@XN--MNCHEN-3YA.example\n").people.count == 1)
        #expect(fault("email\nb@acme.example\n", domains: [])?.message.contains("none is known") == true)
    }

    @Test func furtherWrongLinesAreCounted() throws {
        let error = try #require(fault("email,active\na@acme.example,x\nb,true\nc@acme.example\nd@acme.example,no\nd@acme.example,\n"))
        #expect(error.code == "source-bad-truth-value")
        #expect(error.line == 2)
        #expect(error.message.contains("3 more lines are wrong"))
        #expect(fault("email\na@acme.example\na@acme.example\nb\n")?.line == 3)
        #expect(fault("email\nx\na@acme.example\n\"b\n")?.message.contains("1 more line is wrong") == true)
    }

    @Test func controlCharactersDoNotReachTheTerminal() throws {
        let error = try #require(fault("email\na\u{1B}[31m@acme.example\n"))
        #expect(error.code == "source-bad-address")
        #expect(!error.description.contains("\u{1B}"))
    }

    @Test func aSemicolonFileMayHaveSeveralValuesInQuotes() throws {
        let state = try people("email;groups\na@acme.example;\"Staff;Sales\"\n")
        #expect(state.people.first?.groups == ["Staff", "Sales"])
    }

    @Test func aBigFileIsReadInLinearTime() throws {
        var text = "email,externalId,name,active,groups\n"
        for number in 0..<20_000 { text += "person\(number)@acme.example,\(number),Person \(number),true,Staff;Sales\n" }
        let clock = ContinuousClock()
        let bytes = Array(text.utf8)
        let start = clock.now
        let state = try PeopleFile.parse(bytes, name: "p", digest: "").desired(domains: exampleDomains)
        let elapsed = start.duration(to: clock.now)
        #expect(state.people.count == 20_000)
        #expect(elapsed < .seconds(60))
    }
}
