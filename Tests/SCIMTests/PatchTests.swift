import SCIM
import Testing

@Suite("PATCH")
struct PatchTests {
    static let enterprise = UserResource.enterpriseSchema

    static let person: JSONValue = [
        "schemas": [.string(UserResource.schema), .string(enterprise)], "id": "1", "userName": "bjensen",
        "name": ["familyName": "Jensen", "givenName": "Barbara"], "active": true,
        "emails": [["value": "b@work.test", "type": "work", "primary": true], ["value": "b@home.test", "type": "home"]],
        "roles": [["value": "admin"], ["value": "clerk", "type": "x"]],
        enterprise: ["department": "Tour", "manager": ["value": "7"]],
    ]

    static func operations(_ json: String, type: ResourceType = .user) throws -> [PatchOperation] {
        let text = #"{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":["# + json + "]}"
        return try PatchOperation.list(filterObject(try JSONValue.parse(Array(text.utf8))), type: type)
    }

    static func patched(
        _ json: String, type: ResourceType = .user, of value: JSONValue = person, creating: Bool = false
    ) throws -> ChangedResource {
        let change = ResourceChange.patch(try operations(json, type: type), PatchOptions(createsMissingElements: creating))
        return try change.applied(to: Resource(filterObject(value)), type: type)
    }

    /// What has changed: one line for each attribute, as `name=json`, a missing one without `=`.
    static func difference(_ json: String, creating: Bool = false) throws -> [String] {
        let old = filterObject(person)
        let new = try patched(json, creating: creating).resource.object
        var lines: [String] = []
        for name in (old.members + new.members).map(\.name) where old[name] != new[name] {
            let line = new[name].map { "\(name)=" + String(decoding: $0.serialized, as: UTF8.self) } ?? name
            if !lines.contains(line) { lines.append(line) }
        }
        return lines
    }

