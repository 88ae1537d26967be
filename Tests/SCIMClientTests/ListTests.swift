import HTTPTransport
import SCIM
import SCIMClient
import Testing

/// Lists are whole, or they say that they are not.
@Suite struct ListTests {
    private static let byIndex = #"{"filter":{"supported":true,"maxResults":200},"sort":{"supported":true}}"#
    private static let byCursor = #"{"filter":{"supported":true},"pagination":{"cursor":true,"index":true,"maxPageSize":100}}"#

    private static func page(_ ids: [String], total: Int? = nil, start: Int? = nil, next: String? = nil) -> ScriptedServer.Step {
        var object = JSONObject([
            ("Resources", .array(ids.map { .object(JSONObject([("id", .string($0)), ("userName", .string("u\($0)"))])) }))
        ])
        object["totalResults"] = total.map { .number(JSONNumber($0)) }
        object["startIndex"] = start.map { .number(JSONNumber($0)) }
        object["nextCursor"] = next.map { .string($0) }
        return .on("GET", "/Users", String(decoding: object.serialized, as: UTF8.self))
    }

    @Test func `By index, until as many came as the server counts`() async throws {
        let server = ScriptedServer([
            .config(Self.byIndex), Self.page(["a", "b"], total: 5, start: 1), Self.page(["c", "d"], total: 5, start: 3),
            Self.page(["e"], total: 5, start: 5),
        ])
        let query = SCIMQuery(filter: .present(AttributePath("title")), sortBy: AttributePath("userName"), pageSize: 500)
        let (records, completeness) = try await server.client().users(query).all()
        #expect(records.map(\.id) == ["a", "b", "c", "d", "e"])
        #expect(completeness == .counted)
        #expect(
            server.requests.dropFirst().map(\.query)
                == ["1", "3", "5"].map { "filter=title%20pr&sortBy=userName&startIndex=\($0)&count=200" },
            "short pages are the server's right, and so is its maximum")
    }

    @Test func `By cursor where that is announced`() async throws {
        let server = ScriptedServer([
            .config(Self.byCursor), Self.page(["a"], total: 3, next: "x&y"), Self.page([], total: 3, next: "z"),
            Self.page(["b", "c"], total: 3),
        ])
        let (records, completeness) = try await server.client().users().all()
        #expect(records.map(\.id) == ["a", "b", "c"], "a page by cursor may be empty")
        #expect(completeness == .counted)
        #expect(
            server.requests.dropFirst().map(\.query)
                == ["cursor=&count=100", "cursor=x%26y&count=100", "cursor=z&count=100"])
    }

    @Test func `A cursor that ends without a count claims nothing`() async throws {
        let server = ScriptedServer([.config(Self.byCursor), Self.page(["a"], next: "x"), Self.page(["b"])])
        #expect(try await server.client().users().all().completeness == .unclaimed)
    }

    @Test func `Pages tell their number, and the last one that it is`() async throws {
        let server = ScriptedServer([.config("{}"), Self.page(["a"], total: 2), Self.page(["b"], total: 2)])
        var pages: [SCIMPage] = []
        for try await page in server.client().users() { pages.append(page) }
        #expect(pages.map(\.number) == [1, 2])
        #expect(pages.map(\.completeness) == [nil, .counted])
        #expect(pages.map(\.total) == [2, 2])
    }

    @Test func `Nobody is a whole list`() async throws {
        let server = ScriptedServer([.config("{}"), .on("GET", "/Groups", #"{"schemas":[],"totalResults":"0"}"#)])
        let (records, completeness) = try await server.client().groups().all()
        #expect(records.isEmpty)
        #expect(completeness == .counted)
    }

    struct Lie: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var config: String
        var pages: [ScriptedServer.Step]
    }

    static let lies = [
        Lie(testDescription: "an empty page before the end", config: byIndex, pages: [page(["a"], total: 3), page([], total: 3)]),
        Lie(testDescription: "the total grows", config: byIndex, pages: [page(["a"], total: 2), page(["b"], total: 3)]),
        Lie(testDescription: "the total shrinks", config: byIndex, pages: [page(["a"], total: 3), page(["b"], total: 2)]),
        Lie(testDescription: "more than counted", config: byIndex, pages: [page(["a", "b"], total: 1)]),
        Lie(
            testDescription: "the first page again", config: byIndex,
            pages: [page(["a"], total: 2, start: 1), page(["a"], total: 2, start: 1)]),
        Lie(testDescription: "the first page again, unnamed", config: byIndex, pages: [page(["a"], total: 2), page(["a"], total: 2)]),
        Lie(testDescription: "one twice on a page", config: byIndex, pages: [page(["a", "a"], total: 2)]),
        Lie(testDescription: "no id", config: byIndex, pages: [page([""], total: 1)]),
        Lie(testDescription: "no count", config: byIndex, pages: [page(["a"])]),
        Lie(testDescription: "a cursor comes back", config: byCursor, pages: [page(["a"], next: "x"), page(["b"], next: "x")]),
        Lie(testDescription: "a cursor's page comes back", config: byCursor, pages: [page(["a"], next: "x"), page(["a"], next: "y")]),
        Lie(testDescription: "the cursor ends early", config: byCursor, pages: [page(["a"], total: 3, next: "x"), page(["b"], total: 3)]),
        Lie(
            testDescription: "the cursor's total moves", config: byCursor, pages: [page(["a"], total: 2, next: "x"), page(["b"], total: 3)]),
        Lie(testDescription: "cursors announced and not served", config: byCursor, pages: [page(["a"], total: 2, start: 1)]),
    ]

    @Test(arguments: lies)
    func `A list that does not add up never ends as a whole one`(lie: Lie) async throws {
        let server = ScriptedServer([.config(lie.config)] + lie.pages)
        let error = try await scimError { try await server.client().users().all() }
        #expect(error.code == .incomplete)
        #expect(!error.remedy.isEmpty)
        #expect(server.left == 0)
    }

    @Test func `After an error the list is over`() async throws {
        let server = ScriptedServer([.config("{}"), .on("GET", "/Users", status: 400, #"{"scimType":"expiredCursor","status":"400"}"#)])
        var pages = server.client().users().makeAsyncIterator()
        do {
            _ = try await pages.next()
            Issue.record("nothing was thrown")
        } catch let error as SCIMClientError {
            #expect(error.scimType == "expiredCursor")
        }
        #expect(try await pages.next() == nil)
    }

    @Test func `What is no list is no empty list`() async throws {
        for body in ["{}", #"{"totalResults":1,"Resources":{}}"#, #"{"totalResults":1,"Resources":[1]}"#] {
            let server = ScriptedServer([.config("{}"), .on("GET", "/Users", body)])
            #expect(try await scimError { try await server.client().users().all() }.code == .malformedReply)
        }
    }

    @Test func `What is not announced is not asked for`() async throws {
        let server = ScriptedServer([.config("{}")])
        let client = server.client()
        let filtered = SCIMQuery(filter: .present(AttributePath("title")))
        #expect(try await scimError { try await client.users(filtered).all() }.code == .notSupported)
        let sorted = SCIMQuery(sortBy: AttributePath("userName"))
        #expect(try await scimError { try await client.users(sorted).all() }.code == .notSupported)
        #expect(try await scimError { try await client.bulk([]) }.code == .notSupported)
        #expect(server.requests.count == 1, "asked once")
    }

    @Test func `Announcements are read leniently and asked for once`() async throws {
        let server = ScriptedServer([
            .on("GET", "/ServiceProviderConfig", status: 500), .on("GET", "/ServiceProviderConfig", status: 500),
            .on("GET", "/ServiceProviderConfig", status: 500), .on("GET", "/ServiceProviderConfig", status: 500),
            .config(
                #"{"Patch":{"Supported":"True"},"bulk":{"supported":true,"maxOperations":"10"},"filter":{"supported":true,"maxResults":-1},"etag":{"supported":true},"changePassword":{"supported":false},"pagination":{"cursor":false,"index":false}}"#
            ),
        ])
        let client = server.client()
        #expect(try await scimError { try await client.features() }.code == .server)
        var wanted = SCIMFeatures()
        wanted.patch = true
        wanted.bulk = SCIMFeatures(JSONObject([("bulk", ["supported": true, "maxOperations": 10])])).bulk
        wanted.filter = true
        wanted.etag = true
        wanted.index = false
        #expect(try await client.features() == wanted)
        #expect(try await client.features() == wanted)
        #expect(server.left == 0)
    }

    @Test(arguments: [404, 501])
    func `A server that announces nothing is read by index`(status: Int) async throws {
        let server = ScriptedServer([.on("GET", "/ServiceProviderConfig", status: status), Self.page(["a"], total: 1)])
        #expect(try await server.client().users().all().records.count == 1)
        #expect(server.last?.query == "startIndex=1&count=500")
    }
}
