import HTTPTypes
import SCIM
import SCIMServer
import Testing

@Suite struct ResourceRouteTests {
    @Test func createsAndReads() async throws {
        let desk = Desk()
        let made = try await desk.send(
            "POST /Users", ["schemas": [.string(UserResource.schema)], "userName": "anna", "id": "mine", "password": "s3cret"])
        #expect(made.status == 201)
        #expect(made.headers[.eTag] == #"W/"1""#)
        let location = Desk.base + "/Users/user-1"
        #expect(made.headers[.location] == location)
        #expect(made["id"] == "user-1")
        #expect(made["password"] == nil)
        #expect(made["meta"]?.object?["location"] == .string(location))
        #expect(made["meta"]?.object?["version"] == #"W/"1""#)

        let read = try await desk.send("GET /Users/user-1")
        #expect(read.status == 200)
        #expect(read.json == made.json)
        #expect(read.headers[.eTag] == #"W/"1""#)
        #expect(read.headers[.location] == location)

        let head = try await desk.send("HEAD /Users/user-1")
        #expect(head.status == 200)
        #expect(head.json == nil)
        #expect(head.headers == read.headers)
    }

    @Test func locationsFollowTheAddress() async throws {
        let desk = Desk()
        try await desk.makeUser("anna")
        for base in ["http://a:1/x", "https://b", "http://a:1/x"] {
            let reply = try await desk.send("GET /Users/user-1", base: base)
            #expect(reply.headers[.location] == base + "/Users/user-1")
            #expect(reply["meta"]?.object?["location"]?.text == base + "/Users/user-1")
            #expect(try await desk.send("GET /Users/user-1", base: base + "/").json == reply.json)
            #expect(
                try await desk.send("GET /Schemas", base: base).resources[0]["meta"]?.object?["location"]?.text?.hasPrefix(base) == true)
        }
    }

    @Test func replaces() async throws {
        let desk = Desk()
        try await desk.makeUser("anna", ["title": "Boss", "active": false])
        let reply = try await desk.send(
            "PUT /Users/user-1",
            [
                "schemas": [.string(UserResource.schema)], "id": "other", "userName": "anna", "nickName": "A", "groups": [],
                "meta": ["version": "9"],
            ])
        #expect(reply.status == 200)
        #expect(reply["id"] == "user-1")
        #expect(reply["title"] == nil)
        #expect(reply["active"] == false)
        #expect(reply["nickName"] == "A")
        #expect(reply.headers[.eTag] == #"W/"2""#)
        #expect(reply.headers[.location] == Desk.base + "/Users/user-1")
    }

    @Test func patches() async throws {
        let desk = Desk()
        try await desk.makeUser("anna")
        let reply = try await desk.send("PATCH /Users/user-1", Desk.patch(["op": "Replace", "path": "active", "value": "False"]))
        #expect(reply.status == 200)
        #expect(reply["active"] == false)
        #expect(reply.headers[.eTag] == #"W/"2""#)
        let again = try await desk.send("PATCH /Users/user-1", Desk.patch(["op": "replace", "path": "active", "value": false]))
        #expect(again.headers[.eTag] == #"W/"2""#)
    }

    @Test func patchesMaySayNothing() async throws {
        let desk = Desk { $0.patchAnswers = .nothing }
        try await desk.makeUser("anna")
        let patch = Desk.patch(["op": "replace", "path": "title", "value": "Boss"])
        let reply = try await desk.send("PATCH /Users/user-1", patch)
        #expect(reply.status == 204)
        #expect(reply.bytes.isEmpty)
        #expect(reply.headers[.eTag] == #"W/"2""#)
        #expect(reply.headers[.contentType] == nil)
        #expect(try await desk.send("PATCH /Users/user-1?attributes=title", patch)["title"] == "Boss")
        #expect(try await desk.send("PATCH /Users/user-1?excludedAttributes=title", patch)["userName"] == "anna")
        #expect(await desk.provider.wants.contains(Wanted(members: .none, groups: false)))
    }

    @Test func deletes() async throws {
        let desk = Desk()
        try await desk.makeUser("anna")
        let reply = try await desk.send("DELETE /Users/user-1")
        #expect(reply.status == 204)
        #expect(reply.bytes.isEmpty)
        #expect(reply.headers[.contentType] == nil)
        #expect(try await desk.send("DELETE /Users/user-1").status == 404)
        #expect(try await desk.send("GET /Users/user-1").status == 404)
        #expect(try await desk.send("PUT /Users/user-1", ["schemas": [.string(UserResource.schema)], "userName": "a"]).status == 404)
        #expect(try await desk.send("PATCH /Users/user-1", Desk.patch(["op": "remove", "path": "title"])).status == 404)
    }

    @Test func writeAnswersAreProjected() async throws {
        let desk = Desk()
        let body: JSONValue = ["schemas": [.string(UserResource.schema)], "userName": "anna", "title": "Boss", "nickName": "A"]
        func names(_ reply: Reply) -> [String] { (reply.json?.members ?? []).map(\.name).sorted() }
        #expect(names(try await desk.send("POST /Users?attributes=userName,title", body)) == ["id", "schemas", "title", "userName"])
        #expect(names(try await desk.send("PUT /Users/user-1?attributes=nickName", body)) == ["id", "nickName", "schemas"])
        #expect(
            names(try await desk.send("PATCH /Users/user-1?attributes=title", Desk.patch(["op": "remove", "path": "nickName"])))
                == ["id", "schemas", "title"])
        #expect(
            names(try await desk.send("GET /Users/user-1?excludedAttributes=meta,title")) == ["id", "schemas", "userName"])
        #expect(try await desk.send("GET /Users/user-1?attributes=title&excludedAttributes=title").status == 400)
    }

    @Test func groupsShowMembersWhereThereAreFew() async throws {
        let desk = Desk()
        var ids: [String] = []
        for index in 0..<101 { ids.append(try await desk.makeUser("user\(index)")) }
        let few = try await desk.makeGroup("few", Array(ids[..<99]))
        func count(_ reply: Reply) -> Int? { reply["members"]?.array?.count }
        func add(_ place: Int) -> JSONValue { Desk.patch(["op": "add", "path": "members", "value": [["value": .string(ids[place])]]]) }
        #expect(count(try await desk.send("PATCH /Groups/\(few)", add(99))) == 100)
        let many = try await desk.send("PATCH /Groups/\(few)", add(100))
        #expect(many.status == 200)
        #expect(many.json != nil && count(many) == nil)
        #expect(count(try await desk.send("PATCH /Groups/\(few)?attributes=members", add(0))) == 101)
        #expect(count(try await desk.send("GET /Groups/\(few)")) == 101)
        await desk.provider.forget()
        #expect(count(try await desk.send("GET /Groups/\(few)?excludedAttributes=members")) == nil)
        #expect(await desk.provider.wants.map(\.members) == [.none])
        #expect(count(try await desk.send("PATCH /Groups/\(few)?excludedAttributes=members", add(0))) == nil)
        #expect(await desk.provider.wants.map(\.members) == [.none, .none])
    }

    // MARK: Versions

    @Test(arguments: [
        (#"W/"1""#, 304), (#""1""#, 304), ("1", 304), ("*", 304), (#"W/"0", W/"1""#, 304), (#"W/"2""#, 200), (#"W/"1"#, 400),
    ])
    func readsWhatChanged(tag: String, status: Int) async throws {
        let desk = Desk()
        try await desk.makeUser("anna")
        let reply = try await desk.send("GET /Users/user-1", headers: [.ifNoneMatch: tag])
        #expect(reply.status == status)
        if status == 304 {
            #expect(reply.bytes.isEmpty)
            #expect(reply.headers[.eTag] == #"W/"1""#)
            #expect(reply.headers[.contentType] == nil)
        }
    }

    @Test(arguments: ["PUT", "PATCH", "DELETE", "GET"])
    func changesWhatIsMeant(method: String) async throws {
        let desk = Desk()
        try await desk.makeUser("anna")
        func send(_ headers: HTTPFields) async throws -> Reply {
            let body: JSONValue? =
                switch method {
                case "PUT": ["schemas": [.string(UserResource.schema)], "userName": "anna"]
                case "PATCH": Desk.patch(["op": "remove", "path": "title"])
                default: nil
                }
            return try await desk.send("\(method) /Users/user-1", body, headers: headers)
        }
        #expect(try await send([.ifMatch: #"W/"2""#]).status == 412)
        #expect(try await send([.ifMatch: #"""#]).status == 400)
        if method != "GET" {
            #expect(try await send([.ifNoneMatch: #"W/"1""#]).status == 412)
            #expect(try await send([.ifNoneMatch: "*"]).status == 412)
        }
        #expect(await desk.provider.ids == ["user-1"])
        #expect(try await send([.ifMatch: #""1""#]).status == (method == "DELETE" ? 204 : 200))
    }

    @Test func versionsMayBeDemanded() async throws {
        let desk = Desk { $0.requiresIfMatch = true }
        try await desk.makeUser("anna")
        let body: JSONValue = ["schemas": [.string(UserResource.schema)], "userName": "anna"]
        #expect(try await desk.send("PUT /Users/user-1", body).status == 428)
        #expect(try await desk.send("PATCH /Users/user-1", Desk.patch(["op": "remove", "path": "title"])).status == 428)
        #expect(try await desk.send("DELETE /Users/user-1").status == 428)
        #expect(try await desk.send("PUT /Users/user-1", body, headers: [.ifNoneMatch: #""7""#]).status == 428)
        #expect(try await desk.send("PUT /Users/user-1", body, headers: [.ifMatch: "*"]).status == 200)
        #expect(try await desk.send("GET /Users/user-1").status == 200)
        #expect(try await desk.send("DELETE /Users/user-1", headers: [.ifMatch: #"W/"1""#]).status == 204)
    }

    // MARK: Me

    @Test func meIsTheCaller() async throws {
        let desk = Desk()
        try await desk.makeUser("anna")
        let caller = SCIMCaller(tenant: "t", resource: (type: "User", id: "user-1"))
        let read = try await desk.send("GET /Me", caller: caller)
        #expect(read.status == 200)
        #expect(read.headers[.location] == Desk.base + "/Users/user-1")
        #expect(read.json == (try await desk.send("GET /Users/user-1")).json)
        #expect(try await desk.send("PATCH /Me", Desk.patch(["op": "add", "path": "title", "value": "B"]), caller: caller)["title"] == "B")
        #expect(
            try await desk.send("PUT /Me", ["schemas": [.string(UserResource.schema)], "userName": "anna"], caller: caller).status == 200)
        let post = try await desk.send("POST /Me", ["userName": "x"], caller: caller)
        #expect(post.status == 405)
        #expect(post.headers[.allow] == "GET, HEAD, PUT, PATCH, DELETE")
        #expect(try await desk.send("DELETE /Me", caller: caller).status == 204)
        #expect(try await desk.send("GET /Me", caller: caller).status == 404)
        #expect(try await desk.send("GET /Me").status == 404)
        #expect(try await desk.send("GET /Me", caller: SCIMCaller(tenant: "t", resource: (type: "Robot", id: "1"))).status == 404)
    }

    // MARK: Quirks

    @Test func clientsAreKnownByTheirHeaderOrToken() async throws {
        let patch = Desk.patch(["op": "Replace", "path": #"emails[type eq "work"].value"#, "value": "a@x"])
        let entra = "Microsoft Azure AD SCIM provisioning 1.2.3"
        let cases: [(HTTPFields, IdentityProvider?, Bool, Int)] = [
            ([:], nil, false, 400), ([.userAgent: "curl/8"], nil, false, 400), ([.userAgent: entra], nil, false, 200),
            ([:], .entra, false, 200),
            ([.userAgent: entra], .okta, false, 400), ([.userAgent: entra], nil, true, 400),
        ]
        for (headers, provider, isStrict, status) in cases {
            let desk = Desk { $0.isStrict = isStrict }
            try await desk.makeUser("anna")
            for _ in 0..<2 {
                let reply = try await desk.send(
                    "PATCH /Users/user-1", patch, headers: headers, caller: SCIMCaller(tenant: "t", provider: provider))
                #expect(reply.status == status, "\(headers) \(isStrict)")
                if status == 400 { #expect(reply.kind == "noTarget") }
            }
        }
    }

    @Test func strictIsASwitch() async throws {
        let body: JSONValue = ["userName": "anna", "active": "True"]
        #expect(try await Desk().send("POST /Users", body).status == 201)
        #expect(try await Desk { $0.isStrict = true }.send("POST /Users", body).status == 400)
    }
}
