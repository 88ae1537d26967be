import SCIM
import Testing

@Suite("PATCH paths and attribute names as text")
struct PathTests {
    static let urns = [UserResource.schema, UserResource.enterpriseSchema]

    @Test(
        "Paths that are read, and printed again",
        arguments: [
            "members", "name.familyName", #"emails[type eq "work"]"#, #"emails[type eq "work"].value"#,
            #"emails[type eq "work" and not (primary eq true)].value"#,
            #"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value"#,
            #"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"#, #"urn:a:2.0:list[value eq "x"].type"#, "members.$ref",
        ])
    func reads(text: String) throws {
        let path = try PatchPath.parse(text, urns: Self.urns)
        #expect(path.description == text)
        #expect(try PatchPath.parse(path.description, urns: Self.urns) == path)
    }

    @Test("The parts of a path")
    func parts() throws {
        let path = try PatchPath.parse(#"emails[type EQ "work"].value"#, urns: Self.urns)
        #expect(path.attribute == AttributePath("emails"))
        #expect(path.filter == .compare(AttributePath("type"), .eq, .string("work")))
        #expect(path.subAttribute == "value")
        #expect(try PatchPath.parse("name.givenName", urns: Self.urns) == PatchPath(AttributePath("name", "givenName")))
    }

    @Test(
        "Paths that are refused",
        arguments: [
            ("", SCIMError.Kind.invalidPath, 1), (" a", .invalidPath, 1), ("a ", .invalidPath, 2), ("a.b.c", .invalidPath, 4),
            ("a[b pr", .invalidFilter, 7), ("a[b pr]c", .invalidPath, 8), ("a[b pr].", .invalidPath, 9), ("a.b[c pr]", .invalidPath, 1),
            ("a[b eq x]", .invalidFilter, 8), ("a[b pr][c pr]", .invalidPath, 8), ("members[]", .invalidFilter, 9),
            ("a/b", .invalidPath, 2),
            ("/a", .invalidPath, 1), ("a[b pr].c.d", .invalidPath, 10),
        ])
    func refuses(text: String, kind: SCIMError.Kind, place: Int) throws {
        let error = try #require(throws: SCIMError.self) { try PatchPath.parse(text, urns: Self.urns) }
        #expect(error.kind == kind)
        #expect(error.detail.hasPrefix("Path, character \(place): "), "\(error.detail)")
    }

    @Test("Random paths come back as they went", arguments: 0..<20)
    func roundTrip(seed: Int) throws {
        var dice = FilterDice(seed)
        for _ in 0..<50 {
            var path = PatchPath(dice.path())
            if path.attribute.subAttribute == nil, dice.chance(60) {
                path.filter = dice.filter(depth: dice.below(4), inBrackets: true)
                if dice.chance(50) { path.subAttribute = "value" }
            }
            #expect(try PatchPath.parse(path.description, urns: Self.urns) == path, "\(path)")
        }
    }

    @Test(
        "Names: what is no name, and what stands behind one, is refused", arguments: ["", "a b", "a[b pr]", "a.", ".a", "a:", "é", "a,b"])
    func names(text: String) throws {
        let error = try #require(throws: SCIMError.self) { try AttributePath.parse(text, urns: Self.urns) }
        #expect(error.kind == .invalidPath)
    }
}
