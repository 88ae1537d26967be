import SCIM
import Testing

@Suite struct ResourceBodyTests {
    private static let enterprise = UserResource.enterpriseSchema

    private static func object(_ text: String) throws -> JSONObject {
        let long = text.replacing("CORE", with: UserResource.schema).replacing("ENT", with: enterprise)
        return try #require(try JSONValue.parse(Array(long.utf8)).object)
    }

    /// The stored text of a user whose body begins with schemas, without schemas and id.
    private static func stored(_ members: String) throws -> String {
        var object = try ResourceType.user.creation(object(#"{"schemas":["CORE"],\#(members)}"#)).resource.object
        object["schemas"] = nil
        object["id"] = nil
        return String(decoding: object.serialized, as: UTF8.self).replacing(enterprise, with: "ENT")
    }

    private static func refusal(_ members: String) -> SCIMError? {
        do {
            _ = try stored(members)
            return nil
        } catch {
            return error as? SCIMError
        }
    }

    @Test(arguments: [
        (#""userName":"a""#, #"{"userName":"a"}"#),
        // The schema's order and spelling; what nobody knows is passed over.
        (#""TITLE":"t","USERNAME":"a","unknown":1,"ExternalID":"e""#, #"{"externalId":"e","userName":"a","title":"t"}"#),
        (
            #""userName":"a","name":{"GIVENNAME":"g","unknown":[],"formatted":"f"}"#,
            #"{"userName":"a","name":{"givenName":"g","formatted":"f"}}"#
        ),
        // readOnly and common attributes
        (#""userName":"a","id":"7","meta":{"version":"9"},"groups":[{"value":"g"}]"#, #"{"userName":"a"}"#),
        (#""userName":"a","id":null,"meta":7,"groups":"x""#, #"{"userName":"a"}"#),
        // Unassigned
        (#""userName":"a","title":null,"nickName":"","emails":[],"name":{"givenName":null},"externalId":"""#, #"{"userName":"a"}"#),
        (#""userName":"a","name":{"givenName":""},"ENT":null,"roles":[null,{"value":""}]"#, #"{"userName":"a"}"#),
        (
            #""userName":"a","emails":[{"type":"work","value":""},{"type":"home","value":"h"}]"#,
            #"{"userName":"a","emails":[{"type":"home","value":"h"}]}"#
        ),
        (#""userName":"a","emails":[{"type":"work","primary":true}]"#, #"{"userName":"a"}"#),
        // Never kept
        (#""userName":"a","password":"secret""#, #"{"userName":"a"}"#),
        // Other places of the same attributes
        (#""CORE":{"userName":"a","EXTERNALID":"e"},"title":"t""#, #"{"externalId":"e","userName":"a","title":"t"}"#),
        (
            #""CORE:userName":"a","ENT:department":"d","ENT":{"COSTcenter":"c"}"#,
            #"{"userName":"a","ENT":{"costCenter":"c","department":"d"}}"#
        ),
        (
            #""userName":"a","URN:IETF:PARAMS:scim:schemas:extension:enterprise:2.0:USER":{"department":"d"}"#,
            #"{"userName":"a","ENT":{"department":"d"}}"#
        ),
        (#""userName":"a","urn:nobody:2.0:User":{"x":1},"ENT:unknown":1,"ENTx:department":"d""#, #"{"userName":"a"}"#),
        // The manager
        (
            #""userName":"a","ENT":{"manager":{"value":"m","$ref":"../Users/m","displayName":"M"}}"#,
            #"{"userName":"a","ENT":{"manager":{"value":"m","$ref":"../Users/m"}}}"#
        ),
        (#""userName":"a","ENT":{"manager":{"displayName":"M"}}"#, #"{"userName":"a"}"#),
        // One primary, no pair of type and value twice
        (
            #""userName":"a","emails":[{"value":"x","primary":true},{"value":"y","primary":true},{"value":"z"}]"#,
            #"{"userName":"a","emails":[{"value":"x","primary":false},{"value":"y","primary":true},{"value":"z"}]}"#
        ),
        (
            #""userName":"a","emails":[{"value":"x","type":"work"},{"value":"x","type":"home"},{"value":"x","type":"work","display":"d"}]"#,
            #"{"userName":"a","emails":[{"value":"x","type":"work","display":"d"},{"value":"x","type":"home"}]}"#
        ),
        (
            #""userName":"a","addresses":[{"region":"r","type":"work"},{"region":"r","type":"work","primary":true},{"region":"s","type":"work"}]"#,
            #"{"userName":"a","addresses":[{"region":"r","type":"work","primary":true},{"region":"s","type":"work"}]}"#
        ),
        // Kept as sent
        (
            #""userName":" a ","title":" ","locale":"x-y","emails":[{"value":"no address"}]"#,
            #"{"userName":" a ","title":" ","locale":"x-y","emails":[{"value":"no address"}]}"#
        ),
        (
            #""userName":"a","x509Certificates":[{"value":"AAEC"},{"value":"AAE"}]"#,
            #"{"userName":"a","x509Certificates":[{"value":"AAEC"},{"value":"AAE"}]}"#
        ),
        (#""userName":"a","emails":[{"value":"x","type":"own"}]"#, #"{"userName":"a","emails":[{"value":"x","type":"own"}]}"#),
    ])
    func isStored(members: String, stored: String) throws { #expect(try Self.stored(members) == stored) }

    @Test(arguments: [
        (#""title":"t""#, "userName"), (#""userName":null"#, "userName"), (#""userName":"""#, "userName"),
        (#""userName":" \t""#, "userName"),
        (#""userName":7"#, "userName"), (#""userName":["a"]"#, "userName"), (#""userName":"a","active":"true""#, "active"),
        (#""userName":"a","active":1"#, "active"), (#""userName":"a","title":true"#, "title"), (#""userName":"a","name":"n""#, "name"),
        (#""userName":"a","name":{"givenName":7}"#, "name.givenName"), (#""userName":"a","name":[{"givenName":"g"}]"#, "name"),
        (#""userName":"a","emails":{"value":"x"}"#, "emails"), (#""userName":"a","emails":"x""#, "emails"),
        (#""userName":"a","emails":["x"]"#, "emails"), (#""userName":"a","emails":[{"value":"x","primary":"yes"}]"#, "emails.primary"),
        (#""userName":"a","x509Certificates":[{"value":"!"}]"#, "x509Certificates.value"),
        (#""userName":"a","x509Certificates":[{"value":"AAAAA"}]"#, "x509Certificates.value"),
        (#""userName":"a","x509Certificates":[{"value":"AA=A"}]"#, "x509Certificates.value"),
        (#""userName":"a","x509Certificates":[{"value":"AAA=="}]"#, "x509Certificates.value"),
        (#""userName":"a","password":7"#, "password"), (#""userName":"a","ENT":"x""#, "enterprise"),
        (#""userName":"a","ENT":[1]"#, "enterprise"),
        (#""userName":"a","ENT":{"department":7}"#, "enterprise:2.0:User:department"),
        (#""userName":"a","ENT":{"manager":"m"}"#, "manager"),
        (#""userName":"a","externalId":7"#, "externalId"),
    ])
    func wrongValuesAreRefused(members: String, place: String) throws {
        let error = try #require(Self.refusal(members))
        #expect(error.status == 400)
        #expect(error.kind == .invalidValue)
        #expect(error.detail.contains(place), "\(error.detail)")
    }

    @Test(arguments: [
        #""userName":"a","USERNAME":"b""#, #""userName":"a","title":null,"Title":null"#, #""userName":"a","CORE:userName":"b""#,
        #""userName":"a","CORE":{"userName":"b"}"#, #""userName":"a","ENT:department":"d","ENT":{"department":"d"}"#,
        #""userName":"a","name":{"givenName":"g","GivenName":""}"#, #""userName":"a","groups":[],"Groups":[]"#,
        #""userName":"a","emails":[{"value":"x","VALUE":"y"}]"#, #""userName":"a","externalId":"x","externalID":"y""#,
        #""userName":"a","Schemas":["CORE"]"#, #""userName":"a","id":"1","ID":"2""#,
    ])
    func anAttributeSentTwiceIsRefused(members: String) { #expect(Self.refusal(members)?.kind == .invalidSyntax) }

    @Test func schemasAreDemandedAndComputed() throws {
        for schemas in ["", #""schemas":null,"#, #""schemas":[],"#, #""schemas":"CORE","#, #""schemas":[7],"#] {
            let body = try Self.object("{\(schemas)\"userName\":\"a\"}")
            let error = #expect(throws: SCIMError.self) { try ResourceType.user.creation(body) }
            #expect(error?.kind == .invalidSyntax, "\(schemas)")
        }
        for (body, schemas) in [
            (#"{"schemas":["CORE","urn:nobody"],"userName":"a"}"#, [UserResource.schema]),
            (#"{"schemas":["CORE","ENT"],"userName":"a","ENT":{}}"#, [UserResource.schema]),
            (#"{"SCHEMAS":["urn:x"],"userName":"a","ENT":{"department":"d"}}"#, [UserResource.schema, Self.enterprise]),
        ] {
            let object = try ResourceType.user.creation(Self.object(body)).resource.object
            #expect(object["schemas"] == .array(schemas.map { .string($0) }), "\(body)")
            #expect(object.members.prefix(2).map(\.name) == ["schemas", "id"])
        }
    }

    @Test func membersLieBeside() throws {
        let body = try Self.object(
            #"{"schemas":["x"],"displayName":"g","MEMBERS":[{"value":"1","type":"User","display":"x"},{"Value":"2"},"3",{"value":"1"}]}"#)
        let (resource, members) = try ResourceType.group.creation(body)
        #expect(resource.object["members"] == nil)
        #expect(members == [Reference("1", type: "User"), Reference("2"), Reference("3")])
        #expect(try ResourceType.group.replacement(body).members == members)
        #expect(try ResourceType.group.replacement(["schemas": ["x"], "displayName": "g"]).members == [])
        #expect(try ResourceType.user.replacement(["schemas": ["x"], "userName": "a"]).members == nil)
        for empty in [JSONValue.null, [], ""] { #expect(try Reference.list(empty).isEmpty) }
        for wrong in ["x", 7, [7], [[:]], [["value": ""]], [["value": 7]], [""], ["value": "x"], [["display": "x"]]] as [JSONValue] {
            let error = #expect(throws: SCIMError.self) { try Reference.list(wrong) }
            #expect(error?.kind == .invalidValue)
        }
        let error = #expect(throws: SCIMError.self) { try ResourceType.group.creation(["schemas": ["x"], "displayName": ""]) }
        #expect(error?.detail.contains("displayName") == true)
    }

    @Test func manyMembersAreReadOnce() throws {
        let ids = (0..<50_000).map { JSONValue.object(["value": .string("id-\($0 % 40_000)")]) }
        #expect(try Reference.list(.array(ids)).count == 40_000)
    }

    @Test func sizesAreLimited() throws {
        func text(_ count: Int) -> String { String(repeating: "x", count: count) }
        #expect(try Self.stored(#""userName":"a","title":"\#(text(65_536))""#).utf8.count > 65_536)
        #expect(Self.refusal(#""userName":"a","title":"\#(text(65_537))""#)?.kind == .invalidValue)
        func roles(_ count: Int, _ text: String) -> String {
            "\"userName\":\"a\",\"roles\":[" + (0..<count).map { #"{"value":"\#($0)\#(text)"}"# }.joined(separator: ",") + "]"
        }
        #expect(Self.refusal(roles(5, text(50_000))) == nil)
        #expect(Self.refusal(roles(6, text(50_000)))?.status == 413)
        // Escaping counts: a control character takes six bytes.
        let control = String(repeating: #"\u0001"#, count: 10_000)
        #expect(Self.refusal(roles(4, control)) == nil)
        #expect(Self.refusal(roles(5, control))?.status == 413)
    }

    // MARK: All kinds of attributes

    private static let gadget: ResourceType = {
        let schema = SchemaDocument(
            id: "urn:example:Gadget", name: "Gadget",
            attributes: [
                SchemaAttribute("count", .integer), SchemaAttribute("weight", .decimal), SchemaAttribute("made", .dateTime),
                SchemaAttribute("tags", isMultiValued: true), SchemaAttribute("pin", mutability: .writeOnly, returned: .never),
                SchemaAttribute("serial", mutability: .immutable), SchemaAttribute("state", mutability: .readOnly),
                SchemaAttribute("active", .boolean),
                SchemaAttribute(
                    "lock", .complex,
                    subAttributes: [
                        SchemaAttribute("code", isRequired: true), SchemaAttribute("maker", mutability: .immutable),
                        SchemaAttribute("checked", mutability: .readOnly), SchemaAttribute("secret", returned: .never),
                    ]),
            ])
        let ext = SchemaDocument(
            id: "urn:example:Extra", name: "Extra",
            attributes: [SchemaAttribute("fixed", mutability: .immutable), SchemaAttribute("must", isRequired: true)])
        return ResourceType(name: "Gadget", endpoint: "/Gadgets", schema: schema, extensions: [.init(ext)])
    }()

    private static func gadget(_ members: String) throws -> Resource {
        try gadget.creation(try object(#"{"schemas":["x"],\#(members)}"#)).resource
    }

    @Test(arguments: [
        (#""count":7"#, true), (#""count":1.0"#, true), (#""count":-1e2"#, true), (#""count":1.5"#, false), (#""count":"7""#, false),
        (#""count":1e30"#, false), (#""weight":1.50"#, true), (#""weight":"1""#, false), (#""made":"2026-01-02T03:04:05+01:00""#, true),
        (#""made":"yesterday""#, false), (#""made":7"#, false), (#""tags":["a","b"]"#, true), (#""tags":"a""#, false),
        (#""tags":["a",7]"#, false),
        (#""lock":{"code":"1"}"#, true), (#""urn:example:Extra":{"must":"m"}"#, true),
    ])
    func everyKindIsChecked(members: String, isGood: Bool) throws {
        if isGood {
            let object = try Self.gadget(members).object
            #expect(String(decoding: object.serialized, as: UTF8.self).contains(members))
        } else {
            let error = #expect(throws: SCIMError.self) { try Self.gadget(members) }
            #expect(error?.kind == .invalidValue)
        }
    }

    @Test func requiredPartsAreDemandedWhereTheWholeIsThere() throws {
        #expect(throws: SCIMError.self) { try Self.gadget(#""lock":{"maker":"m"}"#) }
        #expect(throws: SCIMError.self) { try Self.gadget(#""urn:example:Extra":{"fixed":"f"}"#) }
        #expect(try Self.gadget(#""lock":{"code":"1","secret":"s"}"#).object["lock"] == ["code": "1"])
        #expect(try Self.gadget(#""tags":["a","b","a"]"#).object["tags"] == ["a", "b"])
        var type = Self.gadget
        type.extensions[0].isRequired = true
        let error = #expect(throws: SCIMError.self) { try type.creation(["schemas": ["x"], "count": 7]) }
        #expect(error?.detail.contains("urn:example:Extra") == true)
    }

    @Test func putKeepsWhatMayNotChange() throws {
        var old = try Self.gadget(
            #""serial":"1","count":7,"active":false,"lock":{"code":"1","maker":"m"},"urn:example:Extra":{"fixed":"f","must":"m"}"#)
        old.id = "g1"
        old.object["state"] = "ready"
        let new = try Self.gadget.replaced(old, by: Self.gadget(#""lock":{"code":"2"}"#))
        #expect(
            new.object.isSame(as: [
                "schemas": ["urn:example:Gadget", "urn:example:Extra"], "id": "g1", "serial": "1", "state": "ready", "active": false,
                "lock": ["code": "2", "maker": "m"], "urn:example:Extra": ["fixed": "f"],
            ]))
        for (members, place) in [
            (#""serial":"2""#, "serial"), (#""lock":{"code":"1","maker":"n"}"#, "lock.maker"),
            (#""urn:example:Extra":{"must":"m","fixed":"g"}"#, "Extra:fixed"),
        ] {
            let error = #expect(throws: SCIMError.self) { try Self.gadget.replaced(old, by: Self.gadget(members)) }
            #expect(error?.kind == .mutability)
            #expect(error?.detail.contains(place) == true)
        }
        // What has no value yet may get one.
        var bare = try Self.gadget(#""count":1"#)
        bare.id = "g2"
        #expect(try Self.gadget.replaced(bare, by: Self.gadget(#""serial":"9""#)).object["serial"] == "9")
        #expect(try Self.gadget.replaced(bare, by: Self.gadget(#""serial":"9""#)).object["count"] == nil)
    }

    @Test func putOfTheSameInAnotherOrderChangesNothing() throws {
        var old = try ResourceType.user.creation(
            Self.object(#"{"schemas":["x"],"userName":"a","title":"t","name":{"givenName":"g","familyName":"f"},"active":true}"#)
        ).resource
        old.id = "1"
        let title = try #require(old.object["title"])
        old.object["title"] = nil
        old.object["title"] = title
        let bytes = old.object.serialized
        let same = try ResourceType.user.replacement(
            Self.object(#"{"schemas":["x"],"name":{"familyName":"f","givenName":"g"},"title":"t","userName":"a"}"#)
        ).0
        #expect(try ResourceType.user.replaced(old, by: same).object.serialized == bytes)
        let other = try ResourceType.user.replacement(Self.object(#"{"schemas":["x"],"userName":"a","title":"u"}"#)).0
        #expect(try ResourceType.user.replaced(old, by: other).object["name"] == nil)
    }

    @Test func whatIsStoredCanBeSentAgain() throws {
        var random = SplitMix64(state: 5)
        func value(_ attribute: SchemaAttribute) -> JSONValue {
            if Int.random(in: 0..<12, using: &random) == 0 { return [.null, "", [], [:]][Int.random(in: 0..<4, using: &random)] }
            func single() -> JSONValue {
                switch attribute.kind {
                case .boolean: return .bool(.random(using: &random))
                case .integer, .decimal: return .number(JSONNumber(Int.random(in: 0..<9, using: &random)))
                case .dateTime: return "2026-01-02T03:04:05Z"
                case .binary: return "AAEC"
                case .string, .reference: return .string(["a", "b", "", "é"].randomElement(using: &random) ?? "")
                case .complex:
                    let members = attribute.subAttributes.shuffled(using: &random).map { ($0.name, value($0)) }
                    return .object(JSONObject(members))
                }
            }
            return attribute.isMultiValued ? .array((0..<Int.random(in: 0..<6, using: &random)).map { _ in single() }) : single()
        }
        var made = 0
        for round in 0..<2_000 {
            let type = round % 2 == 0 ? ResourceType.user : Self.gadget
            var body = JSONObject()
            body["schemas"] = ["x"]
            for attribute in type.schema.attributes.shuffled(using: &random) { body[attribute.name] = value(attribute) }
            for ext in type.extensions {
                body[ext.schema.id] = .object(JSONObject(ext.schema.attributes.map { ($0.name, value($0)) }))
            }
            guard let resource = try? type.creation(body).resource else { continue }
            made += 1
            let bytes = resource.object.serialized
            let again = try type.creation(#require(JSONValue.parse(bytes).object)).resource
            #expect(again.object.serialized == bytes)
            #expect(try type.replaced(resource, by: again).object.serialized == bytes)
            for member in resource.object.members where member.name != "id" { #expect(!member.value.isUnassigned) }
        }
        #expect(made > 300)
    }
}
