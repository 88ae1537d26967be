import Foundation
import Mimecast
import NIOHTTP1
import Testing

@testable import Sandbox

extension ScimTrapTests {
    private static func bulk(_ operations: String, failOnErrors: Int? = nil) -> String {
        let limit = failOnErrors.map { #""failOnErrors":\#($0),"# } ?? ""
        return #"{"schemas":["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],\#(limit)"Operations":[\#(operations)]}"#
    }

    private static func group(_ name: String, _ members: String...) -> String {
        let members = members.map { #"{"value":"\#($0)"}"# }.joined(separator: ",")
        return #"{"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"displayName":"\#(name)","members":[\#(members)]}"#
    }

    /// References ahead of their targets, in circles and in paths; limits; errors inside.
    @Test func trap22_bulk() async throws {
        try await SandboxHarness.run { box in
            let person = #"{"schemas":["\#(Self.user)"],"userName":"bulk@\#(box.domain)"}"#
            let made = try await box.scim(
                .POST, "/Bulk",
                Self.bulk(
                    #"""
                    {"method":"POST","path":"/Groups","bulkId":"a","data":\#(Self.group("A", "bulkId:b", "bulkId:p"))},
                    {"method":"POST","path":"/Groups","bulkId":"b","data":\#(Self.group("B", "bulkId:a"))},
                    {"method":"POST","path":"/Users","bulkId":"p","data":\#(person)},
                    {"method":"PATCH","path":"/Users/bulkId:p","data":{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
                    "Operations":[{"op":"replace","path":"title","value":"Bulky"}]}}
                    """#))
            let operations = made["Operations"]?.elements ?? []
            #expect(made.status == 200 && operations.count == 4)
            #expect(operations.map { $0["status"]?.text } == ["201", "201", "201", "200"])
            let ids = operations.map { $0["location"]?.text?.split(separator: "/").last.map(String.init) ?? "" }
            #expect(try await Set(box.scim(.GET, "/Groups/\(ids[0])").members) == [ids[1], ids[2]])
            #expect(try await box.scim(.GET, "/Groups/\(ids[1])").members == [ids[0]])
            #expect(try await box.scim(.GET, "/Users/\(ids[2])")["title"]?.text == "Bulky")

            // An error stands where its operation stood, in SCIM's form; after so many the rest is left alone.
            let mixed = #"""
                {"method":"DELETE","path":"/Users/none"},{"method":"POST","path":"/Users","bulkId":"q","data":\#(person)},
                {"method":"POST","path":"/Groups","bulkId":"c","data":\#(Self.group("C", "bulkId:q"))},
                {"method":"POST","path":"/Groups","bulkId":"d","data":\#(Self.group("D"))}
                """#
            let all = try await box.scim(.POST, "/Bulk", Self.bulk(mixed))
            let outcomes = all["Operations"]?.elements ?? []
            #expect(all.status == 200 && outcomes.count == 4)
            for (index, status) in [(0, "404"), (1, "409")] where index < outcomes.count {
                #expect(outcomes[index]["status"]?.text == status)
                #expect(outcomes[index]["response"]?["status"]?.text == status)
                #expect(outcomes[index]["response"]?["schemas"]?.elements?.first?.text == ConversationRules.error)
            }
            #expect(outcomes.last?["status"]?.text == "201", "one failure does not sink the others")
            #expect(outcomes.first { $0["bulkId"]?.text == "c" }?["status"]?.text?.first == "4", "what it refers to failed")
            #expect(try await box.find(#"displayName eq "C""#, in: "Groups").total == 0)
            let stopped = try await box.scim(
                .POST, "/Bulk",
                Self.bulk(
                    #"{"method":"DELETE","path":"/Users/none"},{"method":"POST","path":"/Groups","bulkId":"e","data":\#(Self.group("E"))}"#,
                    failOnErrors: 1))
            #expect(stopped.status == 200 && stopped["Operations"]?.elements?.count == 1)
            #expect(try await box.find(#"displayName eq "E""#, in: "Groups").total == 0)

            let config = try await box.scim(.GET, "/ServiceProviderConfig")["bulk"]
            let most = try #require(config?["maxOperations"]?.integer)
            let many = Array(repeating: #"{"method":"DELETE","path":"/Users/none"}"#, count: most + 1).joined(separator: ",")
            #expect(try await box.scim(.POST, "/Bulk", Self.bulk(many)).status == 413)
            #expect(try await box.scim(.POST, "/Bulk", #"{"schemas":[],"Operations":[]}"#).status == 400)
        }
    }

    /// Versions: 304 without a body, 412 before anything happens, weak or strong, one or several.
    @Test func trap23_versions() async throws {
        try await SandboxHarness.run { box in
            let id = try await box.newUser("etag@\(box.domain)")
            let path = "/Users/\(id)"
            let read = try await box.scim(.GET, path)
            let old = read.version
            #expect(old.hasPrefix("W/\"") && old.hasSuffix("\"") && read.headers["etag"] == old)
            let bare = String(old.dropFirst(2))
            for tag in [old, bare, "*", "\"no\", \(old)"] {
                #expect(try await box.scim(.GET, path, headers: [("if-none-match", tag)]).status == 304, "\(tag)")
            }
            #expect(try await box.scim(.GET, path, headers: [("if-none-match", "W/\"no\"")]).status == 200)
            func title(_ value: String, ifMatch tag: String) async throws -> ScimAnswer {
                try await box.patch(path, #"{"op":"replace","path":"title","value":"\#(value)"}"#, headers: [("if-match", tag)])
            }
            let second = try await title("One", ifMatch: old)
            #expect(second.status == 200 && second.version != old && second.headers["etag"] == second.version)
            #expect(try await title("Two", ifMatch: old).status == 412)
            #expect(try await title("Two", ifMatch: "W/\"no\"").status == 412)
            let body = #"{"schemas":["\#(Self.user)"],"userName":"etag@\#(box.domain)","title":"Two"}"#
            #expect(try await box.scim(.PUT, path, body, headers: [("if-match", old)]).status == 412)
            #expect(try await box.scim(.DELETE, path, headers: [("if-match", old)]).status == 412)
            let kept = try await box.scim(.GET, path)
            #expect(kept["title"]?.text == "One" && kept.version == second.version)
            // What changes nothing keeps the version.
            #expect(try await title("One", ifMatch: "*").version == second.version)
            #expect(try await title("Three", ifMatch: "\"no\", \(second.version.dropFirst(2))").status == 200)
            #expect(try await box.patch("/Users/none", #"{"op":"remove","path":"title"}"#, headers: [("if-match", "*")]).status != 200)
            let last = try await box.scim(.GET, path).version
            #expect(try await box.scim(.DELETE, path, headers: [("if-match", last)]).status == 204)
        }
    }

    /// Locations are those that the client can call, also behind a proxy.
    @Test func trap24_locations() async throws {
        try await SandboxHarness.run { box in
            let made = try await box.postUser("where@\(box.domain)")
            #expect(made.headers["location"] == "\(box.baseURL)/scim/v2/Users/\(made.id)")
            let group = try await box.newGroup("Where", [made.id])
            for (headers, base) in [
                ([("forwarded", "for=192.0.2.1;proto=https;host=scim.example.com")], "https://scim.example.com"),
                (
                    [("forwarded", "For=\"[2001:db8::1]\"; Proto=https; Host=\"scim.example.com:8443\", for=10.0.0.1")],
                    "https://scim.example.com:8443"
                ),
                ([("x-forwarded-proto", "https"), ("x-forwarded-host", "scim.example.com")], "https://scim.example.com"),
                ([], box.baseURL),
            ] {
                let read = try await box.scim(.GET, "/Users/\(made.id)", headers: headers)
                #expect(read["meta"]?["location"]?.text == "\(base)/scim/v2/Users/\(made.id)", "\(headers)")
                let members = try await box.scim(.GET, "/Groups/\(group)", headers: headers)["members"]?.elements
                #expect(members?.first?["$ref"]?.text == "\(base)/scim/v2/Users/\(made.id)", "\(headers)")
                let listed = try await box.scim(.GET, "/Schemas", headers: headers).resources
                #expect(listed.allSatisfy { $0["meta"]?["location"]?.text?.hasPrefix("\(base)/scim/v2/Schemas/") ?? false }, "\(headers)")
            }
            // What is no host is not repeated.
            for host in ["scim.example.com/path", "a b", "user@host", "\"><script>", ""] {
                let read = try await box.scim(.GET, "/Users/\(made.id)", headers: [("x-forwarded-host", host)])
                #expect(read["meta"]?["location"]?.text == "\(box.baseURL)/scim/v2/Users/\(made.id)", "\(host)")
            }
        }
    }

    /// A cursor is good for its own query, for a time, and missing on the last page.
    @Test func trap25_cursors() async throws {
        try await SandboxHarness.run { box in
            let total = try #require(try await box.scim(.GET, "/Users?count=0").total)
            var seen: [String] = []
            var cursor = ""
            for _ in 0...total {
                let page = try await box.scim(.GET, "/Users?count=9&cursor=\(cursor)")
                #expect(page.status == 200 && page.ids.count <= 9)
                seen += page.ids
                guard let next = page["nextCursor"]?.text else { break }
                cursor = SandboxHarness.encoded(next)
            }
            #expect(seen.count == total && Set(seen).count == total)
            #expect(try await box.scim(.GET, "/Users?count=1000&cursor=")["nextCursor"] == nil)

            let first = try #require(try await box.scim(.GET, "/Users?count=9&cursor=")["nextCursor"]?.text)
            #expect(!seen.contains { first.contains($0) }, "a cursor shows nothing of what it stands for")
            let cursors = [
                "none", "A" + first.dropFirst(), String(first.dropLast()), first + "A", String(first.reversed()),
            ]
            for wrong in cursors where wrong != first {
                let answer = try await box.scim(.GET, "/Users?count=9&cursor=\(SandboxHarness.encoded(wrong))")
                #expect(answer.status == 400 && answer.kind == "invalidCursor", "\(wrong) \(answer)")
            }
            let encoded = SandboxHarness.encoded(first)
            for query in [
                "/Users?count=9&cursor=\(encoded)&filter=\(SandboxHarness.encoded("userName pr"))", "/Groups?count=9&cursor=\(encoded)",
                "/Users?count=9&cursor=\(encoded)&sortBy=userName",
            ] {
                let answer = try await box.scim(.GET, query)
                #expect(answer.status == 400 && answer.kind == "invalidCursor", "\(query) \(answer)")
            }
            #expect(try await box.scim(.GET, "/Users?count=9&startIndex=10&cursor=\(encoded)").status == 400)
            #expect(try await box.scim(.GET, "/Users?count=9&cursor=\(encoded)").ids == Array(seen[9..<18]))
            let config = try await box.scim(.GET, "/ServiceProviderConfig")["pagination"]
            #expect(config?["cursor"]?.serialized == "true")
            let seconds = try #require(config?["cursorTimeout"]?.integer)
            _ = try await box.control(.POST, "/clock", #"{"advance":\#(seconds + 60)}"#)
            let late = try await box.scim(.GET, "/Users?count=9&cursor=\(encoded)", rights: "user/read")
            #expect(late.status == 400 && late.kind == "expiredCursor", "\(late)")
        }
    }

    /// A password goes in and nowhere out: no answer, no filter, no file, no log.
    @Test func trap26_passwords() async throws {
        let folder = try DataFolder()
        try await SandboxHarness.run({ $0.dataPath = folder.file() }) { box in
            let secrets = ["s3cret-by-post", "s3cret-by-put", "s3cret-by-patch", "s3cret-by-value"]
            let name = "secret@\(box.domain)"
            let id = try await box.newUser(name, #""password":"\#(secrets[0])""#)
            let put = try await box.scim(
                .PUT, "/Users/\(id)", #"{"schemas":["\#(Self.user)"],"userName":"\#(name)","password":"\#(secrets[1])"}"#)
            #expect(put.status == 200)
            #expect(try await box.patch("/Users/\(id)", #"{"op":"replace","path":"password","value":"\#(secrets[2])"}"#).status == 200)
            #expect(try await box.patch("/Users/\(id)", #"{"op":"add","value":{"password":"\#(secrets[3])"}}"#).status == 200)
            #expect(try await box.scim(.GET, "/Users/\(id)?attributes=password")["password"] == nil)
            for filter in [#"password eq "s3cret-by-patch""#, "password pr", #"password sw "s3""#, #"not (password pr)"#] {
                let answer = try await box.find(filter)
                #expect(answer.status == 400 && answer.kind == "invalidFilter", "\(filter)")
            }
            let schema = try await box.scim(.GET, "/Schemas/\(Self.user)")["attributes"]?.elements
            let password = schema?.first { $0["name"]?.text == "password" }
            #expect(password?["returned"]?.text == "never" && password?["mutability"]?.text == "writeOnly")
            var traces = try await box.send(.GET, "/control/requests").text
            for file in folder.names {
                traces += String(decoding: try Data(contentsOf: URL(fileURLWithPath: folder.file(file))), as: UTF8.self)
            }
            #expect(traces.contains("secret@"))
            for secret in secrets { #expect(!traces.contains(secret), "\(secret)") }
        }
    }

    /// Tokens: told how to get one, two at once while one replaces the other, expired ones refused, too many calls turned away whole.
    @Test func trap30_tokens() async throws {
        try await SandboxHarness.run({ $0.quotas = [.init(calls: 30, seconds: 3_600)] }) { box in
            func status(_ token: String?) async throws -> ScimAnswer {
                try await box.scim(.GET, "/Users?count=1", headers: token.map { [("authorization", "Bearer \($0)")] } ?? [], rights: nil)
            }
            for wrong in [nil, "", "none", String(repeating: "x", count: 5_000)] {
                let answer = try await status(wrong)
                #expect(answer.status == 401 && answer.headers["www-authenticate"]?.hasPrefix("Bearer") == true)
            }
            let old = try #require(try await box.askToken(.guide).json["access_token"]?.text)
            let new = try #require(try await box.askToken(.guide).json["access_token"]?.text)
            #expect(old != new)
            for token in [old, new] { #expect(try await status(token).status == 200) }
            #expect(try await status(String(new.dropLast())).status == 401)
            _ = try await box.control(.POST, "/clock", #"{"advance":3700}"#)
            for token in [old, new] { #expect(try await status(token).status == 401) }

            let fresh = try #require(try await box.askToken(.guide).json["access_token"]?.text)
            var turnedAway: ScimAnswer?
            for index in 0..<60 where turnedAway == nil {
                let answer = try await box.scim(
                    .POST, "/Users", #"{"schemas":["\#(Self.user)"],"userName":"quota\#(index)@\#(box.domain)"}"#,
                    headers: [("authorization", "Bearer \(fresh)")], rights: nil)
                if answer.status == 429 { turnedAway = answer } else { #expect(answer.status == 201) }
            }
            let answer = try #require(turnedAway)
            #expect(Int(answer.headers["retry-after"] ?? "").map { $0 > 0 } == true)
            #expect(try await box.lines("/requests?path=/scim/v2/Users").contains { $0["status"]?.int == 429 } == true)
        }
    }
}
