import SCIM
import Testing

/// The traps of filters and projections. The numbers are the same in all test targets.
@Suite struct TrapFilterTests {
    private static let ann = #"""
        {"userName":"ann","displayName":"Ann \"A\" Ä","title":"Dr","active":true,"name":{"familyName":"A"},
        "emails":[{"value":"a@work","type":"work"},{"value":"a@home","type":"home","primary":true}],"ENT":{"department":"IT"}}
        """#

    @Test func trap11_whatIsNoFilterIsInvalidFilter() {
        for filter in [
            "", " ", "userName", "userName eq", #"userName eq "a"#, "userName eq a", #"userName = "a""#, #"userName eq "a" and"#,
            #"(userName eq "a""#, #"userName eq "a")"#, #"emails[type eq "work""#, #"unknown eq "a""#, #"name.unknown eq "a""#,
            #"urn:unknown:attribute eq "a""#, #"emails[unknown eq "a"]"#, #"userName eq 'a'"#, "active gt true",
        ] {
            let error = Trap.refusal { _ = try Trap.matches(try Trap.user(Self.ann), filter) }
            #expect(error?.status == 400, "\(filter)")
            #expect(error?.kind == .invalidFilter, "\(filter)")
        }
    }

    @Test func trap12_errorsHaveTheFormOfTheRFC() {
        for kind in SCIMError.Kind.allCases {
            let body = SCIMError(400, kind, "Why.").body
            #expect(
                body == [
                    "schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"], "status": "400", "scimType": .string(kind.rawValue),
                    "detail": "Why.",
                ])
        }
        #expect(SCIMError(401, nil, "Why.").body.object?["scimType"] == nil)
        let failure = Trap.refusal {
            do throws(JSONFailure) { _ = try JSONValue.parse(Array(#"{"a":}"#.utf8)) } catch { throw error.scimError }
        }
        #expect(failure?.kind == .invalidSyntax)
    }

    @Test func trap18_projectionsKeepIdAndExtensions() throws {
        let ann = try Trap.user(Self.ann)
        let cases: [(attributes: [String], excluded: [String], shown: [String], hidden: [String])] = [
            (["userName"], [], ["id", "schemas", "userName"], ["emails", "title", Trap.enterprise, "meta"]),
            (["emails"], [], ["id", "schemas", "emails"], ["userName"]),
            (["name.familyName", "\(Trap.core):TITLE"], [], ["id", "name", "title"], ["userName"]),
            (["\(Trap.enterprise):department"], [], ["id", Trap.enterprise], ["userName"]),
            ([Trap.enterprise], [], ["id", Trap.enterprise], ["userName"]),
            ([], ["emails", "id", "schemas"], ["id", "schemas", "userName", Trap.enterprise, "meta"], ["emails"]),
            ([], ["\(Trap.enterprise):department"], ["id", "userName", "emails"], []),
            ([], ["members"], ["id", "userName", Trap.enterprise], ["members"]),
        ]
        for (attributes, excluded, shown, hidden) in cases {
            let projection = try Projection(attributes: attributes, excluded: excluded, types: [.user])
            let entry = ResourceEntry(
                type: "User", id: "1", version: "1", created: 0, modified: 0, body: JSONValue.object(ann.object).serialized)
            var bytes: [UInt8] = []
            try ResourceRenderer(baseURL: "https://x", type: .user, projection: projection).write(entry, into: &bytes)
            let object = try #require(try JSONValue.parse(bytes).object)
            for name in shown { #expect(object[name] != nil, "\(name) of \(attributes), without \(excluded)") }
            for name in hidden { #expect(object[name] == nil, "\(name) of \(attributes), without \(excluded)") }
        }
    }

    @Test func trap24_locationsAreAbsoluteAndEqual() throws {
        let ann = try Trap.user(Self.ann)
        let entry = ResourceEntry(
            type: "User", id: "1", version: "7", created: 0, modified: 0, body: JSONValue.object(ann.object).serialized)
        let renderer = ResourceRenderer(baseURL: "https://x/scim/v2", type: .user, projection: .all)
        var bytes: [UInt8] = []
        try renderer.write(entry, into: &bytes)
        let meta = try JSONValue.parse(bytes).object?["meta"]?.object
        #expect(meta?["location"] == "https://x/scim/v2/Users/1")
        #expect(renderer.location(of: "1") == "https://x/scim/v2/Users/1")
        #expect(meta?["version"] == "W/\"7\"")
    }

    @Test func trap28_literalsAndPrecedence() throws {
        let ann = try Trap.user(Self.ann)
        for (filter, isMatch) in [
            (#"displayName eq "ann \"A\" \u00c4""#, true), (#"displayName ew "\u00E4""#, true), (#"displayName co "\\""#, false),
            // and binds stronger than or
            (#"userName eq "ann" or userName eq "x" and title eq "x""#, true),
            (#"(userName eq "ann" or userName eq "x") and title eq "x""#, false),
            (#"not (userName eq "x") and title eq "Dr""#, true), (#"not (userName eq "ann" or title pr)"#, false),
            // dates as instants: created 1 second, modified 2 seconds after 1970
            (#"meta.created eq "1970-01-01T00:00:01Z""#, true), (#"meta.created eq "1970-01-01T01:00:01.000+01:00""#, true),
            (#"meta.lastModified gt "1970-01-01T00:00:01.5Z""#, true), (#"meta.lastModified lt "1970-01-01T00:00:02+00:00""#, false),
            (#"title eq null"#, false), ("nickName eq null", true),
        ] {
            #expect(try Trap.matches(ann, filter) == isMatch, "\(filter)")
        }
        let deep = String(repeating: "(", count: 5_000) + "title pr" + String(repeating: ")", count: 5_000)
        let long = Array(repeating: "title pr", count: 2_000).joined(separator: " or ")
        for filter in [deep, long, #"userName eq "\#(String(repeating: "a", count: 100_000))""#] {
            #expect(Trap.refusal { _ = try Trap.matches(ann, filter) }?.kind == .invalidFilter)
        }
    }

    @Test func trap29_anyElementButOneForBothClauses() throws {
        let ann = try Trap.user(Self.ann)
        for (filter, isMatch) in [
            (#"emails.value eq "a@home""#, true), (#"emails eq "a@home""#, true), (#"emails co "@work""#, true), (#"emails eq "b""#, false),
            (#"emails.type eq "work" and emails.value eq "a@home""#, true), (#"emails[type eq "work" and value eq "a@home"]"#, false),
            (#"emails[type eq "home" and value eq "a@home"]"#, true), (#"emails[type eq "work"].value eq "a@home""#, false),
            (#"emails[type eq "work"].value eq "a@work""#, true), (#"emails[not (type eq "work")]"#, true), ("emails pr", true),
        ] {
            #expect(try Trap.matches(ann, filter) == isMatch, "\(filter)")
        }
    }
}
