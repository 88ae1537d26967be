import SCIM
import Testing

@Suite("PATCH messages")
struct PatchMessageTests {
    static func list(_ text: String) throws -> [PatchOperation] {
        try PatchOperation.list(filterObject(try JSONValue.parse(Array(text.utf8))), type: .user)
    }

    static let schemas = #""schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"]"#

    @Test("Names and verbs in any letter case; unknown members are ignored")
    func reads() throws {
        let list = try Self.list(
            #"{"SCHEMAS":["URN:ietf:params:scim:api:messages:2.0:PatchOp"],"operations":[{"OP":"Add","Path":"Title","VALUE":"x","name":"y"},"#
                + #"{"op":"REMOVE","path":"emails[type eq \"work\"]"},{"op":"replace","path":null,"value":{"title":null}},"#
                + #"{"op":"replace","path":"","value":{}},{"op":"replace","path":"title","value":null}]}"#)
        #expect(list[0] == PatchOperation(.add, PatchPath(AttributePath("Title")), value: "x"))
        #expect(list[1] == PatchOperation(.remove, try PatchPath.parse(#"emails[type eq "work"]"#, urns: [])))
        #expect(list[2] == PatchOperation(.replace, value: ["title": nil]))
        #expect(list[3].path == nil)
        #expect(list[4].value == .null)
    }

    @Test(
        "What is refused, and how",
        arguments: [
            (#"{"Operations":[{"op":"add","path":"title","value":"x"}]}"#, "invalidSyntax"),
            (#"{"schemas":["urn:x"],"Operations":[{"op":"add","path":"title","value":"x"}]}"#, "invalidSyntax"),
            ("{\(schemas)}", "invalidSyntax"),
            ("{\(schemas),\"Operations\":{}}", "invalidSyntax"),
            ("{\(schemas),\"Operations\":[]}", "invalidSyntax"),
            ("{\(schemas),\"Operations\":[1]}", "invalidSyntax"),
            ("{\(schemas),\"Operations\":[{\"path\":\"title\",\"value\":\"x\"}]}", "invalidSyntax"),
            ("{\(schemas),\"Operations\":[{\"op\":\"move\",\"path\":\"title\",\"value\":\"x\"}]}", "invalidSyntax"),
            ("{\(schemas),\"Operations\":[{\"op\":1,\"path\":\"title\",\"value\":\"x\"}]}", "invalidSyntax"),
            ("{\(schemas),\"Operations\":[{\"op\":\"remove\"}]}", "noTarget"),
            ("{\(schemas),\"Operations\":[{\"op\":\"remove\",\"value\":{\"title\":1}}]}", "noTarget"),
            ("{\(schemas),\"Operations\":[{\"op\":\"add\",\"path\":\"title\"}]}", "invalidValue"),
            ("{\(schemas),\"Operations\":[{\"op\":\"replace\"}]}", "invalidValue"),
            ("{\(schemas),\"Operations\":[{\"op\":\"add\",\"path\":1,\"value\":1}]}", "invalidPath"),
            ("{\(schemas),\"Operations\":[{\"op\":\"add\",\"path\":\"a b\",\"value\":1}]}", "invalidPath"),
            ("{\(schemas),\"Operations\":[{\"op\":\"add\",\"path\":\"emails[x\",\"value\":1}]}", "invalidFilter"),
        ])
    func refuses(text: String, kind: String) throws {
        let error = try #require(throws: SCIMError.self) { try Self.list(text) }
        #expect(error.status == 400)
        #expect(error.kind?.rawValue == kind, "\(error)")
    }

    @Test("At most 1,000 operations")
    func limit() throws {
        func text(_ count: Int) -> String {
            "{\(Self.schemas),\"Operations\":["
                + Array(repeating: #"{"op":"remove","path":"title"}"#, count: count).joined(separator: ",") + "]}"
        }
        #expect(try Self.list(text(1000)).count == 1000)
        let error = try #require(throws: SCIMError.self) { try Self.list(text(1001)) }
        #expect(error.status == 413)
    }

    @Test("A value without a path is an object", arguments: [#""x""#, "[]", "null", "1"])
    func pathless(value: String) throws {
        let list = try Self.list("{\(Self.schemas),\"Operations\":[{\"op\":\"add\",\"value\":\(value)}]}")
        let error = try #require(throws: SCIMError.self) {
            try ResourceChange.patch(list, PatchOptions()).applied(to: Resource(), type: .user)
        }
        #expect(error.kind == .invalidValue)
    }

    @Test("Whatever comes, it is applied or refused, and nothing unassigned is ever stored (trap 10)", arguments: 0..<20)
    func noise(seed: Int) throws {
        var dice = FilterDice(seed)
        let paths = [
            "userName", "name", "name.givenName", "emails", "emails.value", #"emails[type eq "work"]"#, #"emails[type eq "x"].value"#,
            "active",
            "roles", UserResource.enterpriseSchema, UserResource.enterpriseSchema + ":manager", UserResource.schema, "schemas", "password",
            #"addresses[primary eq true].locality"#, "id", "nonsense", UserResource.enterpriseSchema + ":manager.value",
        ]
        func value(_ depth: Int) -> JSONValue {
            switch dice.below(depth == 0 ? 5 : 8) {
            case 0: return .null
            case 1: return .bool(dice.chance(50))
            case 2: return .number(JSONNumber(dice.below(3)))
            case 3: return .string(dice.one(of: ["", "work", "x", "True"]))
            case 4: return [:]
            case 5: return .array((0..<dice.below(4)).map { _ in value(depth - 1) })
            default:
                let names = ["value", "type", "primary", "givenName", "Department", "locality", "manager", "displayName"] + paths
                var object = JSONObject()
                for _ in 0..<dice.below(4) { object[dice.one(of: names)] = value(depth - 1) }
                return .object(object)
            }
        }
        func isClean(_ value: JSONValue) -> Bool {
            switch value {
            case .null: false
            case .string(let text): !text.isEmpty
            case .array(let values): !values.isEmpty && values.allSatisfy(isClean)
            case .object(let object): !object.isEmpty && object.members.allSatisfy { isClean($0.value) }
            case .bool, .number: true
            }
        }
        var applied = 0
        for _ in 0..<500 {
            let path = dice.chance(70) ? try PatchPath.parse(dice.one(of: paths), urns: ResourceType.user.urns) : nil
            let operation = PatchOperation(dice.one(of: [.add, .replace, .remove]), path, value: dice.chance(90) ? value(3) : nil)
            let change = ResourceChange.patch([operation], PatchOptions(createsMissingElements: dice.chance(50)))
            do {
                let new = try change.applied(to: Resource(filterObject(PatchTests.person)), type: .user).resource.object
                applied += 1
                #expect(isClean(.object(new)), "\(operation)")
                #expect(new["userName"] != nil && new["id"] == "1" && new["password"] == nil && new["groups"] == nil)
                #expect((new["emails"]?.array ?? []).count { $0.object?["primary"] == true } <= 1)
            } catch let error as SCIMError {
                #expect(error.status == 400 && error.kind != nil && !error.detail.isEmpty)
            }
        }
        #expect(applied > 50 && applied < 450)
    }
}
