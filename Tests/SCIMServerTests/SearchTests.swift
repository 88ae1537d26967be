import HTTPTypes
import SCIM
import SCIMServer
import Testing

@Suite struct SearchTests {
    private static let search = "urn:ietf:params:scim:api:messages:2.0:SearchRequest"

    private func desk(_ names: [String] = ["c", "a", "e", "b", "d"], _ change: (inout SCIMSettings) -> Void = { _ in }) async throws -> Desk
    {
        let desk = Desk(change)
        for name in names { try await desk.makeUser(name) }
        return desk
    }

    @Test(arguments: [
        ("", 5, 1, ["c", "a", "e", "b", "d"]), ("?", 5, 1, ["c", "a", "e", "b", "d"]), ("?count=2", 5, 1, ["c", "a"]),
        ("?startIndex=3&count=2", 5, 3, ["e", "b"]), ("?startIndex=5&count=2", 5, 5, ["d"]), ("?startIndex=6", 5, 6, []),
        ("?startIndex=0", 5, 1, ["c", "a", "e", "b", "d"]), ("?startIndex=-3&count=1", 5, 1, ["c"]), ("?count=0", 5, 1, []),
        ("?count=-1", 5, 1, []), ("?count=1000000", 5, 1, ["c", "a", "e", "b", "d"]),
        ("?startIndex=99999999999999999999&count=99999999999999999999", 5, 1_000_000_000_000, []),
        ("?sortBy=userName", 5, 1, ["a", "b", "c", "d", "e"]), ("?sortBy=userName&sortOrder=Descending&count=2", 5, 1, ["e", "d"]),
        ("?sortBy=urn:ietf:params:scim:schemas:core:2.0:User:username&sortOrder=ascending&count=1", 5, 1, ["a"]),
        ("?filter=userName+eq+%22B%22", 1, 1, ["b"]), ("?filter=userName%20gt%20%22c%22&sortBy=userName", 2, 1, ["d", "e"]),
        ("?filter=userName+eq+%22nobody%22&startIndex=1&count=100", 0, 1, []),
        ("?aadOptscim062020&filter=userName+eq+%22a%22", 1, 1, ["a"]),
    ])
    func lists(query: String, total: Int, index: Int, names: [String]) async throws {
        let reply = try await desk().send("GET /Users\(query)")
        #expect(reply.status == 200)
        #expect(reply["schemas"] == ["urn:ietf:params:scim:api:messages:2.0:ListResponse"])
        #expect(reply.number("totalResults") == String(total))
        #expect(reply.number("startIndex") == String(index))
        #expect(reply.number("itemsPerPage") == String(names.count))
        #expect(reply["Resources"]?.array != nil)
        #expect(reply["nextCursor"] == nil)
        #expect(reply.names == names)
        #expect(reply.headers[.eTag] == nil)
    }

    @Test(arguments: [
        ("startIndex=a", "invalidValue"), ("count=1.5", "invalidValue"), ("sortOrder=up&sortBy=userName", "invalidValue"),
        ("sortBy=nothing", "invalidPath"), ("sortBy=password", "invalidPath"), ("sortBy=a..b", "invalidPath"),
        ("filter=userName+eq", "invalidFilter"), ("filter=nothing+eq+1", "invalidFilter"), ("filter=password+pr", "invalidFilter"),
        ("filter=%zz", "invalidValue"), ("filter=userName+eq+%22%ff%22", "invalidValue"), ("count=1&count=2", "invalidValue"),
        ("cursor&startIndex=1", "invalidCursor"), ("cursor=abc", "invalidCursor"), ("cursor=&count=x", "invalidCount"),
        ("attributes=a&excludedAttributes=b", "invalidSyntax"),
    ])
    func refuses(query: String, kind: String) async throws {
        let reply = try await desk(["a"]).send("GET /Users?\(query)")
        #expect(reply.status == 400)
        #expect(reply.kind == kind)
    }

