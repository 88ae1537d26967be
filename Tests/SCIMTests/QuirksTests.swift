import SCIM
import Testing

@Suite struct QuirksTests {
    private static let core = UserResource.schema
    private static let enterprise = UserResource.enterpriseSchema
    private static let unknown = Quirks(QuirkClient())

    private static func parse(_ text: String) throws -> JSONObject { try #require(try JSONValue.parse(Array(text.utf8)).object) }

    private static func text(_ object: JSONObject) -> String { String(decoding: JSONValue.object(object).serialized, as: UTF8.self) }

    /// Long URNs written short.
    private static func long(_ text: String) -> String {
        text.replacing("CORE", with: core).replacing("ENT", with: enterprise)
            .replacing("PATCH", with: "urn:ietf:params:scim:api:messages:2.0:PatchOp")
    }

    // MARK: Bodies

    /// What is sent, and what the core sees; `schemas` of the core schema are left out on both sides.
    @Test(arguments: [
        // Booleans
        (#"{"active":"True"}"#, #"{"active":true}"#),
        (#"{"ACTIVE":"fALSE"}"#, #"{"ACTIVE":false}"#),
        (#"{"active":"yes"}"#, #"{"active":"yes"}"#),
        (#"{"title":"True"}"#, #"{"title":"True"}"#),
        (#"{"emails":[{"value":"a","primary":"true"}]}"#, #"{"emails":[{"value":"a","primary":true}]}"#),
        // Lists
        (#"{"emails":{"value":"a","primary":"True"}}"#, #"{"emails":[{"value":"a","primary":true}]}"#),
        (#"{"emails":"a"}"#, #"{"emails":[{"value":"a"}]}"#),
        (#"{"emails":["a",{"value":"b"}]}"#, #"{"emails":[{"value":"a"},{"value":"b"}]}"#),
        (#"{"addresses":{"locality":"Bonn"}}"#, #"{"addresses":[{"locality":"Bonn"}]}"#),
        (#"{"title":["Dr"]}"#, #"{"title":"Dr"}"#),
        (#"{"title":["Dr","Ms"]}"#, #"{"title":["Dr","Ms"]}"#),
        (#"{"name":[{"givenName":"A"}]}"#, #"{"name":{"givenName":"A"}}"#),
        // Blanks
        (#"{"title":"","externalId":"","name":{"givenName":""}}"#, #"{"title":null,"externalId":null,"name":{"givenName":null}}"#),
        (
            #"{"emails":[{"type":"work","value":""},{"value":null},{"value":"a"},"",null]}"#,
            #"{"emails":[{"value":"a"}]}"#
        ),
        (#"{"addresses":[{"locality":""}]}"#, #"{"addresses":[{"locality":null}]}"#),
        // The manager
        (#"{"ENT":{"manager":"7"}}"#, #"{"ENT":{"manager":{"value":"7"}}}"#),
        (#"{"ENT":{"manager":""}}"#, #"{"ENT":{"manager":null}}"#),
        (#"{"ENT":{"manager":[]}}"#, #"{"ENT":{"manager":null}}"#),
        (#"{"ENT":{"manager":[{"value":"7","$ref":"../Users/7"}]}}"#, #"{"ENT":{"manager":{"value":"7","$ref":"../Users/7"}}}"#),
        (#"{"ENT":{"manager":[{"$ref":"https://x/Users/7"}]}}"#, #"{"ENT":{"manager":{"$ref":"https://x/Users/7","value":"7"}}}"#),
        (#"{"ENT":{"manager":{"managerId":"7"}}}"#, #"{"ENT":{"manager":{"value":"7"}}}"#),
        (#"{"ENT":{"managerId":"7"}}"#, #"{"ENT":{"manager":{"value":"7"}}}"#),
        // Schemas
        (#"{"schemas":["CORE","urn:other"]}"#, #"{}"#),
        (#"{"schemas":"CORE"}"#, #"{}"#),
        (#"{"schemas":null}"#, #"{}"#),
        (#"{"schemas":["urn:scim:schemas:core:1.0"]}"#, #"{}"#),
        (#"{"CORE":{"active":"True"},"title":"c"}"#, #"{"CORE":{"active":true},"title":"c"}"#),
        (#"{"urn:scim:schemas:core:1.0":{"active":"True"},"CORE:active":"True"}"#, #"{"CORE":{"active":true},"CORE:active":true}"#),
        (
            #"{"schemas":["urn:scim:schemas:core:1.0"],"urn:scim:schemas:extension:enterprise:1.0":{"department":""}}"#,
            #"{"ENT":{"department":null}}"#
        ),
        // Odd shapes go to the core as they are.
        (
            #"{"schemas":7,"emails":[[]],"name":"x","unknown":"","id":null}"#,
            #"{"schemas":7,"emails":[[]],"name":"x","unknown":"","id":null}"#
        ),
    ])
    func bodies(_ sent: String, _ seen: String) throws {
        var body = try Self.parse(Self.long(sent))
        let original = body
        Self.unknown.rewrite(resource: &body, type: .user)
        var urns = [JSONValue.string(Self.core)]
        if body[Self.enterprise] != nil { urns.append(.string(Self.enterprise)) }
        if body["schemas"]?.array != nil {
            #expect(body["schemas"] == .array(urns))
            body["schemas"] = nil
        }
        #expect(Self.text(body) == Self.long(seen))
        var strict = original
        Quirks(QuirkClient(setting: .entra, isStrict: true)).rewrite(resource: &strict, type: .user)
        #expect(strict == original)
    }

    @Test func entraGroupsNameAnUnknownSchema() throws {
        var body = try Self.parse(
            #"""
            {"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group","http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group"],
            "displayName":"g","members":["1",{"value":"2"}]}
            """#)
        Quirks(QuirkClient(setting: .entra)).rewrite(resource: &body, type: .group)
        #expect(
            Self.text(body)
                == #"{"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"displayName":"g","members":[{"value":"1"},{"value":"2"}]}"#
        )
    }

    // MARK: PATCH

    /// One operation each.
    @Test(arguments: [
        (#"{"op":"Replace","path":"active","value":"False"}"#, #"{"op":"Replace","path":"active","value":false}"#),
        (#"{"op":"replace","value":{"active":"False"}}"#, #"{"op":"replace","value":{"active":false}}"#),
        (#"{"op":"replace","path":"","value":{"active":"False"}}"#, #"{"op":"replace","path":"","value":{"active":false}}"#),
        (#"{"op":"replace","path":null,"value":{"title":[""]}}"#, #"{"op":"replace","path":null,"value":{"title":null}}"#),
        (
            #"{"op":"replace","value":{"name.givenName":"","ENT:manager":"7","ENT":{"manager":["8"]},"title":["x"]}}"#,
            #"{"op":"replace","value":{"name.givenName":null,"ENT:manager":{"value":"7"},"ENT":{"manager":{"value":"8"}},"title":"x"}}"#
        ),
        (
            #"{"op":"add","path":"emails[primary eq \"True\" and not (type eq \"x\")]","value":{"primary":"True","value":""}}"#,
            #"{"op":"add","path":"emails[primary eq true and not (type eq \"x\")]","value":{"primary":true,"value":null}}"#
        ),
        (
            #"{"op":"add","path":"emails[type eq \"work\"].primary","value":"True"}"#,
            #"{"op":"add","path":"emails[type eq \"work\"].primary","value":true}"#
        ),
        (
            #"{"op":"add","path":"emails[type eq \"work\"]","value":"a"}"#,
            #"{"op":"add","path":"emails[type eq \"work\"]","value":{"value":"a"}}"#
        ),
        (
            #"{"op":"add","path":"emails[type eq \"work\"]","value":[{"value":"a"}]}"#,
            #"{"op":"add","path":"emails[type eq \"work\"]","value":{"value":"a"}}"#
        ),
        (
            #"{"op":"add","path":"emails","value":[{"primary":"True","value":"a"}]}"#,
            #"{"op":"add","path":"emails","value":[{"primary":true,"value":"a"}]}"#
        ),
        (#"{"op":"Add","path":"ENT:manager","value":"7"}"#, #"{"op":"Add","path":"ENT:manager","value":{"value":"7"}}"#),
        (#"{"op":"Replace","path":"ENT:manager","value":""}"#, #"{"op":"Replace","path":"ENT:manager","value":null}"#),
        (#"{"op":"Replace","path":"ENT:manager.value","value":""}"#, #"{"op":"Replace","path":"ENT:manager.value","value":null}"#),
        (#"{"op":"add","path":"ENT","value":{"manager":"7"}}"#, #"{"op":"add","path":"ENT","value":{"manager":{"value":"7"}}}"#),
        (#"{"op":"add","path":"manager","value":"7"}"#, #"{"op":"add","path":"ENT:manager","value":{"value":"7"}}"#),
        (
            #"{"op":"add","path":"urn:scim:schemas:extension:enterprise:1.0:department","value":"IT"}"#,
            #"{"op":"add","path":"ENT:department","value":"IT"}"#
        ),
        (
            #"{"op":"add","value":{"urn:scim:schemas:extension:enterprise:1.0:manager":"7"}}"#,
            #"{"op":"add","value":{"ENT:manager":{"value":"7"}}}"#
        ),
        (
            #"{"op":"replace","value":{"emails[primary eq \"True\"].value":["a"],"emails[type eq \"x\"].primary":"True"}}"#,
            #"{"op":"replace","value":{"emails[primary eq true].value":"a","emails[type eq \"x\"].primary":true}}"#
        ),
        // What is taken out must not become nothing, which would be everything.
        (#"{"op":"Remove","path":"emails","value":[{"value":""}]}"#, #"{"op":"Remove","path":"emails","value":[{"value":""}]}"#),
        (#"{"op":"Remove","path":"emails","value":""}"#, #"{"op":"Remove","path":"emails","value":[""]}"#),
        (#"{"op":"Remove","path":"emails","value":[]}"#, #"{"op":"Remove","path":"emails","value":[]}"#),
        (#"{"op":"Remove","path":"emails","value":"a"}"#, #"{"op":"Remove","path":"emails","value":[{"value":"a"}]}"#),
        // Odd shapes go to the core as they are.
        (#"{"op":1,"path":7,"value":{"active":"True"}}"#, #"{"op":1,"path":7,"value":{"active":"True"}}"#),
        (#"{"op":"add","path":"emails[","value":"True"}"#, #"{"op":"add","path":"emails[","value":"True"}"#),
        (#"{"op":"add","path":"unknown","value":"True"}"#, #"{"op":"add","path":"unknown","value":"True"}"#),
        (#"{"op":"add","value":[7]}"#, #"{"op":"add","value":[7]}"#),
        (#"7"#, #"7"#),
    ])
    func operations(_ sent: String, _ seen: String) throws {
        let wrapped = #"{"schemas":["PATCH"],"Operations":[OPERATION]}"#
        let original = try Self.parse(Self.long(wrapped.replacing("OPERATION", with: sent)))
        var patch = original
        Self.unknown.rewrite(patch: &patch, type: .user)
        #expect(Self.text(patch) == Self.long(wrapped.replacing("OPERATION", with: seen)))
        var strict = original
        Quirks(QuirkClient(setting: .okta, isStrict: true)).rewrite(patch: &strict, type: .user)
        #expect(strict == original)
    }

    @Test(arguments: [
        (#"{"Operations":[]}"#, #"{"schemas":["PATCH"],"Operations":[]}"#),
        (#"{"schemas":["urn:scim:schemas:core:1.0"],"operations":[]}"#, #"{"schemas":["PATCH"],"operations":[]}"#),
        (#"{"schemas":"PATCH","Operations":7}"#, #"{"schemas":["PATCH"],"Operations":7}"#),
        (#"{"schemas":["urn:other"]}"#, #"{"schemas":["urn:other"]}"#),
        (#"{"schemas":{}}"#, #"{"schemas":{}}"#),
    ])
    func messages(_ sent: String, _ seen: String) throws {
        var patch = try Self.parse(Self.long(sent))
        Self.unknown.rewrite(patch: &patch, type: .user)
        #expect(Self.text(patch) == Self.long(seen))
    }

    // MARK: Filters

    @Test(arguments: [
        (#"active eq "True""#, "active eq true"),
        (#"emails[primary eq "True"]"#, "emails[primary eq true]"),
        (#"emails[type eq "work" and not (primary ne "false")].value eq "x""#, nil),
        (#"not (active eq "false") or CORE:active eq "TRUE""#, "not (active eq false) or CORE:active eq true"),
        (#"title eq "True""#, #"title eq "True""#),
        (#"emails.primary eq "True""#, "emails.primary eq true"),
        (#"id eq "1" and manager eq "2""#, #"id eq "1" and ENT:manager.value eq "2""#),
        (#"ENT:manager eq "2""#, #"ENT:manager.value eq "2""#),
        ("manager pr", "ENT:manager pr"),
        (#"urn:scim:schemas:extension:enterprise:1.0:department eq "IT""#, #"ENT:department eq "IT""#),
        (#"unknown eq "True""#, #"unknown eq "True""#),
        (#"emails eq "x""#, #"emails eq "x""#),
    ])
    func filters(_ sent: String, _ seen: String?) throws {
        let original = try Filter.parse(Self.long(sent), urns: ResourceType.user.urns)
        var filter = original
        Self.unknown.rewrite(filter: &filter, types: [.user])
        if let seen { #expect(filter.description == Self.long(seen)) } else { #expect(filter.description.contains("primary ne false")) }
        var again = filter
        Self.unknown.rewrite(filter: &again, types: [.user])
        #expect(again == filter)
        var strict = original
        Quirks.none.rewrite(filter: &strict, types: [.user])
        #expect(strict == original)
    }

    @Test func aNameThatOneTypeKnowsStays() throws {
        let note = SchemaDocument(id: "urn:x:Note", name: "Note", attributes: [SchemaAttribute("department")])
        let type = ResourceType(name: "Note", endpoint: "/Notes", schema: note)
        var filter = try Filter.parse(#"department eq "IT" and active eq "True""#, urns: [])
        Self.unknown.rewrite(filter: &filter, types: [.user, type])
        #expect(filter.description == #"department eq "IT" and active eq true"#)
    }

    // MARK: Whose quirks

    @Test(
        arguments: [
            (QuirkClient(), nil, ["onelogin"], false),
            (QuirkClient(userAgent: "Okta SCIM Client 1.0.0"), .okta, [], false),
            (QuirkClient(userAgent: "Microsoft Azure AD SCIM provisioning 1.2.3"), .entra, ["entra"], true),
            (QuirkClient(userAgent: "Google-Auto-Provisioning"), .google, [], false),
            (QuirkClient(userAgent: "curl/8"), nil, ["onelogin"], false),
            (QuirkClient(setting: .oneLogin, userAgent: "Okta SCIM Client 1.0.0"), .oneLogin, ["onelogin"], false),
            (QuirkClient(setting: .entra), .entra, ["entra"], true),
        ] as [(QuirkClient, IdentityProvider?, [String], Bool)])
    func providers(_ client: QuirkClient, _ provider: IdentityProvider?, _ own: [String], _ createsMissingElements: Bool) {
        let quirks = Quirks(client)
        #expect(client.provider == provider)
        #expect(quirks.quirks.map(\.name).filter { IdentityProvider(rawValue: $0) != nil } == own)
        #expect(quirks.patchOptions.createsMissingElements == createsMissingElements)
        #expect(quirks.quirks.contains { $0 is StringBooleans })
        var strict = client
        strict.isStrict = true
        #expect(Quirks(strict).quirks.isEmpty)
        #expect(Quirks(strict).patchOptions == PatchOptions())
    }

    // MARK: Property

    /// Whatever it is, it is rewritten without a stop, and a second time changes nothing.
    @Test(arguments: 0..<300 as Range<UInt64>)
    func twiceIsOnce(_ seed: UInt64) {
        var random = BulkRandom(state: seed)
        var body = Self.object(&random, depth: 4)
        Self.unknown.rewrite(resource: &body, type: .user)
        var again = body
        Self.unknown.rewrite(resource: &again, type: .user)
        #expect(Self.text(again) == Self.text(body))

        let operations = (0..<3).map { _ in
            var operation = Self.object(&random, depth: 3)
            operation["op"] = .string(["add", "Remove", "replace"].randomElement(using: &random) ?? "add")
            if Bool.random(using: &random) { operation["path"] = .string(Self.paths.randomElement(using: &random) ?? "active") }
            operation["value"] = Self.value(&random, depth: 3)
            return JSONValue.object(operation)
        }
        var patch = JSONObject([("Operations", .array(operations))])
        Self.unknown.rewrite(patch: &patch, type: .user)
        var patchAgain = patch
        Self.unknown.rewrite(patch: &patchAgain, type: .user)
        #expect(Self.text(patchAgain) == Self.text(patch))
    }

    private static let paths = [
        "active", "emails", #"emails[primary eq "True"]"#, #"emails[type eq "work"].value"#, "manager", "name.givenName", "department",
        "\(enterprise):manager", enterprise, "\(core):active", "", "[", "urn:scim:schemas:extension:enterprise:1.0:manager", "schemas",
    ]

    private static let names = [
        "active", "ACTIVE", "emails", "Emails", "value", "primary", "$ref", "manager", "managerId", "name", "givenName", "title", "schemas",
        "id", "externalId", "addresses", core, core.uppercased(), enterprise, "\(enterprise):manager", "name.givenName", "unknown",
        "urn:scim:schemas:core:1.0", "urn:scim:schemas:extension:enterprise:1.0", "urn:scim:schemas:extension:enterprise:1.0:manager", "op",
        "path", "meta", "roles",
    ]

    private static func object(_ random: inout BulkRandom, depth: Int) -> JSONObject {
        var object = JSONObject()
        for _ in 0..<Int.random(in: 0...8, using: &random) {
            object[names.randomElement(using: &random) ?? ""] = value(&random, depth: depth - 1)
        }
        return object
    }

    private static func value(_ random: inout BulkRandom, depth: Int) -> JSONValue {
        switch Int.random(in: 0..<(depth > 0 ? 10 : 7), using: &random) {
        case 0: .null
        case 1: .bool(Bool.random(using: &random))
        case 2: 7
        case 3, 4: .string(["", "True", "false", "a", core, "/", "https://x/Users/1"].randomElement(using: &random) ?? "")
        case 5: ""
        case 6: .array([])
        case 7, 8: .object(object(&random, depth: depth))
        default: .array((0..<Int.random(in: 0...3, using: &random)).map { _ in value(&random, depth: depth - 1) })
        }
    }
}
