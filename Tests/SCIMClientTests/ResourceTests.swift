import HTTPTransport
import SCIM
import SCIMClient
import Testing

/// One resource after the other: what leaves, and what is made of the answers.
@Suite struct ResourceTests {
    private static let gone = #"{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"404","detail":"no such user"}"#

    @Test func `A user is made, with the media type and the token, and comes back with fields that nobody knows`() async throws {
        let server = ScriptedServer([
            .on(
                "POST", "/Users", status: 201, headers: [("ETag", #"W/"a""#)],
                #"{"id":"7","userName":"ann","urn:x:odd":{"b":[1.50,null]},"meta":{"version":"W/\"old\""}}"#)
        ])
        let made = try await server.client().create(.users, JSONObject([("userName", "ann"), ("active", true)]))
        #expect(made.id == "7")
        #expect(made.version == #"W/"a""#)
        #expect(made.object["urn:x:odd"] == ["b": .array([.number(JSONNumber(literal: "1.50")), nil])])
        let request = try #require(server.last)
        #expect(request.header("authorization") == "Bearer t0ken")
        #expect(request.header("content-type") == "application/scim+json")
        #expect(request.header("accept")?.hasPrefix("application/scim+json") == true)
        #expect(request.text == #"{"userName":"ann","active":true}"#)
        #expect(!"\(request)\(String(reflecting: request))".contains("t0ken"))
    }

    @Test func `Without a body, Location tells the id; without either, nobody knows`() async throws {
        let server = ScriptedServer([
            .on("POST", "/Users", status: 201, headers: [("Location", "https://scim.example.com/v2/Users/a%20b")]),
            .on("POST", "/Users", status: 201), .on("POST", "/Users", status: 201, "<html>"), .on("POST", "/Users", status: 202, "{}"),
        ])
        #expect(try await server.client().create(.users, JSONObject()).id == "a b")
        for code in [SCIMClientError.Code.malformedReply, .malformedReply, .wrongAnswer] {
            let error = try await scimError { try await server.client().create(.users, JSONObject()) }
            #expect(error.code == code)
            #expect(error.outcomeUnknown)
        }
    }

    @Test func `A patch says its operations and the version that it is for`() async throws {
        let server = ScriptedServer([
            .on("PATCH", "/Groups/a%2Fb", status: 204),
            .on("PATCH", "/Users/1", headers: [("ETag", "\"2\"")], #"{"id":"1","active":false}"#),
            .on("PATCH", "/Users/1", status: 412, #"{"status":"412","detail":"too late"}"#),
        ])
        let client = server.client()
        let path = PatchPath(AttributePath("members"), filter: .compare(AttributePath("value"), .eq, .string("x\"y")))
        let operations = [PatchOperation(.remove, path), PatchOperation(.add, value: ["members": .array([["value": "z"]])])]
        #expect(try await client.patch(.groups, id: "a/b", operations) == nil)
        #expect(
            server.last?.text
                == #"{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"remove","path":"members[value eq \"x\\\"y\"]"},{"op":"add","value":{"members":[{"value":"z"}]}}]}"#
        )
        #expect(server.last?.header("If-Match") == nil)
        let active = [PatchOperation(.replace, PatchPath(AttributePath("active")), value: false)]
        let changed = try await client.patch(.users, id: "1", active, ifMatch: "\"1\"")
        #expect(changed?.active == false)
        #expect(changed?.version == "\"2\"")
        #expect(server.last?.header("If-Match") == "\"1\"")
        let error = try await scimError { try await client.patch(.users, id: "1", active, ifMatch: "\"1\"") }
        #expect(error.code == .versionMismatch)
        #expect(!error.outcomeUnknown)
        #expect(error.detail == "too late")
    }

    @Test func `A whole resource is put in the place of another`() async throws {
        let server = ScriptedServer([.on("PUT", "/Users/1", #"{"id":"1"}"#), .on("PUT", "/Users/1", status: 200)])
        #expect(try await server.client().replace(.users, id: "1", JSONObject([("userName", "x")]))?.id == "1")
        #expect(try await server.client().replace(.users, id: "1", JSONObject()) == nil)
    }

    @Test func `Deleted or gone before, but a page of another server is neither`() async throws {
        let server = ScriptedServer([
            .on("DELETE", "/Users/1", status: 204), .on("DELETE", "/Users/1", status: 404, Self.gone),
            .on("DELETE", "/Users/1", status: 404), .on("DELETE", "/Users/1", status: 404, "<html>no such page</html>"),
        ])
        let client = server.client()
        #expect(try await client.delete(.users, id: "1") == .deleted)
        #expect(try await client.delete(.users, id: "1", ifMatch: "W/\"3\"") == .alreadyGone)
        #expect(server.last?.header("If-Match") == "W/\"3\"")
        #expect(try await client.delete(.users, id: "1") == .alreadyGone)
        #expect(try await scimError { try await client.delete(.users, id: "1") }.code == .notFound)
    }

    @Test(arguments: ["", ".", ".."])
    func `An id that is no segment of a path is never sent`(id: String) async throws {
        let server = ScriptedServer([])
        #expect(try await scimError { try await server.client().delete(.users, id: id) }.code == .misconfigured)
    }

    @Test(arguments: [("t0ken\n", "\"1\""), ("t0ken", "\"1\"\r\nX-Other: 1")])
    func `A header that would be two is never sent`(token: String, version: String) async throws {
        let client = ScriptedServer([]).client(token: SCIMTokenSource(fixed: token))
        let error = try await scimError { try await client.delete(.users, id: "1", ifMatch: version) }
        #expect(error.code == .misconfigured)
        #expect(!error.outcomeUnknown)
        #expect(!error.description.contains("t0ken"))
    }

    @Test func `Whoever is known by name`() async throws {
        func list(_ names: String...) -> String {
            let rows = names.enumerated().map { #"{"id":"\#($0)","userName":"\#($1)"}"# }.joined(separator: ",")
            return #"{"totalResults":\#(names.count),"Resources":[\#(rows)]}"#
        }
        let server = ScriptedServer([
            .on("GET", "/Users", list("Ann@x.example")), .on("GET", "/Users", #"{"totalResults":0}"#),
            .on("GET", "/Users", status: 404, Self.gone), .on("GET", "/Users", status: 404, "<html>"), .on("GET", "/Users", status: 404),
            .on("GET", "/Users", list("bob")),
            .on("GET", "/Users", list("ann@x.example", "ANN@x.example")), .on("GET", "/Users", "{}"),
        ])
        let client = server.client()
        #expect(try await client.find(userName: "ann@x.example")?.id == "0")
        #expect(server.last?.query == "filter=userName%20eq%20%22ann%40x.example%22&startIndex=1&count=2")
        #expect(try await client.find(userName: "ann@x.example") == nil)
        #expect(try await client.find(userName: "ann@x.example") == nil)
        for code in [SCIMClientError.Code.notFound, .notFound, .wrongAnswer, .wrongAnswer, .malformedReply] {
            #expect(try await scimError { try await client.find(userName: "ann@x.example") }.code == code)
        }
    }

    @Test func `What has not changed is not read again`() async throws {
        let server = ScriptedServer([
            .on("GET", "/Users/1", status: 304), .on("GET", "/Users/1", headers: [("ETag", "\"2\"")], #"{"id":"1"}"#),
        ])
        #expect(try await server.client().getIfChanged(.users, id: "1", from: "\"1\"") == nil)
        #expect(server.last?.header("If-None-Match") == "\"1\"")
        #expect(try await server.client().getIfChanged(.users, id: "1", from: "\"1\"")?.version == "\"2\"")
    }

    @Test func `One resource, with chosen attributes`() async throws {
        let server = ScriptedServer([
            .on("GET", "/Groups/1", #"{"id":"1","members":{"value":"2"},"meta":{"version":"W/\"9\""}}"#), .on("GET", "/Groups/1"),
        ])
        let group = try await server.client().get(
            .groups, id: "1", attributes: ["displayName"], excludedAttributes: ["members", "urn:x:y"])
        #expect(server.last?.query == "attributes=displayName&excludedAttributes=members%2Curn%3Ax%3Ay")
        #expect(group.version == "W/\"9\"")
        #expect(group.elements("members").count == 1, "a single one without its list")
        let error = try await scimError { try await server.client().get(.groups, id: "1") }
        #expect(error.code == .malformedReply)
        #expect(!error.outcomeUnknown)
    }

    @Test func `What lies too deep is not read`() async throws {
        let deep = String(repeating: "[", count: 100_000)
        let server = ScriptedServer([.on("GET", "/Users/1", #"{"id":"1","x":\#(deep)"#), .on("GET", "/Users/1", "[1]")])
        #expect(try await scimError { try await server.client().get(.users, id: "1") }.code == .malformedReply)
        #expect(try await scimError { try await server.client().get(.users, id: "1") }.code == .malformedReply)
    }

    @Test(arguments: [
        (400, SCIMClientError.Code.refused), (401, .unauthorized), (403, .forbidden), (404, .notFound), (405, .refused), (409, .conflict),
        (412, .versionMismatch), (413, .tooLarge), (415, .refused), (301, .wrongAnswer), (307, .wrongAnswer), (500, .server),
        (501, .notSupported),
        (408, .server),
    ])
    func `Each refusal has its name, and says whether the write may have been carried out`(
        status: Int, code: SCIMClientError.Code
    ) async throws {
        let body = #"{"schemas":[],"status":"\#(status)","scimType":"invalidValue","detail":"because t0ken\u001b[31m"}"#
        let server = ScriptedServer([.on("PUT", "/Users/1", status: status, headers: [("Location", "https://evil.example/")], body)])
        let error = try await scimError { try await server.client().replace(.users, id: "1", JSONObject()) }
        #expect(error.code == code)
        #expect(error.status == status)
        #expect(error.scimType == "invalidValue")
        #expect(error.outcomeUnknown == [301, 307, 408, 500].contains(status))
        #expect(error.detail == "because ••• [31m")
        #expect(!error.remedy.isEmpty)
        #expect(server.left == 0)
        #expect(server.requests.count == 1)
    }

    @Test(arguments: [
        "ftp://x.example", "https://", "http://x.example/v2", "https://u:hunter9@x.example", "https://x.example/?a=b",
        "https://x.example/#f", "nonsense",
    ])
    func `A base URL that cannot be used is told by the first call`(text: String) async throws {
        let error = try await scimError { try await ScriptedServer([]).client(base: text).features() }
        #expect(error.code == .misconfigured)
        #expect(!error.message.contains("hunter9"))
    }

    @Test func `A base URL may end with a slash, and be plain on this machine`() async throws {
        let server = ScriptedServer([.on("GET", "/Users/1", #"{"id":"1"}"#), .on("GET", nil, #"{"id":"1"}"#)])
        _ = try await server.client(base: "HTTPS://scim.example.com/v2//").get(.users, id: "1")
        _ = try await server.client(base: "http://127.0.0.1:1/scim").get(.users, id: "1")
        #expect(server.last?.url == "http://127.0.0.1:1/scim/Users/1")
    }
}