    @Test func pagesHaveASize() async throws {
        let desk = try await desk { settings in
            settings.defaultPageSize = 2
            settings.mostPageSize = 3
        }
        #expect(try await desk.send("GET /Users").names.count == 2)
        #expect(try await desk.send("GET /Users?count=100").names.count == 3)
    }

    @Test func whatIsShownIsChosen() async throws {
        let desk = Desk()
        let id = try await desk.makeUser("anna", ["title": "Boss"])
        try await desk.makeGroup("g", [id])
        #expect(
            try await desk.send("GET /Users?attributes=title").resources == [
                ["schemas": [.string(UserResource.schema)], "id": .string(id), "title": "Boss"]
            ])
        await desk.provider.forget()
        let groups = try await desk.send("GET /Groups?excludedAttributes=members,meta")
        #expect(groups.resources.map { $0.members.map(\.name).sorted() } == [["displayName", "id", "schemas"]])
        #expect(await desk.provider.searches.map(\.wanted.members) == [.none])
        #expect(try await desk.send("GET /Groups").resources[0]["members"]?.array?.count == 1)
    }

    @Test func manyProjectionsDoNotMixUp() async throws {
        let desk = Desk()
        let id = try await desk.makeUser("anna", ["title": "Boss"])
        try await desk.makeGroup("g", [id])
        for round in 0..<100 {
            for (path, name) in [("/Users?attributes=title", "title"), ("/Groups?attributes=title", nil), ("/?attributes=title", "title")] {
                let reply = try await desk.send("GET \(path),x\(round)", base: "http://h\(round % 7)")
                #expect(
                    reply.resources.last.map { $0.members.map(\.name) } == ["schemas", "id"]
                        + (path.hasPrefix("/U") ? [name].compactMap { $0 } : []))
            }
            let excluded = try await desk.send("GET /Users?excludedAttributes=title,x\(round)", base: "http://h\(round % 7)")
            #expect(excluded.resources[0]["title"] == nil)
            #expect(excluded.resources[0]["meta"]?.object?["location"]?.text == "http://h\(round % 7)/Users/\(id)")
        }
    }

    // MARK: Root and .search

    @Test func theRootHasAllTypes() async throws {
        let desk = try await desk(["b", "a"])
        try await desk.makeGroup("g")
        let all = try await desk.send("GET /")
        #expect(all.names == ["b", "a", "g"])
        #expect(all.resources.compactMap { $0["meta"]?.object?["resourceType"]?.text } == ["User", "User", "Group"])
        #expect(all.resources.compactMap { $0["meta"]?.object?["location"]?.text }.last == Desk.base + "/Groups/group-3")
        #expect(try await desk.send("GET ?filter=displayName+pr").names == ["g"])
        #expect(try await desk.send("GET /?filter=meta.resourceType+eq+%22Group%22").names == ["g"])
        #expect(try await desk.send("GET /?filter=id+pr&count=1&startIndex=3").names == ["g"])
        let unknown = try await desk.send("GET /?filter=not+(nothing+pr)+or+userName+pr")
        #expect(unknown.status == 400)
        #expect(unknown.kind == "invalidFilter")
        #expect(try await desk.send("GET /?sortBy=nothing").kind == "invalidPath")
        #expect(try await desk.send("GET /?sortBy=displayName").names == ["g", "b", "a"])
    }

    @Test(arguments: ["/.search", "/Users/.search", "/Users/.search/"])
    func searchesByPost(path: String) async throws {
        let desk = try await desk()
        let reply = try await desk.send(
            "POST \(path)",
            [
                "schemas": [.string(Self.search)], "filter": #"userName ne "c""#, "sortBy": "userName", "sortOrder": "descending",
                "startIndex": 2, "count": 2, "attributes": ["userName"],
            ])
        #expect(reply.status == 200)
        #expect(reply.names == ["d", "b"])
        #expect(reply.number("totalResults") == "4")
        #expect(reply.number("startIndex") == "2")
        #expect(reply.resources.allSatisfy { $0["meta"] == nil })
        let cursor = try await desk.send("POST \(path)", ["schemas": [.string(Self.search)], "cursor": "", "count": 3])
        #expect(cursor.names == ["c", "a", "e"])
        let rest = try await desk.send(
            "POST \(path)", ["schemas": [.string(Self.search)], "cursor": cursor["nextCursor"] ?? .null, "count": 3])
        #expect(rest.names == ["b", "d"])
        #expect(try await desk.send("POST \(path)", ["schemas": [.string(Self.search)], "count": "x"]).kind == "invalidValue")
        #expect(try await desk.send("POST \(path)", ["filter": "userName pr"]).kind == "invalidSyntax")
        #expect(try await desk.send("POST \(path)").kind == "invalidSyntax")
    }

    // MARK: Cursors

    private func walk(_ desk: Desk, _ query: String) async throws -> [[String]] {
        var pages: [[String]] = []
        var cursor: String? = ""
        while let at = cursor, pages.count < 20 {
            let reply = try await desk.send("GET /Users?\(query)&cursor=\(at)")
            #expect(reply.status == 200)
            #expect(reply["startIndex"] == nil)
            #expect(reply.number("totalResults") != nil)
            #expect(reply.number("itemsPerPage") == String(reply.names.count))
            pages.append(reply.names)
            cursor = reply["nextCursor"]?.text
        }
        return pages
    }

    @Test("Trap 25: absent on the last page") func cursorsWalkAllPages() async throws {
        let desk = try await desk()
        #expect(try await walk(desk, "count=2") == [["c", "a"], ["e", "b"], ["d"]])
        #expect(try await walk(desk, "count=5") == [["c", "a", "e", "b", "d"]])
        #expect(try await walk(desk, "count=2&sortBy=userName") == [["a", "b"], ["c", "d"], ["e"]])
        #expect(try await walk(desk, "count=1&filter=userName+gt+%22c%22") == [["e"], ["d"]])
        #expect(try await walk(desk, "count=0") == [[]])
        #expect(try await walk(desk, "filter=userName+eq+%22x%22") == [[]])
        #expect(try await desk.send("GET /Users?cursor&count=2").names == ["c", "a"])
    }

    @Test("Trap 25: bound to the search, expiring, not mixed with startIndex") func cursorsBelongToTheirSearch() async throws {
        let desk = try await desk()
        let first = try await desk.send("GET /Users?cursor&count=2&filter=userName+pr")
        let cursor = try #require(first["nextCursor"]?.text)
        func send(_ query: String, type: String = "Users", tenant: String = "t") async throws -> Reply {
            try await desk.send("GET /\(type)?cursor=\(cursor)\(query)", caller: SCIMCaller(tenant: tenant))
        }
        #expect(try await send("&filter=userName+pr&count=1").names == ["e"])
        #expect(try await send("&filter=(userName%20pr)&attributes=userName").names == ["e", "b", "d"])
        #expect(try await send("&filter=userName+pr", tenant: "u").kind == "invalidCursor")
        #expect(try await send("").kind == "invalidCursor")
        #expect(try await send("&filter=title+pr").kind == "invalidCursor")
        #expect(try await send("&filter=userName+pr&sortBy=userName").kind == "invalidCursor")
        #expect(try await send("&filter=displayName+pr", type: "Groups").kind == "invalidCursor")
        #expect(try await send("&filter=userName+pr&startIndex=1").kind == "invalidCursor")
        desk.wait(seconds: 600)
        #expect(try await send("&filter=userName+pr").names == ["e", "b", "d"])
        desk.wait(seconds: 1)
        let late = try await send("&filter=userName+pr")
        #expect(late.status == 400)
        #expect(late.kind == "expiredCursor")
    }
}
