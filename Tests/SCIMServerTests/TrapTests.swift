import HTTPTypes
import SCIM
import SCIMServer
import Testing

/// What identity providers and other people's servers stumble over, seen from the wire.
@Suite struct TrapTests {
    private static let enterprise = UserResource.enterpriseSchema

    private func desk(_ more: JSONObject = [:]) async throws -> Desk {
        let desk = Desk()
        try await desk.makeUser("anna", more)
        return desk
    }

    private func patch(_ desk: Desk, _ operations: JSONValue..., path: String = "/Users/user-1") async throws -> Reply {
        let reply = try await desk.send(
            "PATCH \(path)",
            ["schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": .array(operations)])
        return reply
    }

    private func find(_ desk: Desk, _ filter: String, _ endpoint: String = "/Users") async throws -> Reply {
        let encoded = filter.utf8.map { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"):
                String(Unicode.Scalar(byte))
            default: "%" + String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
            }
        }
        return try await desk.send("GET \(endpoint)?filter=\(encoded.joined())")
    }

    @Test("1: verbs, names, operators and URNs in any letter case; ids as they are")
    func letterCase() async throws {
        let desk = try await desk(["externalId": "Ext"])
        #expect(try await patch(desk, ["OP": "REPLACE", "Path": "NAME.familyname", "VALUE": "B"])["name"] == ["familyName": "B"])
        for filter in [#"USERNAME EQ "ANNA""#, #"urn:IETF:params:scim:schemas:core:2.0:USER:userName Eq "Anna""#, #"externalId eq "Ext""#] {
            #expect(try await find(desk, filter).names == ["anna"], "\(filter)")
        }
        #expect(try await find(desk, #"externalId eq "ext""#).names == [])
        #expect(try await find(desk, #"id eq "USER-1""#).names == [])
        #expect(try await desk.send("GET /Users/USER-1").status == 404)
    }

    @Test("2: Booleans as strings")
    func booleans() async throws {
        let desk = try await desk(["active": "False", "emails": [["value": "a@x", "primary": "true"]]])
        #expect(try await find(desk, #"active eq "False""#).resources[0]["active"] == false)
        #expect(try await find(desk, "emails[primary eq true]").names == ["anna"])
        #expect(try await patch(desk, ["op": "Replace", "value": ["active": "True"]])["active"] == true)
        #expect(
            try await desk.send("PUT /Users/user-1", ["schemas": [.string(UserResource.schema)], "userName": "anna", "active": "false"])[
                "active"]
                == false)
    }

    @Test("3: add on brackets that match nothing makes the element; replace is noTarget")
    func brackets() async throws {
        let desk = try await desk()
        #expect(
            try await patch(desk, ["op": "Add", "path": #"emails[type eq "work"].value"#, "value": "a@x"])["emails"]
                == [["type": "work", "value": "a@x"]])
        let reply = try await patch(desk, ["op": "replace", "path": #"emails[type eq "home"].value"#, "value": "b@x"])
        #expect(reply.status == 400)
        #expect(reply.kind == "noTarget")
    }

    @Test("4: removal of members by value list, by filter, of all, and of nobody")
    func members() async throws {
        let desk = Desk()
        let ids = [try await desk.makeUser("a"), try await desk.makeUser("b"), try await desk.makeUser("c")]
        let group = "/Groups/" + (try await desk.makeGroup("g", ids))
        func members(_ reply: Reply) -> [String] { reply["members"]?.array?.compactMap { $0.object?["value"]?.text } ?? [] }
        #expect(
            members(try await patch(desk, ["op": "Remove", "path": "members", "value": [["value": .string(ids[0])]]], path: group))
                == [ids[1], ids[2]])
        #expect(members(try await patch(desk, ["op": "remove", "path": #"members[value eq "nobody"]"#], path: group)) == [ids[1], ids[2]])
        #expect(
            members(try await patch(desk, ["op": "remove", "path": .string("members[value eq \"\(ids[1])\"]")], path: group)) == [ids[2]])
        #expect(
            members(
                try await patch(
                    desk, ["op": "remove", "path": .string("members[value eq \"\(ids[2])\"]")],
                    ["op": "add", "path": "members", "value": [["value": .string(ids[0])], ["value": "nobody"]]], path: group)) == [ids[0]])
        #expect(try await patch(desk, ["op": "remove", "path": "members"], path: group)["members"] == nil)
        #expect(try await patch(desk, ["op": "replace", "path": "members", "value": []], path: group).status == 200)
    }

    @Test("5: adding what is there changes neither version nor date")
    func sameAgain() async throws {
        let desk = Desk()
        let id = try await desk.makeUser("a")
        let group = "/Groups/" + (try await desk.makeGroup("g", [id]))
        let before = try await desk.send("GET \(group)")
        let after = try await patch(desk, ["op": "add", "path": "members", "value": [["value": .string(id)]]], path: group)
        #expect(after.json == before.json)
        #expect(after.headers[.eTag] == before.headers[.eTag])
    }

    @Test("6: id, meta and groups in values are ignored; a path to them is mutability")
    func readOnly() async throws {
        let desk = try await desk()
        let reply = try await patch(
            desk, ["op": "replace", "value": ["id": "x", "meta": ["version": "9"], "groups": [["value": "g"]], "title": "T"]])
        #expect(reply["id"] == "user-1")
        #expect(reply["groups"] == nil)
        #expect(reply["title"] == "T")
        for path in ["id", "meta.version", "groups"] as [JSONValue] {
            let refused = try await patch(desk, ["op": "replace", "path": path, "value": "x"])
            #expect(refused.status == 400)
            #expect(refused.kind == "mutability")
        }
    }

    @Test("7: values without a path: nested, dotted and with URNs")
    func pathless() async throws {
        let desk = try await desk(["name": ["givenName": "Anna"]])
        let reply = try await patch(
            desk,
            [
                "op": "replace",
                "value": [
                    "name": ["familyName": "B"], "name.middleName": "C", "\(Self.enterprise):employeeNumber": "1",
                    "\(Self.enterprise)": ["department": "IT"],
                ],
            ])
        #expect(reply["name"]?.object?["givenName"] == "Anna")
        #expect(reply["name"]?.object?["familyName"] == "B")
        #expect(reply["name"]?.object?["middleName"] == "C")
        #expect(reply[Self.enterprise]?.object?["employeeNumber"] == "1")
        #expect(reply[Self.enterprise]?.object?["department"] == "IT")
    }

    @Test("8: URNs with dots and colons are split where they end")
    func urns() async throws {
        let desk = try await desk()
        let reply = try await patch(desk, ["op": "add", "path": .string("\(Self.enterprise):manager.value"), "value": "user-1"])
        #expect(reply[Self.enterprise]?.object?["manager"]?.object?["value"] == "user-1")
        #expect(try await find(desk, #"\#(Self.enterprise):manager.value eq "user-1""#).names == ["anna"])
        let shown = try await desk.send("GET /Users/user-1?attributes=\(Self.enterprise):manager.value")
        #expect(shown[Self.enterprise] == ["manager": ["value": "user-1"]])
    }

    @Test("9: PUT clears what is missing, and disables nobody")
    func put() async throws {
        let desk = try await desk(["active": true, "title": "T"])
        let before = try await desk.send("GET /Users/user-1")
        let reply = try await desk.send(
            "PUT /Users/user-1",
            ["schemas": [.string(UserResource.schema)], "id": "x", "userName": "anna", "meta": ["created": "2000-01-01T00:00:00Z"]])
        #expect(reply["active"] == true)
        #expect(reply["title"] == nil)
        #expect(reply["id"] == "user-1")
        #expect(reply["meta"]?.object?["created"] == before["meta"]?.object?["created"])
    }

    @Test("10: null, blank and empty are unassigned")
    func unassigned() async throws {
        let desk = try await desk(["title": "", "nickName": .null, "emails": [], "name": [:], "displayName": "D"])
        let read = try await desk.send("GET /Users/user-1")
        #expect(read.json?.members.map(\.name).sorted() == ["displayName", "id", "meta", "schemas", "userName"])
        #expect(try await find(desk, "title pr or emails pr or name pr").names == [])
        #expect(try await patch(desk, ["op": "Replace", "path": "displayName", "value": ""])["displayName"] == nil)
        #expect(try await patch(desk, ["op": "Replace", "path": "title", "value": .null])["title"] == nil)
    }

    @Test("11: nobody found is an empty list; a filter that cannot be read is none")
    func lookUps() async throws {
        let desk = try await desk()
        let none = try await desk.send("GET /Users?filter=userName+eq+%227f6b7a52-0000-4000-8000-000000000000%22")
        #expect(none.status == 200)
        #expect(none.number("totalResults") == "0")
        #expect(none["Resources"] == [])
        for filter in [
            "userName eq", #"userName = "anna""#, #"userName eq 'anna'"#, #"(userName eq "anna""#, #"nobody eq "x""#, "userName eq 1",
        ] {
            let reply = try await find(desk, filter)
            #expect(reply.status == 400, "\(filter)")
            #expect(reply.kind == "invalidFilter")
        }
    }

    @Test("12: errors have the SCIM form everywhere, a string for the status")
    func errors() async throws {
        let desk = try await desk()
        var replies = [try Reply(.unauthorized("No token.")), try Reply(.refusal(SCIMError(429, nil, "Later.", retryAfter: 1)))]
        for line in ["GET /Nothing", "PUT /Users", "GET /Users/2", "GET /Users?filter=x"] { replies.append(try await desk.send(line)) }
        replies.append(try await desk.send("POST /Users", bytes: [0x7B]))
        replies.append(try await desk.send("POST /Users", bytes: [0x7B, 0x7D], headers: [.contentType: "text/plain"]))
        replies.append(try await desk.send("POST /Users", bytes: Array(repeating: 0x20, count: 2 << 20)))
        await desk.provider.fail(with: MemoryProvider.Broken())
        replies.append(try await desk.send("GET /Users/1"))
        // The form itself is looked at in `Reply`.
        #expect(replies.map(\.status) == [401, 429, 404, 405, 404, 400, 400, 415, 413, 500])
        #expect(replies.allSatisfy { $0.json != nil })
    }

    @Test("13: 409 uniqueness for POST, PUT and PATCH, in any letter case")
    func uniqueness() async throws {
        let desk = try await desk()
        try await desk.makeUser("bert")
        let body: JSONValue = ["schemas": [.string(UserResource.schema)], "userName": "ANNA"]
        for reply in [
            try await desk.send("POST /Users", body), try await desk.send("PUT /Users/user-2", body),
            try await patch(desk, ["op": "replace", "path": "userName", "value": "Anna"], path: "/Users/user-2"),
        ] {
            #expect(reply.status == 409)
            #expect(reply.kind == "uniqueness")
        }
        #expect(try await desk.send("PUT /Users/user-1", body)["userName"] == "ANNA")
    }

    @Test("14: excludedAttributes=members loads no members")
    func membersAreNotLoaded() async throws {
        let desk = Desk()
        try await desk.makeGroup("g")
        await desk.provider.forget()
        try await desk.send("GET /Groups/group-1?excludedAttributes=members")
        try await desk.send("GET /Groups?excludedAttributes=members&filter=displayName+eq+%22g%22")
        try await desk.send("GET /Groups?attributes=displayName")
        #expect(await desk.provider.wants.map(\.members) == [.none])
        #expect(await desk.provider.searches.map(\.wanted.members) == [.none, .none])
    }

    @Test("15: both media types in, one out")
    func mediaTypes() async throws {
        let desk = Desk()
        for (index, type) in ["application/json", "application/scim+json", "application/json; charset=utf-8"].enumerated() {
            let reply = try await desk.send(
                "POST /Users", ["schemas": [.string(UserResource.schema)], "userName": .string("u\(index)")],
                headers: [.contentType: type, .accept: "application/json"])
            #expect(reply.status == 201)
            #expect(reply.headers[.contentType] == "application/scim+json")
        }
    }

    @Test("16: who is disabled stays to be seen; who is deleted leaves groups and name")
    func deletion() async throws {
        let desk = try await desk()
        try await desk.makeGroup("g", ["user-1"])
        #expect(try await patch(desk, ["op": "replace", "value": ["active": false]])["active"] == false)
        #expect(try await find(desk, #"userName eq "anna""#).names == ["anna"])
        #expect(try await desk.send("DELETE /Users/user-1").status == 204)
        #expect(try await desk.send("DELETE /Users/user-1").status == 404)
        #expect(try await desk.send("GET /Groups/group-2")["members"] == nil)
        try await desk.makeUser("anna")
    }

    @Test("17: whole numbers, and pages at every edge")
    func pages() async throws {
        let desk = Desk()
        for index in 0..<11 { try await desk.makeUser("u\(index)") }
        var seen: [String] = []
        for start in [1, 6, 11] {
            let page = try await desk.send("GET /Users?startIndex=\(start)&count=5")
            #expect(page.number("totalResults") == "11")
            #expect(page.number("startIndex") == String(start))
            #expect(page.number("itemsPerPage") == String(page.names.count))
            seen += page.names
        }
        #expect(seen == (0..<11).map { "u\($0)" })
        #expect(try await desk.send("GET /Users?count=0").number("totalResults") == "11")
        #expect(try await desk.send("GET /Users?startIndex=0&count=-1").number("startIndex") == "1")
        #expect(try await desk.send("GET /Users?startIndex=12").names == [])
    }

    @Test("18: projections keep id, schemas and extensions, and hold for writes")
    func projections() async throws {
        let desk = Desk()
        let body: JSONValue = [
            "schemas": [.string(UserResource.schema), .string(Self.enterprise)], "userName": "anna",
            "emails": [["value": "a@x", "type": "work"]],
            "\(Self.enterprise)": ["department": "IT"],
        ]
        func names(_ reply: Reply) -> [String] { (reply.json?.members ?? []).map(\.name).sorted() }
        #expect(names(try await desk.send("POST /Users?attributes=emails.value", body)) == ["emails", "id", "schemas"])
        #expect(
            names(try await desk.send("GET /Users/user-1?excludedAttributes=id,schemas,meta")) == [
                "emails", "id", "schemas", Self.enterprise, "userName",
            ])
        #expect(names(try await desk.send("GET /Users/user-1?attributes=\(Self.enterprise)")) == ["id", "schemas", Self.enterprise])
        #expect(names(try await desk.send("PUT /Users/user-1?attributes=emails", body)) == ["emails", "id", "schemas"])
    }

    @Test("19: a PATCH is carried out whole or not at all")
    func atomic() async throws {
        let desk = try await desk()
        let before = try await desk.send("GET /Users/user-1")
        var operations = (0..<9).map { ["op": "add", "path": "title", "value": .string("\($0)")] as JSONValue }
        operations.append(["op": "replace", "path": "id", "value": "x"])
        let reply = try await desk.send(
            "PATCH /Users/user-1", ["schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": .array(operations)])
        #expect(reply.status == 400)
        #expect(try await desk.send("GET /Users/user-1").bytes == before.bytes)
    }

    @Test("20: a new primary value demotes the old one")
    func primary() async throws {
        let desk = try await desk(["emails": [["value": "a@x", "primary": true], ["value": "b@x", "primary": true]]])
        func primaries(_ reply: Reply) -> [String] {
            reply["emails"]?.array?.compactMap { $0.object?["primary"] == true ? $0.object?["value"]?.text : nil } ?? []
        }
        #expect(primaries(try await desk.send("GET /Users/user-1")).count == 1)
        #expect(
            primaries(try await patch(desk, ["op": "add", "path": "emails", "value": [["value": "c@x", "primary": true]]])) == ["c@x"])
    }

    @Test("21: a manager as a string, an object, a list, blank and null")
    func manager() async throws {
        let desk = try await desk()
        func manager(_ value: JSONValue) async throws -> JSONValue? {
            try await patch(desk, ["op": "Add", "path": .string("\(Self.enterprise):manager"), "value": value])[Self.enterprise]?.object?[
                "manager"]?
                .object?[
                    "value"]
        }
        #expect(try await manager("user-1") == "user-1")
        #expect(try await manager(["value": "m2"]) == "m2")
        #expect(try await manager([["$ref": "../Users/m3", "value": "m3"]]) == "m3")
        #expect(try await find(desk, #"id eq "user-1" and manager eq "m3""#).names == ["anna"])
        #expect(try await manager("") == nil)
        #expect(try await manager("m4") == "m4")
        #expect(try await manager(.null) == nil)
    }

    @Test("23: ETags in every spelling; 412 before anything happens, 304 without a body")
    func versions() async throws {
        let desk = try await desk()
        let change = Desk.patch(["op": "replace", "path": "title", "value": "T"])
        #expect(try await desk.send("PATCH /Users/user-1", change, headers: [.ifMatch: #"W/"7""#]).status == 412)
        #expect(try await desk.send("GET /Users/user-1")["title"] == nil)
        for tag in [#"W/"1""#, #""2""#, "2", "*"] {
            #expect(try await desk.send("PATCH /Users/user-1", change, headers: [.ifMatch: tag]).status == 200, "\(tag)")
        }
        let same = try await desk.send("GET /Users/user-1", headers: [.ifNoneMatch: #"W/"2""#])
        #expect(same.status == 304)
        #expect(same.bytes.isEmpty)
    }

    @Test("24: locations are absolute and what the proxy says")
    func locations() async throws {
        let desk = try await desk()
        let base = BaseURL.resolve(
            configured: nil,
            headers: [
                try #require(HTTPField.Name("X-Forwarded-Host")): "idm.example", try #require(HTTPField.Name("X-Forwarded-Proto")): "https",
            ],
            scheme: "http", authority: "10.0.0.1:8080", path: "/scim/v2", trustsProxy: true)
        let reply = try await desk.send("GET /Users/user-1", base: base)
        #expect(reply.headers[.location] == "https://idm.example/scim/v2/Users/user-1")
        #expect(reply["meta"]?.object?["location"]?.text == reply.headers[.location])
    }

    @Test("26: a password is never shown, found or kept")
    func password() async throws {
        let desk = try await desk(["password": "s3cret"])
        for line in ["GET /Users/user-1", "GET /Users/user-1?attributes=password", "GET /Users", "GET /Schemas"] {
            #expect(!String(decoding: try await desk.send(line).bytes, as: UTF8.self).contains("s3cret"))
        }
        let patched = try await patch(desk, ["op": "replace", "path": "password", "value": "other"])
        #expect(patched.status == 200)
        #expect(patched["password"] == nil)
        #expect(try await find(desk, "password pr").kind == "invalidFilter")
        #expect(try await desk.send("GET /Users?sortBy=password").status == 400)
    }

    @Test("27: what /Schemas announces is kept and returned as it was sent")
    func announced() async throws {
        let desk = Desk()
        let sent: JSONObject = [
            "phoneNumbers": [["value": "+1 (555) 0100-x", "type": "work"]], "locale": "en-us", "preferredLanguage": "EN",
            "timezone": "Europe/Berlin",
            "profileUrl": "HTTP://example.com/Ä", "x509Certificates": [["value": "MIIB"]], "ims": [["value": "n", "type": "Skype"]],
            "photos": [["value": "https://x/1.png"]], "entitlements": [["value": "e"]], "roles": [["value": "r", "display": "R"]],
            "addresses": [["streetAddress": "1\n2", "postalCode": "01234", "country": "DE", "type": "work"]],
        ]
        try await desk.makeUser("anna", sent)
        let read = try await desk.send("GET /Users/user-1")
        for member in sent.members { #expect(read[member.name] == member.value, "\(member.name)") }
    }

    @Test("28: literals with escapes, dates as instants, and before or, limits")
    func literals() async throws {
        let desk = try await desk(["displayName": "a\"\\ü"])
        for filter in [
            #"displayName eq "a\"\\\u00fc""#, #"userName eq "x" and title pr or displayName pr"#,
            #"meta.created eq "2023-11-14T23:13:20+01:00""#,
            #"not (userName eq "x")"#,
        ] {
            #expect(try await find(desk, filter).names == ["anna"], "\(filter)")
        }
        for filter in [String(repeating: "(", count: 1_000) + "id pr", String(repeating: "id pr or ", count: 1_500) + "id pr"] {
            let reply = try await desk.send(
                "POST /.search", ["schemas": [.string("urn:ietf:params:scim:api:messages:2.0:SearchRequest")], "filter": .string(filter)])
            #expect(reply.kind == "invalidFilter")
        }
    }

    @Test("29: any element matches a dotted name; one element must match all in brackets")
    func elements() async throws {
        let desk = try await desk(["emails": [["value": "a@x", "type": "work"], ["value": "b@y", "type": "home"]]])
        for filter in [#"emails.value eq "b@y""#, #"emails co "@x""#, #"emails[type eq "work" and value eq "a@x"]"#] {
            #expect(try await find(desk, filter).names == ["anna"], "\(filter)")
        }
        #expect(try await find(desk, #"emails[type eq "work" and value eq "b@y"]"#).names == [])
        #expect(try await find(desk, #"emails.type eq "work" and emails.value eq "b@y""#).names == ["anna"])
    }
}
