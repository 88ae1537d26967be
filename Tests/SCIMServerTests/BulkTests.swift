import HTTPTypes
import SCIM
import SCIMServer
import Testing

@Suite struct BulkTests {
    private func message(_ operations: [JSONValue], failOnErrors: Int? = nil) -> JSONValue {
        var message: JSONObject = ["schemas": [.string(BulkRequest.schema)], "Operations": .array(operations)]
        if let failOnErrors { message["failOnErrors"] = .number(JSONNumber(failOnErrors)) }
        return .object(message)
    }

    private func user(_ name: String, manager: String? = nil) -> JSONValue {
        var data: JSONObject = ["schemas": [.string(UserResource.schema)], "userName": .string(name)]
        if let manager { data[UserResource.enterpriseSchema] = ["manager": ["value": .string("bulkId:\(manager)")]] }
        return ["method": "POST", "path": "/Users", "bulkId": .string(name), "data": .object(data)]
    }

    private func operations(_ reply: Reply) -> [JSONObject] { reply["Operations"]?.array?.compactMap(\.object) ?? [] }
    private func statuses(_ reply: Reply) -> [String] { operations(reply).map { $0["status"]?.text ?? "none" } }

    @Test("Trap 22: references ahead and in paths, statuses as strings") func doesAllKindsOfThings() async throws {
        let desk = Desk()
        try await desk.makeUser("old")
        try await desk.makeUser("gone")
        let reply = try await desk.send(
            "POST /Bulk",
            message([
                [
                    "method": "POST", "path": "/Groups", "bulkId": "g",
                    "data": ["schemas": [.string(GroupResource.schema)], "displayName": "g", "members": [["value": "bulkId:a"]]],
                ],
                user("a"),
                ["method": "PUT", "path": "/Users/user-1", "version": #"W/"1""#, "data": ["userName": "new"]],
                ["method": "PATCH", "path": "/Users/bulkId:a", "data": Desk.patch(["op": "Add", "path": "active", "value": "False"])],
                ["method": "delete", "path": "/Users/user-2", "version": "1"],
            ]))
        #expect(reply.status == 200)
        #expect(reply["schemas"] == ["urn:ietf:params:scim:api:messages:2.0:BulkResponse"])
        #expect(statuses(reply) == ["201", "201", "200", "200", "204"])
        #expect(
            operations(reply).map { $0["location"]?.text }
                == ["/Groups/group-4", "/Users/user-3", "/Users/user-1", "/Users/user-3", "/Users/user-2"].map { Desk.base + $0 })
        #expect(operations(reply).map { $0["version"]?.text } == [#"W/"1""#, #"W/"1""#, #"W/"2""#, #"W/"2""#, nil])
        #expect(operations(reply).map { $0["bulkId"]?.text } == ["g", "a", nil, nil, nil])
        #expect(operations(reply).allSatisfy { $0["response"] == nil })
        #expect(try await desk.send("GET /Groups/group-4")["members"]?.array?.compactMap { $0.object?["value"] } == ["user-3"])
        #expect(try await desk.send("GET /Users/user-3")["active"] == false)
        #expect(try await desk.send("GET /Users/user-1")["userName"] == "new")
        #expect(await desk.provider.ids == ["user-1", "user-3", "group-4"])
        #expect(await desk.provider.wants.prefix(2).allSatisfy { $0.members == .all })
        #expect(await desk.provider.wants[2...5].allSatisfy { $0 == Wanted(members: .none, groups: false) })
    }

    @Test("Trap 22: circles are closed") func circlesAreClosed() async throws {
        let desk = Desk()
        let reply = try await desk.send("POST /Bulk", message([user("a", manager: "b"), user("b", manager: "a")]))
        #expect(statuses(reply) == ["201", "201"])
        for (one, other) in [("user-1", "user-2"), ("user-2", "user-1")] {
            let manager = try await desk.send("GET /Users/\(one)")[UserResource.enterpriseSchema]?.object?["manager"]?.object
            #expect(manager?["value"]?.text == other)
        }
        let versions = operations(reply).map { $0["version"]?.text }
        #expect(versions.contains(#"W/"2""#))
    }

