import Foundation
import NIOHTTP1
import Testing

@testable import Sandbox

/// The traps that other SCIM servers have fallen into, where it takes a server and a store to show them. Those of the grammar and of
/// values are in SCIMTests.
@Suite struct ScimTrapTests {
    static let user = "urn:ietf:params:scim:schemas:core:2.0:User"

    /// PUT clears what is missing, keeps id and created, passes over what is read-only, and says nothing about `active` by leaving it out.
    @Test func trap09_replacing() async throws {
        try await SandboxHarness.run { box in
            let made = try await box.postUser(
                "put@\(box.domain)", #""title":"Clerk","externalId":"x1","nickName":"P","active":false,"password":"s3cret""#)
            #expect(made.status == 201 && made["active"]?.serialized == "false")
            let path = "/Users/\(made.id)"
            let text = #"""
                {"schemas":["\#(Self.user)"],"id":"another","userName":"put@\#(box.domain)","groups":[{"value":"none"}],
                "meta":{"created":"2001-01-01T00:00:00Z","version":"W/\"1\"","location":"http://elsewhere.example/1"},"nickName":"Q"}
                """#
            let put = try await box.scim(.PUT, path, text)
            #expect(put.status == 200 && put.id == made.id && put["nickName"]?.text == "Q")
            #expect(put["title"] == nil && put["externalId"] == nil && put["groups"] == nil)
            #expect(put["active"]?.serialized == "false", "silence enables nobody")
            for name in ["created", "location"] {
                #expect(put["meta"]?[name]?.text == made["meta"]?[name]?.text)
            }
            let on = try await box.scim(.PUT, path, text.replacingOccurrences(of: #""nickName":"Q""#, with: #""active":true"#))
            #expect(on["active"]?.serialized == "true" && on["nickName"] == nil)
            let silent = try await box.scim(.PUT, path, text)
            #expect(silent["active"]?.serialized == "true", "silence disables nobody")
            #expect(try await box.scim(.PUT, "/Users/none", text).status == 404)
            // The required attribute cannot be cleared, and what is refused changes nothing.
            #expect(try await box.scim(.PUT, path, #"{"schemas":["\#(Self.user)"],"nickName":"R"}"#).status == 400)
            #expect(try await box.scim(.GET, path)["nickName"]?.text == "Q")
        }
    }

    /// Nobody is an empty list; what cannot be read is an error, or a provider makes a duplicate.
    @Test func trap11_lookingUpNobody() async throws {
        try await SandboxHarness.run { box in
            for (type, filter) in [
                ("Users", #"userName eq "nobody""#), ("Users", #"externalId eq "nobody""#), ("Users", #"id eq "nobody""#),
                ("Users", #"emails.value eq "nobody@none.example""#), ("Users", #"emails[type eq "work"].value eq "nobody""#),
                ("Users", #"userName eq """#), ("Users", #"userName eq null"#), ("Groups", #"displayName eq "nobody""#),
                ("Groups", #"members.value eq "nobody""#), ("Users", #"userName eq "a" and userName eq "b""#),
            ] {
                let answer = try await box.find(filter, in: type)
                #expect(answer.status == 200 && answer.total == 0 && answer["Resources"]?.elements?.isEmpty == true, "\(filter)")
            }
            for filter in [
                "userName", "userName eq", "userName is \"a\"", "userName eq \"a", "userName eq a", "(userName eq \"a\"", "and",
                "userName eq \"a\" and", "userName eq \"a\" xor id pr", "emails[type eq \"work\"", "emails[].value eq \"a\"",
                "not userName eq \"a\"", "userName eq \"a\" userName eq \"b\"", "noSuchAttribute eq \"a\"", "urn:none:userName eq \"a\"",
                "meta.lastModified gt \"yesterday\"", "active gt true", "userName eq \"\\x\"",
            ] {
                let answer = try await box.find(filter)
                #expect(answer.status == 400 && answer.kind == "invalidFilter", "\(filter) \(answer)")
            }
            #expect(try await box.scim(.GET, "/Users/nobody").status == 404)
        }
    }

    /// Every corner refuses in SCIM's form; the harness checks the form of each answer.
    @Test func trap12_errorsFromEveryCorner() async throws {
        try await SandboxHarness.run { box in
            let id = try await box.newUser("errors@\(box.domain)")
            let some = #"{"schemas":["\#(Self.user)"],"userName":"more@\#(box.domain)"}"#
            #expect(try await box.scim(.GET, "/Users", rights: nil).status == 401)
            #expect(try await box.scim(.GET, "/Users", headers: [("authorization", "Basic Og==")], rights: nil).status == 401)
            #expect(try await box.scim(.GET, "/Users", headers: [("authorization", "Bearer ")], rights: nil).status == 401)
            #expect(try await box.scim(.POST, "/Users", some, rights: "user/read").status == 403)
            #expect(try await box.scim(.DELETE, "/Users/\(id)", rights: "user/read user/write").status == 403)
            for path in [
                "/users/none/more", "/Nothing", "/Users/\(id)/title", "/Schemas/none", "/ResourceTypes/none", "/Users/%00",
            ] {
                #expect([404, 400].contains(try await box.scim(.GET, path).status), "\(path)")
            }
            let wrong: [(HTTPMethod, String)] = [
                (.PUT, "/Users"), (.PATCH, "/Users"), (.DELETE, "/Users"), (.POST, "/Users/\(id)"), (.GET, "/Bulk"), (.PUT, "/Bulk"),
                (.GET, "/.search"), (.DELETE, "/Groups"),
            ]
            let discovery = ["/ServiceProviderConfig", "/ResourceTypes", "/ResourceTypes/User", "/Schemas", "/Schemas/\(Self.user)"]
            for (method, path) in wrong + discovery.flatMap({ path in [.POST, .PUT, .PATCH, .DELETE].map { ($0, path) } }) {
                let answer = try await box.scim(method, path, method == .DELETE || method == .GET ? nil : some)
                #expect(answer.status == 405 && answer.headers["allow"] != nil, "\(method) \(path) \(answer)")
            }
            for type in ["text/plain", "application/xml", "multipart/form-data", "application/x-www-form-urlencoded", "nonsense"] {
                #expect(try await box.scim(.POST, "/Users", some, headers: [("content-type", type)]).status == 415, "\(type)")
            }
            for body in ["", "{", "[]", "null", "1", #"{"schemas":1}"#, #"{"a":1,"a":2}"#, "{\"userName\":\"\\ud800\"}"] {
                let answer = try await box.scim(.POST, "/Users", body)
                #expect(answer.status == 400 && ["invalidSyntax", "invalidValue"].contains(answer.kind), "\(body) \(answer)")
            }
            let large = #"{"schemas":["\#(Self.user)"],"userName":"\#(String(repeating: "x", count: 3 << 19))"}"#
            #expect(try await box.scim(.POST, "/Users", large).status == 413)
            try await box.script(#"{"match":{"path":"/scim/v2/Users"},"kind":"server-error"}"#)
            #expect(try await box.scim(.GET, "/Users").status == 500)
            #expect(try await box.scim(.GET, "/Users?\(String(repeating: "a", count: 20_000))").status == 414)
        }
    }

    /// One name, one user: by POST, PUT and PATCH, in any letter case, and also when many come at once.
    @Test func trap13_uniqueNames() async throws {
        try await SandboxHarness.run { box in
            let (one, two) = ("one@\(box.domain)", "two@\(box.domain)")
            let first = try await box.newUser(one)
            let second = try await box.newUser(two)
            let capitals = one.uppercased()
            #expect(try await box.postUser(capitals).kind == "uniqueness")
            let put = try await box.scim(.PUT, "/Users/\(second)", #"{"schemas":["\#(Self.user)"],"userName":"\#(capitals)"}"#)
            #expect(put.status == 409 && put.kind == "uniqueness")
            for operation in [
                #"{"op":"replace","path":"userName","value":"\#(capitals)"}"#, #"{"op":"add","value":{"USERNAME":"\#(one)"}}"#,
            ] {
                let patch = try await box.patch("/Users/\(second)", operation)
                #expect(patch.status == 409 && patch.kind == "uniqueness")
            }
            #expect(try await box.scim(.GET, "/Users/\(second)")["userName"]?.text == two)
            // One's own name in another letter case is no conflict.
            let own = try await box.patch("/Users/\(first)", #"{"op":"replace","path":"userName","value":"\#(capitals)"}"#)
            #expect(own.status == 200 && own["userName"]?.text == capitals)

            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for index in 0..<12 {
                    let name = index % 2 == 0 ? "race@\(box.domain)" : "RACE@\(box.domain)"
                    group.addTask { try await box.postUser(name).status }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(statuses.sorted() == [201] + Array(repeating: 409, count: 11))
            #expect(try await box.find(#"userName eq "race@\#(box.domain)""#).total == 1)
        }
    }

    /// Changes of one group that come at once lose nobody, and who asks without members does not get them.
    @Test func trap14_manyMembers() async throws {
        try await SandboxHarness.run({ $0.seed = .people(140) }) { box in
            let everybody = try await box.scim(.GET, "/Users?count=1000&attributes=id").ids
            let (early, late) = (Array(everybody[0..<20]), Array(everybody[20..<120]))
            let group = try await box.newGroup("Many", early)
            try await withThrowingTaskGroup(of: Int.self) { tasks in
                for index in 0..<20 {
                    let added = late[index * 5..<index * 5 + 5].map { #"{"value":"\#($0)"}"# }.joined(separator: ",")
                    tasks.addTask {
                        try await box.patch("/Groups/\(group)", #"{"op":"add","path":"members","value":[\#(added)]}"#).status
                    }
                    tasks.addTask {
                        try await box.patch("/Groups/\(group)", #"{"op":"remove","path":"members[value eq \"\#(early[index])\"]"}"#).status
                    }
                }
                for try await status in tasks { #expect(status == 200) }
            }
            #expect(try await Set(box.scim(.GET, "/Groups/\(group)?attributes=members").members) == Set(late))
            #expect(try await box.scim(.GET, "/Groups/\(group)?excludedAttributes=members")["members"] == nil)
            #expect(try await box.scim(.GET, "/Groups?excludedAttributes=members&count=1000").resources.allSatisfy { $0["members"] == nil })
            // The answer to a change of a large group does not carry the group.
            let one = everybody[130]
            let more = try await box.patch("/Groups/\(group)", #"{"op":"add","path":"members","value":[{"value":"\#(one)"}]}"#)
            #expect(more.status == 200 && more["members"] == nil)
            let all = try await box.patch(
                "/Groups/\(group)?attributes=members", #"{"op":"remove","path":"members","value":[{"value":"\#(one)"}]}"#)
            #expect(all.members.count == 100)
            #expect(try await box.find(#"members.value eq "\#(late[3])""#, in: "Groups").ids.contains(group))
        }
    }

    /// Both media types come in, one goes out.
    @Test func trap15_mediaTypes() async throws {
        try await SandboxHarness.run { box in
            for (index, type) in [
                "application/json", "application/scim+json", "application/json; charset=utf-8", "application/scim+json;charset=UTF-8",
                "Application/JSON", "application/scim+json; charset=\"utf-8\"", "application/json;odata=verbose",
            ].enumerated() {
                let text = #"{"schemas":["\#(Self.user)"],"userName":"media\#(index)@\#(box.domain)"}"#
                let made = try await box.scim(.POST, "/Users", text, headers: [("content-type", type)])
                #expect(made.status == 201, "\(type) \(made)")
            }
            for accept in [
                "application/json", "*/*", "application/*", "application/scim+json", "application/scim+json;q=0.5, text/html",
                "application/json, text/plain, */*", "text/html",
            ] {
                let read = try await box.scim(.GET, "/Users?count=1", headers: [("accept", accept)])
                #expect(read.status == 200, "\(accept) \(read)")
            }
        }
    }

    /// Who is disabled is still seen; who is deleted is not, frees the name and leaves every group.
    @Test func trap16_softAndHardDelete() async throws {
        try await SandboxHarness.run { box in
            let name = "leaver@\(box.domain)"
            let (id, other) = (try await box.newUser(name, #""externalId":"e-1""#), try await box.newUser("stayer@\(box.domain)"))
            let groups = [try await box.newGroup("First", [id, other]), try await box.newGroup("Second", [id])]
            #expect(
                try await box.patch("/Users/\(id)", #"{"op":"replace","path":"active","value":false}"#)["active"]?.serialized == "false")
            #expect(try await box.scim(.GET, "/Users/\(id)")["groups"]?.elements?.count == 2)
            #expect(try await box.find(#"userName eq "\#(name)""#).ids == [id])
            #expect(try await box.find(#"active eq false and externalId eq "e-1""#).ids == [id])
            #expect(try await box.postUser(name).status == 409)

            #expect(try await box.scim(.DELETE, "/Users/\(id)").status == 204)
            #expect(try await box.scim(.DELETE, "/Users/\(id)").status == 404)
            #expect(try await box.scim(.GET, "/Users/\(id)").status == 404)
            #expect(try await box.patch("/Users/\(id)", #"{"op":"replace","path":"active","value":true}"#).status == 404)
            #expect(try await box.find(#"userName eq "\#(name)" or externalId eq "e-1" or emails.value eq "\#(name)""#).total == 0)
            #expect(try await box.scim(.GET, "/Groups/\(groups[0])").members == [other])
            #expect(try await box.scim(.GET, "/Groups/\(groups[1])").members.isEmpty)
            #expect(try await box.find(#"members.value eq "\#(id)""#, in: "Groups").total == 0)
            let again = try await box.postUser(name)
            #expect(again.status == 201 && again["groups"] == nil && again["externalId"] == nil)
            #expect(try await box.find(#"userName eq "\#(name)""#).ids == [again.id])
        }
    }

    /// Pages hold together whatever is asked of them.
    @Test func trap17_pages() async throws {
        try await SandboxHarness.run { box in
            let total = try #require(try await box.scim(.GET, "/Users?count=0").total)
            #expect(total > 60)
            for filter in [
                "", "&filter=" + SandboxHarness.encoded("userName pr"), "&sortBy=userName", "&sortBy=name.familyName&sortOrder=descending",
            ] {
                var seen: [String] = []
                for start in stride(from: 1, through: total, by: 7) {
                    let page = try await box.scim(.GET, "/Users?startIndex=\(start)&count=7\(filter)")
                    #expect(page.total == total && page["startIndex"]?.integer == start && page["itemsPerPage"]?.integer == page.ids.count)
                    seen += page.ids
                }
                #expect(seen.count == total && Set(seen).count == total, "\(filter)")
            }
            let first = try await box.scim(.GET, "/Users?count=3").ids
            for (query, start, ids) in [
                ("count=0", 1, []), ("count=-1", 1, []), ("startIndex=0&count=3", 1, first), ("startIndex=-7&count=3", 1, first),
                ("startIndex=\(total + 1)&count=3", total + 1, []), ("startIndex=2147483648&count=3", 2_147_483_648, []),
            ] {
                let page = try await box.scim(.GET, "/Users?\(query)")
                #expect(page.status == 200 && page.total == total, "\(query)")
                #expect(page["startIndex"]?.integer == start && page.ids == ids, "\(query) \(page)")
            }
            #expect(try await box.scim(.GET, "/Users?count=1000000").status == 200)
            #expect(try await box.scim(.GET, "/Users?startIndex=one").status == 400)
        }
    }
}