    @Test(
        "One operation, and what it changes",
        arguments: [
            // Single values.
            (#"{"op":"add","path":"title","value":"Dr"}"#, [#"title="Dr""#]),
            (#"{"op":"replace","path":"userName","value":"x"}"#, [#"userName="x""#]),
            (#"{"op":"Replace","path":"USERNAME","value":"x"}"#, [#"userName="x""#]),
            (#"{"OP":"REPLACE","Path":"active","VALUE":false}"#, ["active=false"]),
            (#"{"op":"replace","path":"urn:ietf:params:scim:schemas:core:2.0:User:active","value":false}"#, ["active=false"]),
            (#"{"op":"remove","path":"active"}"#, ["active"]),
            (#"{"op":"remove","path":"nickName"}"#, []),
            (#"{"op":"replace","path":"active","value":true}"#, []),
            (#"{"op":"replace","path":"password","value":"secret"}"#, []),
            (#"{"op":"remove","path":"password"}"#, []),
            (#"{"op":"replace","path":"schemas","value":["urn:x"]}"#, []),
            // Trap 10.
            (#"{"op":"replace","path":"active","value":null}"#, ["active"]),
            (#"{"op":"add","path":"active","value":""}"#, ["active"]),
            (#"{"op":"replace","path":"emails","value":[]}"#, ["emails"]),
            (#"{"op":"replace","path":"emails","value":null}"#, ["emails"]),
            (#"{"op":"replace","path":"emails","value":""}"#, ["emails"]),
            (#"{"op":"add","path":"emails","value":[]}"#, []),
            (#"{"op":"replace","path":"name.givenName","value":""}"#, [#"name={"familyName":"Jensen"}"#]),
            // Complex values merge, and go with their last part.
            (#"{"op":"replace","path":"name","value":{"GIVENNAME":"X","nonsense":1}}"#, [#"name={"familyName":"Jensen","givenName":"X"}"#]),
            (#"{"op":"add","path":"name","value":{"familyName":null,"givenName":""}}"#, ["name"]),
            (#"{"op":"replace","path":"name","value":{}}"#, []),
            (#"{"op":"replace","path":"name","value":null}"#, ["name"]),
            (
                #"{"op":"add","path":"name.formatted","value":"F"}"#,
                [#"name={"familyName":"Jensen","givenName":"Barbara","formatted":"F"}"#]
            ),
            (#"{"op":"remove","path":"name.familyName"}"#, [#"name={"givenName":"Barbara"}"#]),
            (#"{"op":"remove","path":"name.nonsense"}"#, ["!invalidPath"]),
            // Extensions: trap 8; the last attribute takes the object and its URN along.
            (
                #"{"op":"replace","path":"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department","value":"X"}"#,
                [#"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User={"department":"X","manager":{"value":"7"}}"#]
            ),
            (
                #"{"op":"remove","path":"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value"}"#,
                [#"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User={"department":"Tour"}"#]
            ),
            (
                #"{"op":"remove","path":"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"}"#,
                [
                    #"schemas=["urn:ietf:params:scim:schemas:core:2.0:User"]"#,
                    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
                ]
            ),
            (
                #"{"op":"add","path":"URN:ietf:params:scim:schemas:extension:enterprise:2.0:user","value":{"department":"X","manager":null}}"#,
                [#"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User={"department":"X"}"#]
            ),
            (#"{"op":"replace","value":{"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{}}}"#, []),
            // Lists.
            (
                #"{"op":"add","path":"roles","value":[{"value":"new"},{"value":"ADMIN"},{"value":"clerk","type":"X"},{"value":"clerk"}]}"#,
                [#"roles=[{"value":"admin"},{"value":"clerk","type":"x"},{"value":"new"},{"value":"clerk"}]"#]
            ),
            (#"{"op":"add","path":"roles","value":[{"value":"admin"}]}"#, []),
            (
                #"{"op":"add","path":"roles","value":{"value":"new"}}"#,
                [#"roles=[{"value":"admin"},{"value":"clerk","type":"x"},{"value":"new"}]"#]
            ),
            (
                #"{"op":"add","path":"roles","value":[{"value":"Admin","display":"A"}]}"#,
                [#"roles=[{"value":"admin","display":"A"},{"value":"clerk","type":"x"}]"#]
            ),
            (#"{"op":"replace","path":"roles","value":[{"value":"b"}]}"#, [#"roles=[{"value":"b"}]"#]),
            (#"{"op":"replace","path":"roles","value":[{"value":"admin"},{"type":"x","value":"clerk"}]}"#, []),
            (#"{"op":"remove","path":"roles"}"#, ["roles"]),
            (#"{"op":"remove","path":"roles","value":[]}"#, []),
            (#"{"op":"remove","path":"roles","value":[{"value":"CLERK"},{"value":"other"}]}"#, [#"roles=[{"value":"admin"}]"#]),
            (#"{"op":"remove","path":"roles","value":{"value":"clerk","type":"y"}}"#, []),
            (#"{"op":"remove","path":"roles","value":[{"type":"x"}]}"#, [#"roles=[{"value":"admin"}]"#]),
            (
                #"{"op":"add","path":"addresses","value":[{"locality":"A"},{"type":"work","locality":"A"},{"locality":"A"}]}"#,
                [#"addresses=[{"locality":"A"},{"type":"work","locality":"A"}]"#]
            ),
            (
                #"{"op":"replace","path":"roles.display","value":"D"}"#,
                [#"roles=[{"value":"admin","display":"D"},{"value":"clerk","type":"x","display":"D"}]"#]
            ),
            (#"{"op":"replace","path":"ims.value","value":"i"}"#, [#"ims=[{"value":"i"}]"#]),
            (#"{"op":"remove","path":"roles.value"}"#, ["roles"]),
            (#"{"op":"remove","path":"emails.value"}"#, [#"emails=[{"type":"work","primary":true}]"#]),
            (
                #"{"op":"remove","path":"emails[type eq \"home\"].value"},{"op":"add","path":"emails[type eq \"home\"].value","value":"n"}"#,
                [#"emails=[{"value":"b@work.test","type":"work","primary":true},{"type":"home","value":"n"}]"#]
            ),
            (#"{"op":"replace","path":"userName","value":"  "}"#, ["!invalidValue"]),
            (#"{"op":"replace","path":"x509Certificates","value":[{"value":"?"}]}"#, ["!invalidValue"]),
            // Brackets.
            (
                #"{"op":"replace","path":"emails[type eq \"home\"].value","value":"n@home.test"}"#,
                [#"emails=[{"value":"b@work.test","type":"work","primary":true},{"value":"n@home.test","type":"home"}]"#]
            ),
            (#"{"op":"remove","path":"emails[type eq \"home\"]"}"#, [#"emails=[{"value":"b@work.test","type":"work","primary":true}]"#]),
            (#"{"op":"remove","path":"emails[value pr]"}"#, ["emails"]),
            (#"{"op":"remove","path":"emails[type eq \"other\"]"}"#, []),
            (#"{"op":"remove","path":"emails[type eq \"other\"].value"}"#, []),
            (#"{"op":"remove","path":"ims[type eq \"aim\"]"}"#, []),
            (#"{"op":"remove","path":"roles[value eq \"admin\"].value"}"#, [#"roles=[{"value":"clerk","type":"x"}]"#]),
            (
                #"{"op":"replace","path":"emails[type eq \"home\"].value","value":null}"#,
                [#"emails=[{"value":"b@work.test","type":"work","primary":true}]"#]
            ),
            (#"{"op":"replace","path":"emails[type eq \"other\"].value","value":""}"#, []),
            (
                #"{"op":"replace","path":"emails[type eq \"home\"]","value":{"value":"c@home.test"}}"#,
                [#"emails=[{"value":"b@work.test","type":"work","primary":true},{"type":"home","value":"c@home.test"}]"#]
            ),
            (
                #"{"op":"replace","path":"emails[type eq \"work\"]","value":{"value":"c@x.test","type":"other"}}"#,
                [#"emails=[{"type":"other","value":"c@x.test"},{"value":"b@home.test","type":"home"}]"#]
            ),
            (
                #"{"op":"add","path":"emails[type eq \"home\"]","value":{"display":"H"}}"#,
                [#"emails=[{"value":"b@work.test","type":"work","primary":true},{"value":"b@home.test","type":"home","display":"H"}]"#]
            ),
            (
                #"{"op":"replace","path":"emails[type eq \"home\"]","value":null}"#,
                [#"emails=[{"value":"b@work.test","type":"work","primary":true}]"#]
            ),
            // Trap 3: an add makes what its brackets describe.
            (
                #"{"op":"Add","path":"addresses[type eq \"work\"].postalCode","value":"91608"}"#,
                [#"addresses=[{"type":"work","postalCode":"91608"}]"#]
            ),
            (
                #"{"op":"add","path":"ims[type eq \"aim\" and primary eq true and display ne \"x\"]","value":{"value":"i"}}"#,
                [#"ims=[{"type":"aim","primary":true,"value":"i"}]"#]
            ),
            (#"{"op":"add","path":"ims[type eq \"aim\" or type eq \"icq\"].value","value":"i"}"#, ["!noTarget"]),
            (#"{"op":"replace","path":"addresses[type eq \"work\"].postalCode","value":"91608"}"#, ["!noTarget"]),
            (#"{"op":"replace","path":"addresses[type eq \"work\"]","value":{"postalCode":"91608"}}"#, ["!noTarget"]),
            // Trap 20: a new primary demotes the old one, by whatever way it comes.
            (
                #"{"op":"replace","path":"emails[type eq \"home\"].primary","value":true}"#,
                [#"emails=[{"value":"b@work.test","type":"work","primary":false},{"value":"b@home.test","type":"home","primary":true}]"#]
            ),
            (
                #"{"op":"add","path":"emails","value":[{"value":"n@x.test","primary":true}]}"#,
                [
                    #"emails=[{"value":"b@work.test","type":"work","primary":false},{"value":"b@home.test","type":"home"},{"value":"n@x.test","primary":true}]"#
                ]
            ),
            (
                #"{"op":"add","path":"emails","value":[{"value":"b@home.test","type":"home","primary":true}]}"#,
                [#"emails=[{"value":"b@work.test","type":"work","primary":false},{"value":"b@home.test","type":"home","primary":true}]"#]
            ),
            (
                #"{"op":"add","path":"emails[type eq \"home\"]","value":{"Primary":true}}"#,
                [#"emails=[{"value":"b@work.test","type":"work","primary":false},{"value":"b@home.test","type":"home","primary":true}]"#]
            ),
            (
                #"{"op":"add","path":"emails[type eq \"other\"].primary","value":true}"#,
                [
                    #"emails=[{"value":"b@work.test","type":"work","primary":false},{"value":"b@home.test","type":"home"},{"type":"other","primary":true}]"#
                ]
            ),
            (
                #"{"op":"replace","path":"emails","value":[{"value":"1","primary":true},{"value":"2","primary":true}]}"#,
                [#"emails=[{"value":"1","primary":false},{"value":"2","primary":true}]"#]
            ),
            (
                #"{"op":"replace","path":"emails.primary","value":true}"#,
                [#"emails=[{"value":"b@work.test","type":"work","primary":false},{"value":"b@home.test","type":"home","primary":true}]"#]
            ),
            (#"{"op":"replace","path":"emails[type eq \"work\"].primary","value":true}"#, []),
            // Trap 7: without a path.
            (#"{"op":"replace","value":{"active":false}}"#, ["active=false"]),
            (#"{"op":"add","value":{"active":null,"title":"T"}}"#, ["active", #"title="T""#]),
            (#"{"op":"replace","value":{"name":{"givenName":"X"}}}"#, [#"name={"familyName":"Jensen","givenName":"X"}"#]),
            (#"{"op":"replace","value":{"name.givenName":"X","name.familyName":""}}"#, [#"name={"givenName":"X"}"#]),
            (
                #"{"op":"replace","value":{"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department":"X"}}"#,
                [#"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User={"department":"X","manager":{"value":"7"}}"#]
            ),
            (
                #"{"op":"replace","value":{"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value":"8"}}"#,
                [#"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User={"department":"Tour","manager":{"value":"8"}}"#]
            ),
            (
                #"{"op":"replace","value":{"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"DEPARTMENT":"X","manager.value":"8","x":1}}}"#,
                [#"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User={"department":"X","manager":{"value":"8"}}"#]
            ),
            (#"{"op":"replace","value":{"urn:ietf:params:scim:schemas:core:2.0:User":{"title":"T"}}}"#, [#"title="T""#]),
            (
                #"{"op":"replace","value":{"emails[type eq \"work\"].value":"n@work.test"}}"#,
                [#"emails=[{"value":"n@work.test","type":"work","primary":true},{"value":"b@home.test","type":"home"}]"#]
            ),
            (
                #"{"op":"add","value":{"roles":[{"value":"new"}]}}"#,
                [#"roles=[{"value":"admin"},{"value":"clerk","type":"x"},{"value":"new"}]"#]
            ),
            (#"{"op":"replace","value":{"roles":[{"value":"new"}]}}"#, [#"roles=[{"value":"new"}]"#]),
            // Trap 6: read-only and unknown members are ignored there; a path to them is refused.
            (
                #"{"op":"replace","value":{"id":"9","meta":{"version":"x"},"groups":[{"value":"g"}],"schemas":[],"nonsense":1,"urn:x:y":2}}"#,
                []
            ),
            (
                #"{"op":"replace","value":{"meta.version":"x","urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.displayName":"x"}}"#,
                []
            ),
            (#"{"op":"replace","path":"id","value":"9"}"#, ["!mutability"]),
            (#"{"op":"remove","path":"groups"}"#, ["!mutability"]),
            (#"{"op":"remove","path":"groups[value eq \"g\"]"}"#, ["!mutability"]),
            (#"{"op":"replace","path":"meta.created","value":"x"}"#, ["!mutability"]),
            (
                #"{"op":"replace","path":"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.displayName","value":"x"}"#,
                ["!mutability"]
            ),
            // Refusals.
            (#"{"op":"remove","path":"userName"}"#, ["!mutability"]),
            (#"{"op":"replace","path":"userName","value":null}"#, ["!mutability"]),
            (#"{"op":"replace","value":{"userName":""}}"#, ["!mutability"]),
            (#"{"op":"remove","path":"urn:ietf:params:scim:schemas:core:2.0:User"}"#, ["!mutability"]),
            (#"{"op":"replace","path":"nonsense","value":"x"}"#, ["!invalidPath"]),
            (#"{"op":"replace","path":"name.nonsense","value":"x"}"#, ["!invalidPath"]),
            (#"{"op":"replace","path":"urn:x:y:title","value":"x"}"#, ["!invalidPath"]),
            (#"{"op":"replace","path":"members","value":[]}"#, ["!invalidPath"]),
            (#"{"op":"replace","path":"name[familyName eq \"x\"].givenName","value":"x"}"#, ["!invalidPath"]),
            (#"{"op":"replace","path":"emails[nonsense eq \"x\"].value","value":"x"}"#, ["!invalidFilter"]),
            (#"{"op":"replace","path":"emails[primary eq \"x\"].value","value":"x"}"#, ["!invalidFilter"]),
            (#"{"op":"replace","path":"emails[type eq \"work\"].nonsense","value":"x"}"#, ["!invalidPath"]),
            (#"{"op":"replace","path":"active","value":"perhaps"}"#, ["!invalidValue"]),
            (#"{"op":"replace","path":"name","value":"x"}"#, ["!invalidValue"]),
            (#"{"op":"replace","path":"emails[type eq \"work\"]","value":"x"}"#, ["!invalidValue"]),
            (#"{"op":"replace","path":"emails[type eq \"work\"].value","value":1}"#, ["!invalidValue"]),
            (#"{"op":"add","value":{"emails[type eq":"x"}}"#, ["!invalidFilter"]),
        ])
    func one(operation: String, expected: [String]) throws {
        do {
            #expect(try Self.difference(operation) == expected)
        } catch let error as SCIMError {
            #expect(["!" + (error.kind?.rawValue ?? String(error.status))] == expected, "\(error)")
            #expect(error.detail.hasPrefix("Operation 1: ") || [.mutability, .invalidValue].contains(error.kind), "\(error)")
        }
    }

    @Test("With the switch a replace makes what its brackets describe (trap 3)")
    func createsMissing() throws {
        let value = try Self.difference(#"{"op":"replace","path":"addresses[type eq \"work\"].postalCode","value":"9"}"#, creating: true)
        #expect(value == [#"addresses=[{"type":"work","postalCode":"9"}]"#])
        let whole = try Self.difference(#"{"op":"replace","path":"ims[type eq \"aim\"]","value":{"value":"i"}}"#, creating: true)
        #expect(whole == [#"ims=[{"type":"aim","value":"i"}]"#])
    }

    @Test("The first attribute of an extension brings its URN")
    func firstOfExtension() throws {
        let bare: JSONValue = ["schemas": [.string(UserResource.schema)], "id": "1", "userName": "b"]
        let new = try Self.patched(#"{"op":"add","path":"\#(Self.enterprise):costCenter","value":"4"}"#, of: bare).resource.object
        #expect(new["schemas"] == [.string(UserResource.schema), .string(Self.enterprise)])
        #expect(new[Self.enterprise] == ["costCenter": "4"])
    }

    @Test("A required attribute may go and come back within one PATCH")
    func requiredReturns() throws {
        let new = try Self.patched(#"{"op":"remove","path":"userName"},{"op":"add","path":"userName","value":"n"}"#)
        #expect(new.resource.object["userName"] == "n")
    }

    @Test("Trap 19: the tenth operation fails, and nothing has happened")
    func atomic() throws {
        let resource = Resource(filterObject(Self.person))
        let before = JSONValue.object(resource.object).serialized
        let good = (1...9).map { #"{"op":"replace","path":"title","value":"\#($0)"}"# }.joined(separator: ",")
        let change = ResourceChange.patch(try Self.operations(good + #",{"op":"replace","path":"id","value":"x"}"#), PatchOptions())
        let error = try #require(throws: SCIMError.self) { try change.applied(to: resource, type: .user) }
        #expect(error.kind == .mutability)
        #expect(error.detail.hasPrefix("Operation 10: "))
        #expect(JSONValue.object(resource.object).serialized == before)
    }

    @Test("Trap 5: what is there already leaves every byte as it is")
    func nothingChanges() throws {
        let operations = [
            #"{"op":"add","path":"emails","value":[{"type":"work","value":"B@WORK.test"}]}"#,
            #"{"op":"replace","path":"emails","value":[{"type":"work","primary":true,"value":"b@work.test"},{"type":"home","value":"b@home.test"}]}"#,
            #"{"op":"replace","value":{"name":{"givenName":"Barbara"},"active":true,"id":"2"}}"#,
            #"{"op":"add","path":"emails[type eq \"work\"].value","value":"b@work.test"}"#,
            #"{"op":"replace","path":"\#(Self.enterprise)","value":{"manager":{"value":"7"}}}"#,
        ]
        let new = try Self.patched(operations.joined(separator: ",")).resource
        #expect(JSONValue.object(new.object).serialized == Self.person.serialized)
    }

    @Test("An immutable attribute is set once")
    func immutable() throws {
        let schema = SchemaDocument(
            id: "urn:example:Thing", name: "Thing",
            attributes: [
                SchemaAttribute("serial", mutability: .immutable), SchemaAttribute("tags", isMultiValued: true),
                SchemaAttribute(
                    "part", .complex, subAttributes: [SchemaAttribute("code", mutability: .immutable), SchemaAttribute("note")]),
            ])
        let type = ResourceType(name: "Thing", endpoint: "/Things", schema: schema)
        let thing: JSONValue = ["schemas": ["urn:example:Thing"], "id": "1", "tags": ["Red", "blue"]]
        func patched(_ json: String) throws -> JSONObject { try Self.patched(json, type: type, of: thing).resource.object }
        let set = #"{"op":"add","path":"serial","value":"A"},{"op":"add","path":"part.code","value":"C"}"#
        #expect(try patched(set)["serial"] == "A")
        #expect(
            try patched(set + #",{"op":"replace","path":"serial","value":"A"},{"op":"add","path":"part.note","value":"n"}"#)["part"] == [
                "code": "C", "note": "n",
            ])
        for more in [
            #"{"op":"replace","path":"serial","value":"a"}"#, #"{"op":"remove","path":"serial"}"#,
            #"{"op":"replace","value":{"serial":"B"}}"#,
            #"{"op":"replace","path":"part","value":{"code":"D"}}"#, #"{"op":"remove","path":"part.code"}"#,
        ] {
            let error = try #require(throws: SCIMError.self, "\(more)") { try patched(set + "," + more) }
            #expect(error.kind == .mutability)
        }
        // Lists of plain values.
        #expect(try patched(#"{"op":"add","path":"tags","value":["RED","green"]}"#)["tags"] == ["Red", "blue", "green"])
        #expect(try patched(#"{"op":"remove","path":"tags","value":["red"]}"#)["tags"] == ["blue"])
        #expect(try patched(#"{"op":"remove","path":"tags[value eq \"RED\"]"}"#)["tags"] == ["blue"])
        #expect(try patched(#"{"op":"replace","path":"tags[value sw \"b\"]","value":"black"}"#)["tags"] == ["Red", "black"])
        #expect(try patched(#"{"op":"add","path":"tags[value eq \"x\"]","value":"x"}"#)["tags"] == ["Red", "blue", "x"])
    }

    @Test("A PUT of the same keeps members in order")
    func put() throws {
        let resource = Resource(filterObject(["schemas": [.string(GroupResource.schema)], "id": "1", "displayName": "G"]))
        func members(_ list: [Reference]?) throws -> [MembershipChange] {
            try ResourceChange.replace(resource, members: list).applied(to: resource, type: .group).members
        }
        #expect(try members(nil) == [])
        #expect(try members([]) == [.removeAll])
        #expect(try members([Reference("2"), Reference("1")]) == [.replaceAll([Reference("2"), Reference("1")])])
    }

    @Test("Work has a limit: it grows with operations times values")
    func workLimit() throws {
        let emails = JSONValue.array((0..<3000).map { ["value": .string("a\($0)@x.test")] })
        let value: JSONValue = ["schemas": [.string(UserResource.schema)], "id": "1", "userName": "b", "emails": emails]
        func remove(_ comparisons: Int) -> String {
            let filter = Array(repeating: #"value eq \"x\""#, count: comparisons).joined(separator: " or ")
            return #"{"op":"remove","path":"emails[\#(filter)]"}"#
        }
        _ = try Self.patched(remove(10), of: value)
        let error = try #require(throws: SCIMError.self) { try Self.patched(remove(500), of: value) }
        #expect(error.status == 413)
    }
}
