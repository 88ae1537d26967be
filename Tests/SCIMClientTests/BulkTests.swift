import HTTPTransport
import SCIM
import SCIMClient
import Testing

/// Many operations in few calls, each with an end of its own.
@Suite struct BulkTests {
    private static func config(operations: Int = 3, payload: Int = 100_000) -> ScriptedServer.Step {
        .config(#"{"bulk":{"supported":true,"maxOperations":\#(operations),"maxPayloadSize":\#(payload)}}"#)
    }

    private static func answer(_ results: String...) -> ScriptedServer.Step {
        .on("POST", "/Bulk", #"{"Operations":[\#(results.joined(separator: ","))]}"#)
    }

    private static func made(_ name: String, _ id: String) -> String {
        #"{"method":"POST","bulkId":"\#(name)","status":"201","location":"https://scim.example.com/v2/Users/\#(id)","version":"W/\"1\""}"#
    }

    private func user(_ name: String) -> JSONObject { JSONObject([("userName", .string(name))]) }

    private func code(_ result: SCIMBulkResult) -> String {
        switch result {
        case .done(let id, _, _): "done \(id ?? "-")"
        case .refused(let error): "refused \(error.code.rawValue)"
        case .unknown(let error): "unknown \(error.code.rawValue)"
        case .notSent(let error): "notSent \(error.code.rawValue)"
        }
    }

    @Test func `Cut by the server's limit, with ids of one call in the next`() async throws {
        let server = ScriptedServer([
            Self.config(operations: 2), Self.answer(Self.made("b", "id-b"), Self.made("a", "id a")),
            Self.answer(
                #"{"method":"PATCH","location":"https://x/Groups/g","status":200}"#,
                #"{"method":"DELETE","bulkId":"m2","status":{"code":"404"},"response":{"status":"404"}}"#),
        ])
        let member: JSONValue = .array([["value": "bulkId:a"], ["value": "bulkId:b"]])
        let results = try await server.client().bulk([
            .create(.users, user("a"), bulkID: "a"), .create(.users, user("b"), bulkID: "b"),
            .patch(.groups, id: "g", [PatchOperation(.add, PatchPath(AttributePath("members")), value: member)], ifMatch: "W/\"7\""),
            .delete(.users, id: "bulkId:a"),
        ])
        #expect(results.map(code) == ["done id a", "done id-b", "done g", "done -"])
        #expect(
            server.requests[1].text
                == #"{"schemas":["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],"Operations":[{"method":"POST","path":"/Users","bulkId":"a","data":{"userName":"a"}},{"method":"POST","path":"/Users","bulkId":"b","data":{"userName":"b"}}]}"#
        )
        let second = try #require(server.last?.text)
        #expect(second.contains(#"[{"value":"id a"},{"value":"id-b"}]"#))
        #expect(second.contains(#""path":"/Users/id%20a""#))
        #expect(second.contains(#""version":"W/\"7\"""#))
    }

    @Test func `Each operation is refused or done by itself, and silence is not success`() async throws {
        let server = ScriptedServer([
            Self.config(),
            Self.answer(
                #"{"bulkId":"a","status":"409","response":{"scimType":"uniqueness","detail":"taken"}}"#, #"{"bulkId":"b","status":"500"}"#),
        ])
        let results = try await server.client().bulk(["a", "b", "c"].map { .create(.users, user($0), bulkID: $0) })
        #expect(results.map(code) == ["refused conflict", "unknown server", "unknown wrong-answer"])
        if case .refused(let error) = results[0] {
            #expect(error.scimType == "uniqueness")
            #expect(error.detail == "taken")
        }
    }

    @Test func `After a call of unknown outcome nothing more is sent`() async throws {
        let server = ScriptedServer([Self.config(operations: 1), Self.answer(Self.made("a", "1")), .fail("POST", "/Bulk", .lost)])
        let results = try await server.client().bulk(["a", "b", "c"].map { .create(.users, user($0), bulkID: $0) })
        #expect(results.map(code) == ["done 1", "unknown unreachable", "notSent unreachable"])
    }

    @Test(arguments: [(401, "unauthorized"), (413, "too-large"), (429, "rate-limited")])
    func `A call that is refused as a whole carried nothing out`(status: Int, name: String) async throws {
        let server = ScriptedServer([Self.config()] + Array(repeating: .on("POST", "/Bulk", status: status), count: status == 429 ? 20 : 1))
        let results = try await server.client().bulk([.create(.users, user("a"))])
        #expect(results.map(code) == ["notSent \(name)"])
    }

    @Test func `So many errors end the bulk, and the server is told`() async throws {
        let server = ScriptedServer([
            Self.config(operations: 1), Self.answer(#"{"bulkId":"a","status":"400"}"#), Self.answer(#"{"bulkId":"b","status":"400"}"#),
        ])
        let results = try await server.client().bulk(["a", "b", "c"].map { .create(.users, user($0), bulkID: $0) }, failOnErrors: 2)
        #expect(results.map(code) == ["refused refused", "refused refused", "notSent refused"])
        #expect(server.requests[1].text.contains(#""failOnErrors":2"#))
        #expect(server.requests[2].text.contains(#""failOnErrors":1"#))
    }

    @Test func `Whoever rests on what was not made is not sent`() async throws {
        let server = ScriptedServer([
            Self.config(operations: 1), Self.answer(#"{"bulkId":"a","status":"400"}"#), Self.answer(Self.made("c", "3")),
        ])
        let results = try await server.client().bulk([
            .create(.users, user("a"), bulkID: "a"), .delete(.users, id: "bulkId:a"), .delete(.users, id: "bulkId:nobody"),
            .delete(.users, id: "bulkId:c"), .create(.users, user("c"), bulkID: "c"),
        ])
        #expect(results.map(code) == ["refused refused", "notSent refused", "notSent refused", "notSent misconfigured", "done 3"])
    }

    @Test func `In one call, whoever is meant may come later`() async throws {
        let server = ScriptedServer([
            Self.config(), Self.answer(#"{"method":"POST","bulkId":"g","status":"201","location":"/Groups/9"}"#, Self.made("u", "3")),
        ])
        let group = JSONObject([("displayName", "g"), ("members", .array([["value": "bulkId:u"]]))])
        let results = try await server.client().bulk([
            .create(.groups, group, bulkID: "g"), .create(.users, user("u"), bulkID: "u"),
        ])
        #expect(results.map(code) == ["done 9", "done 3"])
    }

    @Test func `Cut by bytes, and what is too large by itself is not sent`() async throws {
        let server = ScriptedServer([
            Self.config(operations: 100, payload: 400), Self.answer(Self.made("a", "1")), Self.answer(Self.made("c", "3")),
        ])
        let long = String(repeating: "x", count: 90)
        let results = try await server.client().bulk([
            .create(.users, user(long), bulkID: "a"), .create(.users, user(String(repeating: "x", count: 500)), bulkID: "b"),
            .create(.users, user(long), bulkID: "c"),
        ])
        #expect(results.map(code) == ["done 1", "notSent too-large", "done 3"])
        #expect(server.requests.dropFirst().allSatisfy { $0.body.count <= 400 })
    }

    @Test func `Two of one name are refused before anything is sent`() async throws {
        let server = ScriptedServer([Self.config()])
        let operations = [SCIMBulkOperation.create(.users, user("a"), bulkID: "a"), .create(.users, user("b"), bulkID: "a")]
        #expect(try await scimError { try await server.client().bulk(operations) }.code == .misconfigured)
    }
}
