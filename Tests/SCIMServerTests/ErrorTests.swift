import HTTPTypes
import SCIM
import SCIMServer
import Testing

@Suite struct ErrorTests {
    @Test(arguments: [
        ("GET /Nothing", 404), ("GET /Users/1/emails", 404), ("GET /users", 404), ("GET Users", 404), ("POST /Nothing", 404),
        ("GET /Users/\(String(repeating: "x", count: 201))", 404), ("GET /Users/%zz", 400), ("GET /Users/%ff", 400),
        ("POST /Users/1", 405), ("PUT /Users", 405), ("PATCH /Users", 405), ("DELETE /Users", 405), ("GET /Bulk", 405),
        ("GET /.search", 405),
        ("PUT /.search", 405), ("GET /Users/.search", 405), ("DELETE /", 405), ("POST /", 405), ("OPTIONS /Users", 405),
        ("TRACE /Users/1", 405),
        ("get /Users", 405), (" /Users", 405), ("GET /Users?filter=\(String(repeating: "a", count: 16_384))", 414),
        ("GET /\(String(repeating: "a", count: 16_384))", 414),
    ])
    func haveTheSCIMForm(line: String, status: Int) async throws {
        let reply = try await Desk().send(line)
        #expect(reply.status == status)
        #expect(reply.json != nil)
        #expect((reply.headers[.allow] != nil) == (status == 405))
    }

    @Test func headHasNoBodyEvenThen() async throws {
        let reply = try await Desk().send("HEAD /Nothing")
        #expect(reply.status == 404)
        #expect(reply.bytes.isEmpty)
    }

    @Test(arguments: ["", "{", "[]", "\"x\"", "null", "{\"a\":1,\"a\":2}", "\u{FEFF}{}", "{}{}", "{\"userName\":\"\\u0000\"}"])
    func bodiesMustBeObjects(body: String) async throws {
        let desk = Desk()
        try await desk.makeUser("anna")
        for line in ["POST /Users", "PUT /Users/user-1", "PATCH /Users/user-1"] {
            let reply = try await desk.send(line, bytes: Array(body.utf8))
            #expect(reply.status == 400, "\(line)")
            #expect(reply.kind == "invalidSyntax")
        }
        #expect(await desk.provider.writes == ["create User"])
    }

    @Test func invalidUTF8IsRefused() async throws {
        let reply = try await Desk().send("POST /Users", bytes: Array("{\"userName\":\"".utf8) + [0xFF] + Array("\"}".utf8))
        #expect(reply.kind == "invalidSyntax")
    }

    @Test func deepBodiesAreRefused() async throws {
        let bytes = Array(String(repeating: "[", count: 100_000).utf8)
        for line in ["POST /Users", "POST /Bulk", "POST /.search"] {
            #expect(try await Desk().send(line, bytes: bytes).kind == "invalidSyntax")
        }
    }

    @Test func mediaTypesAreChecked() async throws {
        let desk = Desk()
        let body: JSONValue = ["schemas": [.string(UserResource.schema)], "userName": "anna"]
        for type in ["text/plain", "application/xml", "application/json; charset=latin1"] {
            let reply = try await desk.send("POST /Users", body, headers: [.contentType: type])
            #expect(reply.status == 415)
        }
        #expect(try await desk.send("POST /Bulk", body, headers: [.contentType: "text/plain"]).status == 415)
        #expect(try await desk.send("POST /.search", body, headers: [.contentType: "text/plain"]).status == 415)
        #expect(try await desk.send("POST /Users", body, headers: [.contentType: "application/json; charset=UTF-8"]).status == 201)
        #expect(try await desk.send("PUT /Users/user-1", body, headers: [.contentType: "application/json"]).status == 200)
        let request = SCIMRequest(method: "PUT", path: "/Users/user-1", body: body.serialized)
        let bare = await desk.service.respond(
            to: request, provider: desk.provider, caller: SCIMCaller(tenant: "t"), baseURL: Desk.base)
        #expect(bare.status == 200)
        #expect(try await desk.send("GET /Users/user-1", headers: [.contentType: "text/plain"]).status == 200)
        #expect(try await desk.send("DELETE /Users/user-1", body, headers: [.contentType: "text/plain"]).status == 204)
    }

