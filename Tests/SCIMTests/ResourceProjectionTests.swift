import SCIM
import Testing

@Suite struct ResourceProjectionTests {
    private static let base = "https://example.com/scim/v2"
    private static let body = #"""
        {"schemas":["CORE","ENT"],"id":"u 1","externalId":"e","userName":"ann","name":{"givenName":"A","familyName":"B"},"emails":[{"value":"a","type":"work"},{"value":"b"}],"ENT":{"department":"IT","manager":{"value":"7","$ref":"x"}}}
        """#
        .replacing("CORE", with: UserResource.schema).replacing("ENT", with: UserResource.enterpriseSchema)
    private static let user = ResourceEntry(
        type: "User", id: "u 1", version: "7", created: 0, modified: 1_767_323_045_678, body: Array(body.utf8),
        groups: [Reference("g\"1", display: "G \"1\"", type: "direct", endpoint: "/Groups"), Reference("g2")])
    private static let meta =
        #","meta":{"resourceType":"User","created":"1970-01-01T00:00:00.000Z","lastModified":"2026-01-02T03:04:05.678Z","#
        + #""location":"https://example.com/scim/v2/Users/u%201","version":"W/\"7\""}}"#

    private static func text(
        _ entry: ResourceEntry, _ type: ResourceType = .user, attributes: [String] = [], excluded: [String] = []
    ) throws -> String {
        let projection = try Projection(attributes: attributes, excluded: excluded, types: [type])
        var bytes = Array("before".utf8)
        try ResourceRenderer(baseURL: base, type: type, projection: projection).write(entry, into: &bytes)
        return String(decoding: bytes.dropFirst(6), as: UTF8.self)
    }

    private static func shown(attributes: [String] = [], excluded: [String] = []) throws -> JSONObject {
        let long = { (name: String) in
            name.replacing("CORE", with: UserResource.schema).replacing("ENT", with: UserResource.enterpriseSchema)
        }
        let text = try text(user, attributes: attributes.map(long), excluded: excluded.map(long))
        return try #require(try JSONValue.parse(Array(text.utf8)).object)
    }

    @Test func theWholeIsTheStoredBytesAndWhatIsWovenIn() throws {
        let groups =
            #","groups":[{"value":"g\"1","$ref":"https://example.com/scim/v2/Groups/g%221","display":"G \"1\"","type":"direct"},{"value":"g2"}]"#
        #expect(try Self.text(Self.user) == Self.body.dropLast() + groups + Self.meta)
        var bare = Self.user
        bare.groups = []
        #expect(try Self.text(bare) == Self.body.dropLast() + Self.meta)
        #expect(try Self.text(bare) == Self.text(bare, attributes: [" ", ""], excluded: [""]))
    }

    @Test func aGroupShowsItsMembers() throws {
        var entry = ResourceEntry(
            type: "Group", id: "g", version: "1", created: 0, modified: 0, body: Array(#"{"schemas":[],"id":"g","displayName":"G"}"#.utf8))
        func members(_ attributes: [String] = [], _ excluded: [String] = []) throws -> JSONValue? {
            try JSONValue.parse(Array(Self.text(entry, .group, attributes: attributes, excluded: excluded).utf8)).object?["members"]
        }
        #expect(try members() == nil)
        entry.members = []
        #expect(try members() == nil)
        entry.members = [
            Reference("1", display: "Ann", type: "User", endpoint: "/Users"), Reference("2", type: "Group", endpoint: "/Groups"),
        ]
        #expect(
            try members() == [
                ["value": "1", "$ref": "https://example.com/scim/v2/Users/1", "display": "Ann", "type": "User"],
                ["value": "2", "$ref": "https://example.com/scim/v2/Groups/2", "type": "Group"],
            ])
        #expect(try members(["members.value"]) == [["value": "1"], ["value": "2"]])
        #expect(try members(["members.display"]) == [["display": "Ann"]])
        #expect(try members([], ["members.$ref", "members.type"]) == [["value": "1", "display": "Ann"], ["value": "2"]])
        #expect(try members([], ["members"]) == nil)
        #expect(try members(["displayName"]) == nil)
    }

    @Test(arguments: [
        (["userName"], ["schemas", "id", "userName"]), (["USERNAME", " externalid "], ["schemas", "id", "externalId", "userName"]),
        (["CORE:userName"], ["schemas", "id", "userName"]), (["unknown", "urn:x:name", "a.b.c", "a.", ".", ":"], ["schemas", "id"]),
        (["name.familyName"], ["schemas", "id", "name"]), (["emails"], ["schemas", "id", "emails"]), (["name.unknown"], ["schemas", "id"]),
        (["ENT"], ["schemas", "id", "ENT"]), (["ent:DEPARTMENT"], ["schemas", "id"]), (["ENT:department"], ["schemas", "id", "ENT"]),
        (["department"], ["schemas", "id"]), (["meta"], ["schemas", "id", "meta"]), (["groups"], ["schemas", "id", "groups"]),
        (["CORE"], ["schemas", "id", "externalId", "userName", "name", "emails", "groups", "meta"]), (["password"], ["schemas", "id"]),
        (["id", "schemas"], ["schemas", "id"]),
    ])
    func attributesChoose(names: [String], shown: [String]) throws {
        #expect(try Self.shown(attributes: names).members.map { $0.name.replacing(UserResource.enterpriseSchema, with: "ENT") } == shown)
    }

    @Test(arguments: [
        (["userName"], ["schemas", "id", "externalId", "name", "emails", "ENT", "groups", "meta"]),
        (["id", "schemas"], ["schemas", "id", "externalId", "userName", "name", "emails", "ENT", "groups", "meta"]),
        (["ENT"], ["schemas", "id", "externalId", "userName", "name", "emails", "groups", "meta"]),
        (["ENT:department", "ENT:manager"], ["schemas", "id", "externalId", "userName", "name", "emails", "groups", "meta"]),
        (["CORE:name", "meta", "groups"], ["schemas", "id", "externalId", "userName", "emails", "ENT"]),
        (["CORE"], ["schemas", "id", "ENT"]),
        (["name.givenName", "NAME.familyname"], ["schemas", "id", "externalId", "userName", "name", "emails", "ENT", "groups", "meta"]),
        (["unknown", "members"], ["schemas", "id", "externalId", "userName", "name", "emails", "ENT", "groups", "meta"]),
    ])
    func excludedAttributesTakeAway(names: [String], shown: [String]) throws {
        let object = try Self.shown(excluded: names)
        #expect(
            object.members.map { $0.name.replacing(UserResource.enterpriseSchema, with: "ENT") }
                == shown.filter { $0 != "name" || object["name"] != nil })
    }

    @Test func subAttributesAreChosen() throws {
        #expect(try Self.shown(attributes: ["name.familyName"])["name"] == ["familyName": "B"])
        #expect(try Self.shown(attributes: ["emails.value"])["emails"] == [["value": "a"], ["value": "b"]])
        #expect(try Self.shown(attributes: ["emails.type"])["emails"] == [["type": "work"]])
        #expect(try Self.shown(attributes: ["ENT:manager.value"])[UserResource.enterpriseSchema] == ["manager": ["value": "7"]])
        #expect(try Self.shown(attributes: ["groups.$ref"])["groups"] == [["$ref": "https://example.com/scim/v2/Groups/g%221"]])
        #expect(try Self.shown(attributes: ["meta.location"])["meta"] == ["location": "https://example.com/scim/v2/Users/u%201"])
        #expect(
            try Self.shown(attributes: ["meta.version", "meta.created"])["meta"] == [
                "created": "1970-01-01T00:00:00.000Z", "version": #"W/"7""#,
            ])
        #expect(try Self.shown(excluded: ["name.familyName"])["name"] == ["givenName": "A"])
        #expect(try Self.shown(excluded: ["name.familyName", "name.givenName"])["name"] == nil)
        #expect(
            try Self.shown(excluded: ["ENT:manager.$ref"])[UserResource.enterpriseSchema] == [
                "department": "IT", "manager": ["value": "7"],
            ])
        #expect(
            try Self.shown(excluded: ["meta.location"])["meta"]?.object?.members.map(\.name) == [
                "resourceType", "created", "lastModified", "version",
            ])
        #expect(try Self.shown(attributes: ["name", "name.givenName"])["name"] == ["givenName": "A", "familyName": "B"])
    }

    @Test func returnedIsRespected() throws {
        let type = ResourceType(
            name: "T", endpoint: "/T",
            schema: SchemaDocument(
                id: "urn:t", name: "T",
                attributes: [
                    SchemaAttribute("always", returned: .always), SchemaAttribute("asked", returned: .request), SchemaAttribute("usual"),
                    SchemaAttribute(
                        "mixed", .complex,
                        subAttributes: [
                            SchemaAttribute("always", returned: .always), SchemaAttribute("asked", returned: .request),
                            SchemaAttribute("usual"),
                        ]),
                ]))
        let body = #"{"schemas":["urn:t"],"id":"1","always":"a","asked":"b","usual":"c","mixed":{"always":"d","asked":"e","usual":"f"}}"#
        let entry = ResourceEntry(type: "T", id: "1", version: "1", created: 0, modified: 0, body: Array(body.utf8))
        for (attributes, excluded, expected) in [
            ([], [], #""always":"a","usual":"c","mixed":{"always":"d","usual":"f"}"#), (["asked"], [], #""always":"a","asked":"b""#),
            (["mixed"], [], #""always":"a","mixed":{"always":"d","usual":"f"}"#),
            (["mixed.asked"], [], #""always":"a","mixed":{"always":"d","asked":"e"}"#),
            (["mixed", "mixed.asked"], [], #""always":"a","mixed":{"always":"d","asked":"e","usual":"f"}"#),
            (["urn:t"], [], #""always":"a","usual":"c","mixed":{"always":"d","usual":"f"}"#),
            ([], ["always", "usual", "mixed.always"], #""always":"a","mixed":{"always":"d","usual":"f"}"#),
            ([], ["meta"], #""always":"a","usual":"c","mixed":{"always":"d","usual":"f"}"#),
        ] as [([String], [String], String)] {
            let text = try Self.text(entry, type, attributes: attributes, excluded: excluded)
            #expect(text.hasPrefix(#"{"schemas":["urn:t"],"id":"1",\#(expected)"#), "\(attributes) \(excluded) \(text)")
        }
    }

    @Test func whatIsWantedIsLoadedAlone() throws {
        func wanted(_ attributes: [String], _ excluded: [String] = [], _ types: [ResourceType] = [.group], few: Bool = false) throws
            -> Wanted
        {
            try Projection(attributes: attributes, excluded: excluded, types: types).wanted(fewMembers: few)
        }
        #expect(Projection.all.wanted == Wanted())
        #expect(try wanted([]).members == .all)
        #expect(try wanted([], ["members"]).members == .none)
        #expect(try wanted([], ["members.value"]).members == .all)
        #expect(try wanted(["displayName"]).members == .none)
        #expect(try wanted(["MEMBERS"]).members == .all)
        #expect(try wanted(["members.value"]).members == .all)
        #expect(try wanted(["\(GroupResource.schema):members"]).members == .all)
        #expect(try wanted([], few: true).members == .atMost(100))
        #expect(try wanted(["members"], few: true).members == .all)
        #expect(try wanted([], ["members"], few: true).members == .none)
        #expect(try wanted([], [], [.user]).groups)
        #expect(try !wanted(["userName"], [], [.user]).groups)
        #expect(try !wanted([], ["groups"], [.user]).groups)
        #expect(try wanted(["groups.value"], [], [.user]).groups)
        #expect(try wanted([], ["members"], [.user, .group]) == Wanted(members: .none, groups: true))
    }

    @Test func bothListsOrTooManyNamesAreRefused() throws {
        let both = #expect(throws: SCIMError.self) { try Projection(attributes: ["a"], excluded: ["b"], types: [.user]) }
        #expect(both?.kind == .invalidSyntax)
        #expect(throws: SCIMError.self) { try Projection(attributes: Array(repeating: "a", count: 501), excluded: [], types: [.user]) }
    }

    @Test func damageIsAnError() throws {
        for body in ["", "{}", "[1]", #"{"id":1"#] {
            var entry = Self.user
            entry.body = Array(body.utf8)
            let error = #expect(throws: SCIMError.self) { try Self.text(entry) }
            #expect(error?.status == 500)
        }
        var entry = Self.user
        entry.body = Array(#"{"id":}"#.utf8)
        #expect(throws: SCIMError.self) { try Self.text(entry, attributes: ["id"]) }
    }

    @Test func addressesAreEncoded() throws {
        let renderer = ResourceRenderer(baseURL: Self.base, type: .user, projection: .all)
        #expect(renderer.location(of: "2819c223-7f76_.~") == "https://example.com/scim/v2/Users/2819c223-7f76_.~")
        #expect(renderer.location(of: "a/b?c#d%é") == "https://example.com/scim/v2/Users/a%2Fb%3Fc%23d%25%C3%A9")
    }
}