    @Test("Trap 22: errors stand in the response of their operation") func failuresStandByThemselves() async throws {
        let desk = Desk()
        try await desk.makeUser("anna")
        let operations: [JSONValue] = [
            user("ANNA"), user("b"), ["method": "DELETE", "path": "/Users/nobody"],
            ["method": "PATCH", "path": "/Users/user-1", "version": #"W/"7""#, "data": Desk.patch(["op": "remove", "path": "title"])],
            ["method": "PATCH", "path": "/Users/user-1", "version": #"W/"7"#, "data": Desk.patch(["op": "remove", "path": "title"])],
            ["method": "POST", "path": "/Nothing", "bulkId": "n", "data": [:]], ["method": "PUT", "path": "/Users", "data": [:]],
            ["method": "POST", "path": "/Users/user-1", "bulkId": "p", "data": [:]], ["method": "DELETE", "path": "/Me"],
            ["method": "POST", "path": "/Bulk", "bulkId": "q", "data": [:]], ["method": "DELETE", "path": "/Users/%zz"],
            ["method": "DELETE", "path": "/Schemas/x"], ["method": "GET", "path": "/Users/user-1"],
        ]
        let reply = try await desk.send("POST /Bulk", message(operations))
        #expect(reply.status == 200)
        #expect(
            statuses(reply) == ["409", "201", "404", "412", "400", "404", "405", "405", "404", "404", "400", "404", "400"])
        for operation in self.operations(reply) where operation["status"] != "201" {
            let error = operation["response"]?.object
            #expect(error?["schemas"] == ["urn:ietf:params:scim:api:messages:2.0:Error"])
            #expect(error?["status"] == operation["status"])
            #expect(error?["detail"]?.text?.isEmpty == false)
        }
        #expect(self.operations(reply)[0]["response"]?.object?["scimType"] == "uniqueness")
        #expect(await desk.provider.ids == ["user-1", "user-2"])
    }

    @Test("Trap 22: failOnErrors ends it") func failOnErrorsEndsIt() async throws {
        let desk = Desk()
        try await desk.makeUser("anna")
        let reply = try await desk.send("POST /Bulk", message([user("b"), user("anna"), user("c")], failOnErrors: 1))
        #expect(statuses(reply) == ["201", "409"])
        #expect(await desk.provider.ids == ["user-1", "user-2"])
    }

    @Test func versionsMayBeDemanded() async throws {
        let desk = Desk { $0.requiresIfMatch = true }
        let reply = try await desk.send(
            "POST /Bulk",
            message([
                user("a", manager: "b"), user("b", manager: "a"), ["method": "DELETE", "path": "/Users/bulkId:a"],
                ["method": "DELETE", "path": "/Users/bulkId:b", "version": "*"],
            ]))
        #expect(statuses(reply) == ["201", "201", "428", "204"])
    }

    @Test("Trap 22: 413 over the limits") func limitsAre413() async throws {
        let desk = Desk { settings in
            settings.mostBulkOperations = 2
            settings.mostBulkBytes = 1_000
            settings.mostBytes = 500
        }
        #expect(try await desk.send("POST /Bulk", message([user("a"), user("b")])).status == 200)
        #expect(try await desk.send("POST /Bulk", message([user("c"), user("d"), user("e")])).status == 413)
        let large = try await desk.send("POST /Bulk", message([user(String(repeating: "x", count: 1_000))]))
        #expect(large.status == 413)
        #expect(await desk.provider.ids.count == 2)
        let config = try await desk.send("GET /ServiceProviderConfig")["bulk"]
        #expect(config == ["supported": true, "maxOperations": 2, "maxPayloadSize": 1_000])
    }

    @Test(arguments: ["[]", "{}", #"{"Operations":[]}"#, #"{"schemas":["urn:x"],"Operations":[]}"#, "x", ""])
    func refuses(body: String) async throws {
        let reply = try await Desk().send("POST /Bulk", bytes: Array(body.utf8))
        #expect(reply.status == 400)
        #expect(reply.kind == "invalidSyntax")
    }

    @Test func crashesAreReportedAndAnswered() async throws {
        let desk = Desk()
        await desk.provider.fail(with: MemoryProvider.Broken())
        let reply = try await desk.send("POST /Bulk", message([user("a"), user("b")]))
        #expect(reply.status == 200)
        #expect(statuses(reply) == ["500", "500"])
        #expect(desk.failures == ["Broken", "Broken"])
    }

    @Test func aLargeCircleGoesThrough() async throws {
        let desk = Desk()
        let reply = try await desk.send("POST /Bulk", message((0..<300).map { user("u\($0)", manager: "u\(($0 + 1) % 300)") }))
        #expect(Set(statuses(reply)) == ["201"])
        #expect(await desk.provider.ids.count == 300)
    }
}
