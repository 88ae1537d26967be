import Planning
import Testing

@testable import Sources

/// Attributes that the configuration maps from the columns of a source.
@Suite struct AccountAttributeTests {
    private static let text =
        "email,name,department,Phone,Mobile\nann@acme.example,Ann,Sales,+44 1,\nbo@acme.example,Bo,,,  +44 2 \ncy@acme.example,Cy,Ops,,\n"

    private func read(_ attributes: [String: String], scope: String? = nil) throws -> DesiredState {
        var policy = DesiredPolicy(exclude: try scope.map { try Condition(parsing: $0) })
        policy.attributes = try attributes.mapValues { try Expression(parsingAttribute: $0) }
        return try PeopleFile.parse(Array(Self.text.utf8), name: "people.csv", digest: "d", policy: policy).desired(domains: exampleDomains)
    }

    @Test func anAttributeHoldsWhatItsExpressionSays() throws {
        let people = try read([
            "Phone": "Phone ?? Mobile", "Work Place": "'{department} (acme)'", "Desk": "Phone ?? ''", "Mail": "upper(email)",
            "Fixed": "'x'",
        ]).people
        #expect(
            people.map(\.accountAttributes) == [
                ["Phone": "+44 1", "Work Place": "Sales (acme)", "Desk": "+44 1", "Mail": "ANN@ACME.EXAMPLE", "Fixed": "x"],
                // What a text lacks a part of is not said; an empty text is said.
                ["Phone": "+44 2", "Desk": "", "Mail": "BO@ACME.EXAMPLE", "Fixed": "x"],
                ["Work Place": "Ops (acme)", "Desk": "", "Mail": "CY@ACME.EXAMPLE", "Fixed": "x"],
            ])
    }

    @Test func withoutTheSettingNobodyHasAny() throws {
        #expect(try read([:]).people.allSatisfy { $0.accountAttributes == nil })
        #expect(try read([:]).policy == nil)
    }

    @Test func theRulesAreBoundByADigestThatNoTwoShare() throws {
        let digests = try [["A": "Phone"], ["A": "Mobile"], ["B": "Phone"], ["A": "Phone", "B": "Phone"]].map { try read($0).policy }
        #expect(Set(digests).count == 4 && !digests.contains(nil))
        #expect(try read(["A": "  Phone"]).policy == digests[0])
    }

    @Test func aColumnThatIsNotThereIsAnError() throws {
        let error = #expect(throws: SourceError.self) { _ = try read(["Phone": "telefone"]) }
        #expect(error?.code == "source-no-such-attribute" && error?.message.contains("source.attributes.Phone") == true)
    }

    @Test func whoIsOutOfScopeHasNone() throws {
        #expect(
            try read(["Phone": "Phone"], scope: "department = 'Sales'").people.map(\.address) == ["bo@acme.example", "cy@acme.example"])
    }
}
