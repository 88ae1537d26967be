import SCIM
import Testing

/// The traps that identity providers lay for a service provider, as far as they lie in the pure core. The numbers are the same in all test targets.
@Suite struct TrapTests {
    private static let ann = #"{"userName":"Ann@Example.com","externalId":"Ext","active":true,"title":"Dr"}"#

    @Test func trap01_namesAndVerbsInAnyLetterCase() throws {
        let ann = try Trap.user(#"{"USERNAME":"Ann@Example.com","externalid":"Ext","NAME":{"GIVENNAME":"Ann"}}"#)
        #expect(ann.object["name"] == ["givenName": "Ann"])
        let patched = try Trap.patch(ann, #"{"Op":"REPLACE","PATH":"Name.GIVENname","VALUE":"Bea"}"#)
        #expect(patched.resource.object["name"] == ["givenName": "Bea"])
        for filter in [
            #"USERNAME EQ "ann@example.COM""#, #"userName Sw "ANN""#,
            #"urn:IETF:params:scim:schemas:Core:2.0:USER:username eq "ann@example.com""#,
            #"externalId eq "Ext""#, #"id eq "1""#, #"NOT (externalId eq "ext")"#, #"name.givenname PR"#,
        ] {
            #expect(try Trap.matches(ann, filter), "\(filter)")
        }
        #expect(try !Trap.matches(ann, #"externalId eq "ext""#))
        let other = try Trap.user(#"{"userName":"a"}"#, id: "aB")
        #expect(try !Trap.matches(other, #"id eq "ab""#))
    }

    @Test func trap02_booleansAsStrings() throws {
        var ann = try Trap.user(#"{"userName":"ann","active":"False","emails":[{"type":"work","value":"a@x","primary":"True"}]}"#)
        #expect(ann.object["active"] == false)
        #expect(ann.object["emails"]?.array?.first?.object?["primary"] == true)
        #expect(try Trap.matches(ann, #"active eq "False""#))
        #expect(try Trap.matches(ann, #"emails[primary eq "True" and type eq "work"]"#))
        ann = try Trap.put(ann, #"{"userName":"ann","active":"True","emails":[{"type":"work","value":"a@x","primary":"True"}]}"#)
        #expect(ann.object["active"] == true)
        ann = try Trap.patch(ann, #"{"op":"Replace","path":"active","value":"False"}"#).resource
        #expect(ann.object["active"] == false)
        ann = try Trap.patch(ann, #"{"op":"replace","value":{"active":"True"}}"#).resource
        #expect(ann.object["active"] == true)
        ann = try Trap.patch(ann, #"{"op":"replace","path":"emails[primary eq \"True\"].value","value":"b@x"}"#).resource
        #expect(ann.object["emails"]?.array?.first?.object?["value"] == "b@x")
    }

    @Test func trap03_addOnAPathThatMatchesNothingMakesTheElement() throws {
        let ann = try Trap.user(Self.ann)
        let added = try Trap.patch(ann, #"{"op":"Add","path":"emails[type eq \"work\"].value","value":"a@x"}"#)
        #expect(try Trap.matches(added.resource, #"emails[type eq "work" and value eq "a@x"]"#))
        let replace = #"{"op":"Replace","path":"addresses[type eq \"work\"].postalCode","value":"53111"}"#
        #expect(Trap.refusal { _ = try Trap.patch(ann, replace) }?.kind == .noTarget)
        let entra = try Trap.patch(ann, replace, .user, QuirkClient(setting: .entra))
        #expect(try Trap.matches(entra.resource, #"addresses[type eq "work" and postalCode eq "53111"]"#))
    }

    @Test func trap04_removeOfMembersTakesOutThoseThatAreNamed() throws {
        var group = Resource()
        group.id = "g"
        group.object["displayName"] = "g"
        func changes(_ operation: String) throws -> [MembershipChange] { try Trap.patch(group, operation, .group).members }
        #expect(try changes(#"{"op":"Remove","path":"members","value":[{"value":"1"},{"value":"2"}]}"#) == [.remove(["1", "2"])])
        #expect(try changes(#"{"op":"remove","path":"members","value":["1"]}"#) == [.remove(["1"])])
        #expect(try changes(#"{"op":"remove","path":"members"}"#) == [.removeAll])
        #expect(try changes(#"{"op":"replace","path":"members","value":[]}"#) == [.removeAll])
        for blank in [#"[{"value":""}]"#, #"[""]"#, #""""#] {
            let changes = try? changes(#"{"op":"remove","path":"members","value":\#(blank)}"#)
            #expect(changes?.contains(.removeAll) != true, "nobody is named, and nobody goes")
        }
        #expect(try changes(#"{"op":"remove","path":"members","value":[]}"#) == [])
        #expect(try changes(#"{"op":"remove","path":"members[value eq \"1\"]"}"#) == [.remove(["1"])])
    }

    @Test func trap05_addingWhatIsThereChangesNothing() throws {
        let ann = try Trap.user(
            #"{"userName":"ann","emails":[{"value":"a@x","type":"work","primary":true}],"ENT":{"manager":{"value":"7"}}}"#)
        for operation in [
            #"{"op":"add","path":"emails","value":[{"value":"a@x","type":"work","primary":true}]}"#,
            #"{"op":"add","value":{"userName":"ann","emails":[{"type":"work","primary":true,"value":"a@x"}]}}"#,
            #"{"op":"replace","path":"userName","value":"ann"}"#, #"{"op":"Replace","path":"ENT:manager","value":"7"}"#,
            #"{"op":"remove","path":"title"}"#, #"{"op":"add","path":"emails[type eq \"work\"].value","value":"a@x"}"#,
        ] {
            #expect(try Trap.text(Trap.patch(ann, operation).resource) == Trap.text(ann), "\(operation)")
        }
    }

    @Test func trap06_readOnlyAttributesAreIgnoredButNotInPaths() throws {
        let readOnly = #""id":"99","meta":{"resourceType":"X"},"groups":[{"value":"g"}],"#
        let ann = try Trap.user("{\(readOnly)" + #""userName":"ann"}"#)
        #expect(ann.id == "1")
        #expect(ann.object["meta"] == nil)
        #expect(ann.object["groups"] == nil)
        #expect(try Trap.text(Trap.put(ann, "{\(readOnly)" + #""userName":"ann"}"#)) == Trap.text(ann))
        #expect(try Trap.user(#"{"id":null,"userName":"ann"}"#) == ann)
        for client in [QuirkClient(), QuirkClient(isStrict: true)] {
            let patched = try Trap.patch(ann, #"{"op":"replace","value":{\#(readOnly)"title":"Dr"}}"#, .user, client)
            #expect(patched.resource.id == "1")
            #expect(patched.resource.object["title"] == "Dr")
            #expect(patched.resource.object["groups"] == nil)
        }
        for path in ["id", "meta", "meta.created", "groups", #"groups[value eq \"g\"]"#] {
            let error = Trap.refusal { _ = try Trap.patch(ann, #"{"op":"replace","path":"\#(path)","value":"x"}"#) }
            #expect(error?.status == 400, "\(path)")
            #expect(error?.kind == .mutability, "\(path)")
        }
    }

    @Test func trap07_valuesWithoutAPathMergeByTheirNames() throws {
        let ann = try Trap.user(#"{"userName":"ann","name":{"familyName":"A","givenName":"B"},"ENT":{"division":"D"}}"#)
        let patched = try Trap.patch(
            ann,
            #"{"op":"replace","value":{"name":{"givenName":"C"},"name.middleName":"M","ENT:department":"IT","ENT":{"costCenter":"1"}}}"#)
        #expect(try Trap.matches(patched.resource, #"name.familyName eq "A" and name.givenName eq "C" and name.middleName eq "M""#))
        #expect(try Trap.matches(patched.resource, #"ENT:division eq "D" and ENT:department eq "IT" and ENT:costCenter eq "1""#))
        #expect(patched.resource.object["schemas"] == [.string(Trap.core), .string(Trap.enterprise)])
    }

    @Test func trap08_urnsAreSplitWhereTheSchemaEnds() throws {
        let ann = try Trap.user(#"{"userName":"ann","ENT":{"manager":{"value":"7"},"department":"IT"}}"#)
        for (path, rest) in [("department", "IT"), ("manager.value", "7")] {
            #expect(try Trap.matches(ann, #"ENT:\#(path) eq "\#(rest)""#))
            let removed = try Trap.patch(ann, #"{"op":"remove","path":"ENT:\#(path)"}"#).resource
            #expect(try !Trap.matches(removed, "ENT:\(path) pr"), "\(path)")
        }
        #expect(try Trap.matches(ann, #"CORE:userName eq "ann""#))
        let removed = try Trap.patch(ann, #"{"op":"remove","path":"ENT"}"#).resource
        #expect(removed.object[Trap.enterprise] == nil)
        #expect(removed.object["schemas"] == [.string(Trap.core)])
    }

    @Test func trap09_putClearsWhatIsMissingButDisablesNobody() throws {
        let ann = try Trap.user(#"{"userName":"ann","active":true,"title":"Dr","ENT":{"department":"IT"}}"#)
        let replaced = try Trap.put(ann, #"{"userName":"bea"}"#)
        #expect(replaced.id == "1")
        #expect(replaced.object["title"] == nil)
        #expect(replaced.object[Trap.enterprise] == nil)
        #expect(replaced.object["schemas"] == [.string(Trap.core)])
        #expect(replaced.object["active"] == true)
        let disabled = try Trap.user(#"{"userName":"ann","active":false}"#)
        #expect(try Trap.put(disabled, #"{"userName":"ann"}"#).object["active"] == false)
        #expect(try Trap.put(disabled, #"{"userName":"ann","active":true}"#).object["active"] == true)
    }

    @Test func trap10_nullBlankAndEmptyAreUnassigned() throws {
        let ann = try Trap.user(
            #"{"userName":"ann","title":null,"nickName":"","emails":[],"name":{"givenName":""},"ENT":{"department":null,"manager":""}}"#)
        #expect(ann.object.members.map(\.name) == ["schemas", "id", "userName"])
        for name in ["title", "nickName", "emails", "name", "name.givenName", "ENT:department", "ENT:manager"] {
            #expect(try !Trap.matches(ann, "\(name) pr"), "\(name)")
        }
        let full = try Trap.user(#"{"userName":"ann","title":"Dr","emails":[{"value":"a"}],"name":{"givenName":"A"}}"#)
        for value in ["null", #""""#] {
            for path in ["title", "name.givenName"] {
                let patched = try Trap.patch(full, #"{"op":"Replace","path":"\#(path)","value":\#(value)}"#).resource
                #expect(try !Trap.matches(patched, "\(path) pr"), "\(path) \(value)")
            }
            let patched = try Trap.patch(full, #"{"op":"replace","value":{"title":\#(value),"emails":[]}}"#).resource
            #expect(patched.object["title"] == nil)
            #expect(patched.object["emails"] == nil)
        }
    }

    @Test func trap14_stepsForMembersAreAsLargeAsTheChange() throws {
        var group = Resource(JSONObject([("schemas", [.string(GroupResource.schema)]), ("displayName", "g")]))
        group.id = "g"
        let changed = try Trap.patch(
            group,
            #"""
            {"op":"remove","path":"members[value eq \"1\"]"},{"op":"remove","path":"members[value eq \"2\"]"},
            {"op":"add","path":"members","value":[{"value":"3"}]}
            """#, .group)
        #expect(changed.resource == group)
        #expect(changed.members == [.remove(["1", "2"]), .add([Reference("3")])])
        #expect(try Projection(attributes: [], excluded: ["members"], types: [.group]).wanted.members == Wanted.Members.none)
    }

    @Test func trap19_aPatchThatFailsChangesNothing() throws {
        let ann = try Trap.user(Self.ann)
        let good = (0..<9).map { #"{"op":"replace","path":"title","value":"\#($0)"}"# }.joined(separator: ",")
        #expect(try Trap.patch(ann, good).resource.object["title"] == "8")
        for bad in [
            #"{"op":"replace","path":"id","value":"2"}"#, #"{"op":"replace","path":"emails[type eq \"x\"].value","value":"y"}"#,
            #"{"op":"replace","path":"active","value":"perhaps"}"#, #"{"op":"replace","path":"userName","value":null}"#,
        ] {
            #expect(Trap.refusal { _ = try Trap.patch(ann, good + "," + bad) }?.status == 400, "\(bad)")
        }
    }

    @Test func trap20_aNewPrimaryDemotesTheOldOne() throws {
        func primaries(_ resource: Resource) -> [JSONValue?] {
            (resource.object["emails"]?.array ?? []).filter { $0.object?["primary"] == true }.map { $0.object?["value"] }
        }
        let both = #"[{"value":"a","primary":true},{"value":"b","primary":true}]"#
        let ann = try Trap.user(#"{"userName":"ann","emails":\#(both)}"#)
        #expect(primaries(ann).count == 1)
        #expect(try primaries(Trap.put(ann, #"{"userName":"ann","emails":\#(both)}"#)).count == 1)
        for operation in [
            #"{"op":"add","path":"emails","value":[{"value":"c","primary":true}]}"#,
            #"{"op":"add","path":"emails[type eq \"work\"]","value":{"value":"c","primary":"True"}}"#,
            #"{"op":"add","value":{"emails":[{"value":"c","primary":true}]}}"#,
        ] {
            #expect(try primaries(Trap.patch(ann, operation).resource) == ["c"], "\(operation)")
        }
        let other = try Trap.patch(ann, #"{"op":"replace","path":"emails[value eq \"a\"].primary","value":true}"#).resource
        #expect(primaries(other) == ["a"])
    }

    @Test func trap21_theManagerInAllItsForms() throws {
        for form in [#""7""#, #"{"value":"7"}"#, #"[{"value":"7","$ref":"../Users/7"}]"#, #"[{"$ref":"https://x/scim/v2/Users/7"}]"#] {
            let created = try Trap.user(#"{"userName":"ann","ENT":{"manager":\#(form)}}"#)
            let bare = try Trap.user(#"{"userName":"ann"}"#)
            let added = try Trap.patch(bare, #"{"op":"Add","path":"ENT:manager","value":\#(form)}"#).resource
            let merged = try Trap.patch(bare, #"{"op":"replace","value":{"ENT:manager":\#(form)}}"#).resource
            for resource in [created, added, merged] {
                #expect(resource.object[Trap.enterprise]?.object?["manager"]?.object?["value"] == "7", "\(form)")
                #expect(try Trap.matches(resource, #"ENT:manager.value eq "7" and manager eq "7""#))
                for gone in [#""""#, "null", "[]"] {
                    let removed = try Trap.patch(resource, #"{"op":"Replace","path":"ENT:manager","value":\#(gone)}"#).resource
                    #expect(removed.object[Trap.enterprise] == nil, "\(gone)")
                }
            }
        }
    }

    @Test func trap22_bulkReferences() throws {
        let request = try BulkRequest(
            .object(
                Trap.object(
                    #"""
                    {"schemas":["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],"failOnErrors":1,"Operations":[
                    {"method":"PATCH","path":"/Groups/bulkId:g","data":{"Operations":[{"op":"add","path":"members","value":[{"value":"bulkId:b"}]}]}},
                    {"method":"POST","path":"/Groups","bulkId":"g","data":{"displayName":"g","members":[{"value":"bulkId:a"}]}},
                    {"method":"POST","path":"/Users","bulkId":"a","data":{"userName":"a","ENT":{"manager":{"value":"bulkId:b"}}}},
                    {"method":"POST","path":"/Users","bulkId":"b","data":{"userName":"b","ENT":{"manager":{"value":"bulkId:a"}}}},
                    {"method":"DELETE","path":"/Users/bulkId:nobody"},
                    {"method":"DELETE","path":"/Users/1"}]}
                    """#)))
        var world = BulkWorld()
        let answer = world.carryOut(request)
        #expect(answer.map { $0["status"] } == ["200", "201", "201", "201", "400"])
        #expect(answer.last?["response"]?.object?["schemas"] == [.string(SCIMError.schema)])
        #expect(!world.trace.contains { $0.contains("bulkId:") })
        #expect(world.steps.filter { $0.purpose == .completion }.count == 1)
    }

    @Test func trap23_versionsAreChecked() {
        #expect(throws: Never.self) { try VersionCondition.any.check("1") }
        #expect(throws: Never.self) { try VersionCondition.exactly(["0", "1"]).check("1") }
        #expect(throws: SCIMError.versionMismatch) { try VersionCondition.exactly(["0"]).check("1") }
        #expect(throws: SCIMError.versionMismatch) { try VersionCondition.mustNotExist.check("1") }
        #expect(throws: SCIMError.versionMismatch) { try VersionCondition.noneOf(["1"]).check("1") }
        #expect(SCIMError.versionMismatch.status == 412)
    }

    @Test func trap26_passwordsAreNeitherKeptNorFilterable() throws {
        let ann = try Trap.user(#"{"userName":"ann","password":"secret"}"#)
        #expect(!Trap.text(ann).contains("secret"))
        #expect(try Trap.text(Trap.put(ann, #"{"userName":"ann","password":"secret"}"#)) == Trap.text(ann))
        for operation in [#"{"op":"replace","path":"password","value":"secret"}"#, #"{"op":"add","value":{"password":"secret"}}"#] {
            #expect(try Trap.text(Trap.patch(ann, operation).resource) == Trap.text(ann))
        }
        for filter in [#"password eq "secret""#, "password pr", #"password sw "s" or userName pr"#] {
            #expect(Trap.refusal { _ = try Trap.matches(ann, filter) }?.kind == .invalidFilter, "\(filter)")
        }
        let error = Trap.refusal { _ = try Trap.user(#"{"userName":"ann","password":{"very":"secret"}}"#) }
        #expect(error?.detail.contains("secret") == false)
    }

    @Test func trap27_whatIsAnnouncedIsKeptAsSent() throws {
        let sent = try Trap.object(
            #"{"userName":" Ann ","phoneNumbers":[{"value":"(555) 12-34 ext. 5","type":"work"}],"locale":"de-DE","timezone":"Europe/Berlin"}"#
        )
        var body = sent
        Quirks(QuirkClient()).rewrite(resource: &body, type: .user)
        let kept = try ResourceType.user.creation(body).resource
        for member in sent.members { #expect(kept.object[member.name] == member.value, "\(member.name)") }
        // One value for each attribute that may be written.
        body = JSONObject([("schemas", [.string(Trap.core)])])
        func value(_ attribute: SchemaAttribute) -> JSONValue? {
            if attribute.mutability == .readOnly || attribute.returned == .never { return nil }
            var value: JSONValue
            switch attribute.kind {
            case .boolean: value = true
            case .integer, .decimal: value = 7
            case .dateTime: value = "2026-11-24T02:00:00Z"
            case .binary: value = "AAEC"
            case .reference: value = "https://example.com/x"
            case .string: value = .string(attribute.canonicalValues.first ?? "Text with (signs)")
            case .complex:
                let members = attribute.subAttributes.compactMap { sub in value_(sub).map { (sub.name, $0) } }
                value = .object(JSONObject(members))
            }
            if attribute.isMultiValued { value = .array([value]) }
            return value
        }
        func value_(_ attribute: SchemaAttribute) -> JSONValue? { value(attribute) }
        for attribute in ResourceType.user.schema.attributes { body[attribute.name] = value(attribute) }
        body[Trap.enterprise] = .object(
            JSONObject(SchemaDocument.enterpriseUser.attributes.compactMap { attribute in value(attribute).map { (attribute.name, $0) } }))
        let all = try ResourceType.user.creation(body).resource
        for member in body.members where member.name != "schemas" { #expect(all.object[member.name] == member.value, "\(member.name)") }
    }
}
