import Planning
import Testing

@testable import Sources

@Suite struct GoogleFormatTests {
    static let header =
        "First Name [Required],Last Name [Required],Email Address [Required],Password [Required],Password Hash Function [UPLOAD ONLY],"
        + "Org Unit Path [Required],New Primary Email [UPLOAD ONLY],Status [READ ONLY],Last Sign In [READ ONLY],Recovery Email,"
        + "Home Secondary Email,Work Secondary Email,Recovery Phone [MUST BE IN THE E.164 FORMAT],Work Phone,Home Phone,Mobile Phone,"
        + "Work Address,Home Address,Employee ID,Employee Type,Employee Title,Manager Email,Department,Cost Center,2sv Enrolled [READ ONLY],"
        + "2sv Enforced [READ ONLY],Building ID,Floor Name,Floor Section,Email Usage [READ ONLY],Drive Usage [READ ONLY],"
        + "Photos Usage [READ ONLY],Storage limit [READ ONLY],Storage Used [READ ONLY],Change Password at Next Sign-In,"
        + "New Status [UPLOAD ONLY],Advanced Protection Program enrollment,Gemini Limit Status [READ ONLY]"

    static func file(_ rows: [[String: String]], header: String = header) -> String {
        let names = header.split(separator: ",").map(String.init)
        return ([header] + rows.map { row in names.map { CSVCell.written(row[$0] ?? "") }.joined(separator: ",") }).joined(
            separator: "\r\n")
    }

    static let ann = [
        "First Name [Required]": "Ann", "Last Name [Required]": "Bee", "Email Address [Required]": "Ann@acme.example",
        "Password [Required]": "****", "Password Hash Function [UPLOAD ONLY]": "MD5", "Org Unit Path [Required]": "/Sales",
        "Status [READ ONLY]": "Active", "Recovery Email": "ann@home.example", "Employee ID": "17", "Department": "Sales",
        "Change Password at Next Sign-In": "False",
    ]

    @Test func readsTheWholeHeaderAndKeepsNoPassword() throws {
        let text = Self.file([
            Self.ann, ["Email Address [Required]": "bo@acme.example", "Status [READ ONLY]": "Suspended", "Last Name [Required]": "Bo"],
        ])
        #expect(try parse(text).format == .google)
        let state = try people(text)
        #expect(
            state.people == [
                Person(
                    address: "Ann@acme.example", externalID: "17", name: "Ann Bee", firstName: "Ann", lastName: "Bee", active: true,
                    attributes: [
                        "Org Unit Path [Required]": "/Sales", "Recovery Email": "ann@home.example", "Department": "Sales",
                    ], line: 2),
                Person(address: "bo@acme.example", lastName: "Bo", active: false, line: 3),
            ])
    }

    @Test(arguments: [
        "Email Address [Required],Org Unit Path [Required]", "Status [READ ONLY],Last Name,Email Address,First Name",
        "LAST NAME [REQUIRED],FIRST NAME [REQUIRED],EMAIL ADDRESS [REQUIRED],PASSWORD [REQUIRED]",
    ])
    func olderExportsLackColumns(header: String) throws {
        let column = header.split(separator: ",").map(String.init).first { $0.lowercased().hasPrefix("email") }
        let text = Self.file([[try #require(column): "a@acme.example"]], header: header)
        #expect(try parse(text).format == .google)
        #expect(try people(text).people == [Person(address: "a@acme.example", line: 2)])
    }

    @Test func anUnknownStateIsNamed() throws {
        var row = Self.ann
        row["Status [READ ONLY]"] = "Frozen"
        let error = try #require(fault(Self.file([row])))
        #expect(error.code == "source-bad-truth-value")
        #expect(error.column == 8)
        #expect(error.message.contains("Frozen"))
        #expect(error.remedy.contains("active, archived, suspended"))
    }

    /// Wherever a row is wrong, what stands in a password's column is never quoted.
    @Test(arguments: ["Email Address [Required]", "Employee ID"])
    func errorsQuoteNoPassword(wrong: String) throws {
        var row = Self.ann
        row["Password [Required]"] = "hunter2"
        row[wrong] = wrong.hasPrefix("Email") ? "nonsense" : "17"
        var other = Self.ann
        other["Email Address [Required]"] = "other@acme.example"
        let error = try #require(fault(Self.file([other, row])))
        #expect(!"\(error)".contains("hunter2"))
    }
}
