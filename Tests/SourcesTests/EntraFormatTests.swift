import Planning
import Testing

@testable import Sources

@Suite struct EntraFormatTests {
    static let header =
        "userPrincipalName,displayName,surname,mail,givenName,id,userType,jobTitle,department,accountEnabled,usageLocation,streetAddress,"
        + "state,country,officeLocation,city,postalCode,telephoneNumber,mobilePhone,alternateEmailAddress,ageGroup,"
        + "consentProvidedForMinor,legalAgeGroupClassification,companyName,creationType,directorySynced,invitationState,identityIssuer,"
        + "createdDateTime"

    /// A row of the whole header.
    static func row(_ values: [String: String]) -> String {
        header.split(separator: ",").map { CSVCell.written(values[String($0)] ?? "") }.joined(separator: ",")
    }

    static func file(_ rows: [[String: String]]) -> String { ([header] + rows.map(row)).joined(separator: "\r\n") + "\r\n" }

    @Test func readsTheWholeHeader() throws {
        let text = Self.file([
            [
                "userPrincipalName": "anna@acme.onmicrosoft.com", "displayName": "Anna B", "surname": "B", "mail": "Anna@acme.example",
                "givenName": "Anna", "id": "0f0e", "userType": "Member", "department": "Sales", "accountEnabled": "True",
                "createdDateTime": "1/31/2026 9:05:00 AM",
            ],
            ["userPrincipalName": "bo@acme.example", "displayName": "Bo", "id": "0f0f", "userType": "Member", "accountEnabled": "False"],
        ])
        #expect(try parse(text).format == .entra)
        let state = try people(text)
        #expect(
            state.people == [
                Person(
                    address: "Anna@acme.example", externalID: "0f0e", name: "Anna B", firstName: "Anna", lastName: "B", active: true,
                    attributes: [
                        "userPrincipalName": "anna@acme.onmicrosoft.com", "userType": "Member", "department": "Sales",
                        "createdDateTime": "1/31/2026 9:05:00 AM",
                    ], line: 2),
                Person(
                    address: "bo@acme.example", externalID: "0f0f", name: "Bo", active: false,
                    attributes: ["userPrincipalName": "bo@acme.example", "userType": "Member"], line: 3),
            ])
        #expect(state.notices.isEmpty)
    }

    @Test(arguments: [
        ("mail,accountEnabled,userPrincipalName\n,,a@acme.example\n", PeopleFile.Format.entra),
        ("DISPLAYNAME,USERPRINCIPALNAME\nA,a@acme.example\n", .entra),
        ("userPrincipalName,displayName,email\nu,A,a@acme.example\n", .muster),
    ])
    func recognisesTheHeader(text: String, format: PeopleFile.Format) throws {
        #expect(try parse(text).format == format)
        #expect(try people(text).people.first?.address == "a@acme.example")
    }

    @Test func aPrincipalNameAloneIsNoExport() {
        #expect(fault("userPrincipalName,mail\na@acme.example,\n")?.code == "source-no-address-column")
    }

    @Test func leavesOutGuestsAndTheHomelessAndSaysSo() throws {
        var rows: [[String: String]] = [["userPrincipalName": "a@acme.example", "mail": "a@acme.example"]]
        rows.append(["userPrincipalName": "g1_other.example#EXT#@acme.onmicrosoft.com", "mail": "g1@other.example", "userType": "Member"])
        rows.append(["userPrincipalName": "g2@acme.example", "mail": "g2@other.example", "userType": "guest", "accountEnabled": "?"])
        for number in 1...7 { rows.append(["userPrincipalName": "s\(number)@acme.onmicrosoft.com", "userType": "Member"]) }
        rows.append(["userPrincipalName": "no address", "userType": "Member"])
        let state = try people(Self.file(rows))
        #expect(state.people.map(\.address) == ["a@acme.example"])
        #expect(
            state.notices == [
                "2 guests left out (lines 3, 4).",
                "8 members left out (lines 5, 6, 7, 8, 9, …): neither mail nor a user principal name in the tenant's domains.",
            ])
    }

    @Test func guestsAloneNameNobody() throws {
        let error = try #require(fault(Self.file([["userPrincipalName": "g_x#EXT#@a.example", "mail": "g@x.example"]])))
        #expect(error.code == "source-names-nobody")
        #expect(error.message.contains("1 guest left out (line 2)"))
    }

    @Test func mailOutsideTheDomainsIsAnError() throws {
        let error = try #require(fault(Self.file([["userPrincipalName": "a@acme.example", "mail": "a@other.example"]])))
        #expect(error.code == "source-foreign-domain")
        #expect(error.column == 4)
    }

    @Test func aPrincipalNameThatIsSomebodysMailIsADuplicate() throws {
        let text = Self.file([["userPrincipalName": "x@acme.example", "mail": "a@acme.example"], ["userPrincipalName": "A@acme.example"]])
        _ = try parse(text)
        let error = try #require(fault(text))
        #expect(error.code == "source-duplicate-address")
        #expect(error.line == 3)
        #expect(error.column == 1)
    }

    @Test func cellsAreNeverFormulas() throws {
        let state = try people("userPrincipalName,displayName\na@acme.example,=cmd|' /C calc'!A0\n")
        #expect(state.people.first?.name == "=cmd|' /C calc'!A0")
    }

    @Test func wrongValuesAreNamed() throws {
        let error = try #require(fault("userPrincipalName,displayName,accountEnabled\na@acme.example,A,enabled\n"))
        #expect(error.code == "source-bad-truth-value")
        #expect(error.column == 3)
        #expect(error.message.contains("(accountEnabled)"))
    }
}