    @Test(arguments: [
        "*/*", "application/*", "application/json", "application/scim+json", "application/json;q=0.5, text/html", "text/html", "", "x;q=9",
        "application/scim+json;q=0",
    ])
    func everyAcceptIsServed(accept: String) async throws {
        let reply = try await Desk().send("GET /Users", headers: [.accept: accept])
        #expect(reply.status == 200)
        #expect(reply.headers[.contentType] == "application/scim+json")
    }

    @Test func largeBodiesAre413() async throws {
        let desk = Desk { $0.mostBytes = 100 }
        func body(_ count: Int) -> [UInt8] { Array(#"{"schemas":[],"userName":"a"}"#.utf8) + Array(repeating: 0x20, count: count - 29) }
        #expect(try await desk.send("POST /Users", bytes: body(100)).status == 201)
        for line in ["POST /Users", "PUT /Users/1", "PATCH /Users/1", "POST /.search", "POST /Users/.search"] {
            #expect(try await desk.send(line, bytes: body(101)).status == 413)
        }
        #expect(try await desk.send("POST /Bulk", bytes: body(101)).status == 400)
    }

    @Test func whatTheProviderRefusesIsSaid() async throws {
        let desk = Desk()
        for (error, status, kind) in [
            (SCIMError(403, nil, "Not yours."), 403, nil), (SCIMError.tooMany("Ask for less."), 400, "tooMany"),
            (SCIMError(429, nil, "Later.", retryAfter: 7), 429, nil), (SCIMError(503, nil, "Later.", retryAfter: -1), 503, nil),
        ] as [(SCIMError, Int, String?)] {
            await desk.provider.fail(with: error)
            for line in ["GET /Users", "GET /Users/1", "DELETE /Users/1", "GET /"] {
                let reply = try await desk.send(line)
                #expect(reply.status == status)
                #expect(reply.kind == kind)
                #expect(reply.detail == error.detail)
                #expect(reply.headers[.retryAfter] == error.retryAfter.map { String(max(0, $0)) })
            }
        }
        #expect(desk.failures.isEmpty)
    }

    @Test func crashesAreReportedAndNotTold() async throws {
        let desk = Desk()
        await desk.provider.fail(with: MemoryProvider.Broken())
        let reply = try await desk.send("GET /Users/1")
        #expect(reply.status == 500)
        #expect(!reply.detail.contains("Broken"))
        await desk.provider.fail(with: CancellationError())
        #expect(try await desk.send("POST /Users", ["schemas": [], "userName": "a"]).status == 500)
        #expect(desk.failures == ["Broken", "CancellationError"])
    }

    @Test func duplicatesAre409() async throws {
        let desk = Desk()
        try await desk.makeUser("anna")
        let reply = try await desk.send("POST /Users", ["schemas": [.string(UserResource.schema)], "userName": "ANNA"])
        #expect(reply.status == 409)
        #expect(reply.kind == "uniqueness")
    }

    @Test("Trap 30: WWW-Authenticate with 401, Retry-After with 429") func mountersHaveRefusalsToo() throws {
        let unauthorized = try Reply(.unauthorized("The token is unknown."))
        #expect(unauthorized.status == 401)
        #expect(unauthorized["status"] == "401")
        #expect(unauthorized.headers[.wwwAuthenticate]?.hasPrefix("Bearer") == true)
        let late = try Reply(.refusal(SCIMError(429, nil, "Too many.", retryAfter: 3)))
        #expect(late.headers[.retryAfter] == "3")
        #expect(late.headers[.wwwAuthenticate] == nil)
    }
}
