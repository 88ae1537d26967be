import Foundation
import Mimecast
import NIOHTTP1
import Testing

@testable import Sandbox

/// Requests as real clients build them, header by header and byte by byte, and the parts of the replies that they rely on.
@Suite(.serialized) struct ClientShapeTests {
    private static let accounts = "/api/account/get-account"
    private static let domains = "/api/domain/get-internal-domain"
    private static let users = "/api/user/get-internal-users"
    private static let groups = "/api/directory/find-groups"

    /// Sends exactly these headers and this body, and nothing else of our own.
    private func bare(_ box: SandboxHarness, _ path: String, _ body: String?, _ headers: [(String, String)] = []) async throws -> Reply {
        let token = try await box.token(.portal)
        return try await box.send(.POST, path, headers: [("Authorization", "Bearer \(token)")] + headers, body: body)
    }

    /// Python programs that send `str(dict)`: single quotes, no content type, or a wrong one.
    @Test(arguments: [[], [("content-type", "text/plain")], [("content-type", "application/x-www-form-urlencoded")]])
    func pythonDictionaries(headers: [(String, String)]) async throws {
        try await SandboxHarness.run { box async throws in
            let list = try await bare(
                box, Self.users, "{'meta': {'pagination': {'pageSize': 25, 'pageToken': ''}}, 'data': [{'domain': '\(box.domain)'}]}",
                headers)
            #expect(list.status == 200 && list.fail.isEmpty)
            #expect(try #require(list.data.first)["users"]?.list.count == 25)
            let person = try SandboxHarness.person { $0.source == .cloud && $0.adminRoles.isEmpty }
            let update = try await bare(
                box, "/api/user/update-user",
                "{'data': [{'emailAddress': u'\(person.address)', 'accountDisabled': True, 'allowPop': False, 'name': 'D\\'Arcy \\xe9',}]}",
                headers)
            let state = try #require(update.data.first)
            #expect(state["accountDisabled"]?.bool == true && state["allowPop"]?.bool == false)
            #expect(state["name"]?.text == "D'Arcy é")
        }
    }

    /// PowerShell: a bare True, and truth values as strings in any case.
    @Test(arguments: ["True", "true", "\"True\"", "\"true\"", "\"TRUE\""])
    func truthAsPowerShellSaysIt(value: String) async throws {
        try await SandboxHarness.run { box async throws in
            let person = try SandboxHarness.person { $0.source == .cloud && $0.adminRoles.isEmpty }
            let item = "{\"emailAddress\": \"\(person.address)\", \"accountLocked\": \(value), \"allowSmtp\": \"False\"}"
            let state = try #require(try await box.item(.v1, "/api/user/update-user", item).data.first)
            #expect(state["accountLocked"]?.bool == true && state["allowSmtp"]?.bool == false)
            let read = try #require(try await box.item(.v1, "/api/user/update-user", "{'emailAddress': '\(person.address)'}").data.first)
            #expect(read["accountLocked"]?.bool == true)
        }
    }

    /// Calls that need no item take nothing at all, an empty object and an empty list; null is refused.
    @Test func callsWithoutItems() async throws {
        try await SandboxHarness.run { box async throws in
            for path in [Self.accounts, Self.domains, Self.users, Self.groups] {
                for body in [nil, "", "  \r\n", "{}", #"{"data":[]}"#, #"{"data": [], "meta": {}}"#, "{'data': [{}]}"] as [String?] {
                    let reply = try await bare(box, path, body)
                    #expect(reply.status == 200 && reply.fail.isEmpty && !reply.data.isEmpty, "\(path) \(body ?? "nil")")
                }
                let null = try await bare(box, path, #"{"data":null}"#)
                #expect(null.status == 400 && null.code == FailureCode.deserialise, "\(path)")
            }
        }
    }

    /// Page settings in the places and kinds in which clients put them.
    @Test func pageSettings() async throws {
        try await SandboxHarness.run { box async throws in
            func rows(_ body: String) async throws -> Int? {
                let reply = try await bare(box, Self.users, body)
                #expect(reply.status == 200)
                return reply.data.first?["users"]?.list.count
            }
            #expect(try await rows(#"{"meta":{"pagination":{"pageSize":"7"}}}"#) == 7)
            #expect(try await rows(#"{"meta":{"pagination":{"pageSize":7.0,"pageToken":""}},"data":[{}]}"#) == 7)
            // A name of their own is a field that nobody knows; meta inside an item is one, too.
            let everybody = try await rows("{}")
            #expect(try await rows(#"{"meta":{"pagination":{"page_size":7}}}"#) == everybody)
            #expect(try await rows(#"{"data":[{"meta":{"pagination":{"pageSize":7}}}]}"#) == everybody)
            #expect(try await rows(#"{"meta":{"pagination":null},"x":{"y":[1]}}"#) == everybody)
            for size in ["0", "501", "-1", "\"x\"", "1.5", "99999999999999999999", "[]"] {
                #expect(try await bare(box, Self.users, #"{"meta":{"pagination":{"pageSize":\#(size)}}}"#).status == 400, "\(size)")
            }
        }
    }

    /// A follow-up may carry the token alone, or the same item again; the filter goes on.
    @Test func tokenAloneOnFollowUpPages() async throws {
        try await SandboxHarness.run { box async throws in
            let item = #"{"domain":"\#(box.domain)"}"#
            let first = try await bare(box, Self.users, #"{"meta":{"pagination":{"pageSize":5}},"data":[\#(item)]}"#)
            let token = try #require(first.pagination?["next"]?.text)
            #expect(first.pagination?["pageToken"] == nil)
            let page = #"{"meta":{"pagination":{"pageSize":5,"pageToken":"\#(token)"}}"#
            let bodies = [page + "}", page + #","data":[]}"#, page + #","data":[\#(item)]}"#, page + #","data":[{}]}"#]
            var seen: Set<String> = []
            for body in bodies {
                let reply = try await bare(box, Self.users, body)
                #expect(reply.status == 200)
                let addresses = reply.data.first?["users"]?.list.compactMap { $0["emailAddress"]?.text } ?? []
                #expect(addresses.count == 5 && addresses.allSatisfy { $0.hasSuffix("@" + box.domain) })
                seen.insert(addresses.joined(separator: " "))
            }
            #expect(seen.count == 1)
            let other = try await bare(box, Self.users, page + #","data":[{"domain":"other.example"}]}"#)
            #expect(other.status == 400)
        }
    }

    /// Which keys a reply has, and which it has not.
    @Test func envelopeDownToTheKeys() async throws {
        try await SandboxHarness.run { box async throws in
            let account = try await bare(box, Self.accounts, nil)
            #expect(Set(account.json.members.keys) == ["meta", "data", "fail"])
            #expect(Set(account.json["meta"]?.members.keys ?? [:].keys) == ["status"])
            #expect(account.json["meta"]?["status"]?.int == 200 && account.json["fail"] == .array([]))
            let domains = try await bare(box, Self.domains, "{}")
            #expect(Set(domains.json["meta"]?.members.keys ?? [:].keys) == ["status"])
            let list = try await bare(box, Self.users, #"{"meta":{"pagination":{"pageSize":2}}}"#)
            let keys = Set(list.pagination?.members.keys ?? [:].keys)
            #expect(keys == ["pageSize", "next"] && list.pagination?["pageSize"]?.int == 2)
            #expect(Set(try #require(list.data.first).members.keys) == ["users", "userCount"])
            let row = try #require(list.data.first?["users"]?.list.first)
            #expect(Set(row.members.keys) == ["name", "emailAddress", "domain", "alias", "addressType", "source"])
            let last = try await bare(box, Self.users, #"{"meta":{"pagination":{"pageSize":500}}}"#)
            #expect(Set(last.pagination?.members.keys ?? [:].keys) == ["pageSize"])
            #expect(last.pagination?["pageSize"]?.int == last.data.first?["users"]?.list.count)
            // Captured: no group matches.
            let none = try await bare(box, Self.groups, #"{"data":[{"query":"no such group","source":"cloud"}]}"#)
            #expect(none.pagination?["pageSize"]?.int == 0)
            let folders = try #require(none.data.first)
            #expect(folders["folders"] == .array([]) && folders["query"]?.text == "no such group" && folders["source"]?.text == "cloud")
        }
    }

    /// Some items succeed, some fail: 200, both told, each failure with its item as it came.
    @Test func partialSuccess() async throws {
        try await SandboxHarness.run { box async throws in
            let people = Company.generate(people: 60, domains: 2, seed: 1).people.filter { $0.source == .cloud && $0.adminRoles.isEmpty }
            let good = people.prefix(2).map(\.address)
            let odd = #"{"emailAddress":"nobody@nowhere.example","allowPop":"true","more":{"deep":[1,null]}}"#
            let reply = try await bare(
                box, "/api/user/update-user",
                #"{"data":[{"emailAddress":"\#(good[0])","allowPop":true},\#(odd),{"name":"x"},{"emailAddress":"\#(good[1])","allowPop":true}]}"#
            )
            #expect(reply.status == 200 && reply.json["meta"]?["status"]?.int == 200)
            #expect(reply.data.compactMap { $0["emailAddress"]?.text } == good)
            #expect(reply.fail.count == 2)
            let first = try #require(reply.fail.first)
            #expect(first["key"]?["more"]?["deep"] == .array([.number(1), .null]) && first["key"]?["allowPop"]?.text == "true")
            let reason = try #require(first["errors"]?.list.first)
            #expect(reason["code"]?.text == FailureCode.forbiddenForAddress && reason["retryable"]?.bool == false)
            #expect(reason["message"]?.text == "0003 Forbidden To Perform Operation For Address")
            let second = try #require(reply.fail.last)
            #expect(second["errors"]?.list.first?["code"]?.text == FailureCode.validationNull)
            #expect(second["errors"]?.list.first?["field"]?.text == "emailAddress")
        }
    }

    /// Every reply of every kind carries the three headers; 429 carries Retry-After, too.
    @Test func rateHeadersOnEveryReply() async throws {
        try await SandboxHarness.run { box async throws in
            let token = try await box.token(.portal)
            let bearer = [("authorization", "Bearer \(token)")]
            let replies = [
                try await box.send(.POST, Self.accounts, headers: bearer), try await box.send(.POST, Self.accounts),
                try await box.send(.POST, Self.accounts, headers: [("authorization", "Bearer made-up")]),
                try await box.send(.POST, "/api/nowhere", headers: bearer), try await box.send(.DELETE, Self.accounts, headers: bearer),
                try await box.send(.POST, Self.users, headers: bearer, body: "{"),
                try await box.send(.POST, "/oauth/token", body: "grant_type=nonsense"), try await box.askToken(.portal),
                try await box.send(.POST, Self.accounts, headers: box.signedHeaders(Self.accounts, appID: "nobody")),
                try await box.send(.GET, "/user/cloud-gateway/v1/users", headers: bearer),
                try await box.send(.GET, "/user/cloud-gateway/v1/users?x=" + String(repeating: "x", count: 20_000), headers: bearer),
            ]
            for reply in replies {
                for name in ["limit", "remaining", "reset"] {
                    #expect(reply.headers["x-ratelimit-" + name].flatMap { Int($0) } != nil, "\(reply.status) \(reply.text) \(name)")
                }
                #expect(reply.headers["retry-after"] == nil)
                #expect(reply.headers["x-request-id"] != nil)
            }
            // Recorded: 5000 where nobody is known; falls by one a call.
            #expect(replies[1].headers["x-ratelimit-limit"] == "5000")
        }
    }

    /// A category that is used up leaves the others alone.
    @Test func quotasAreByCategory() async throws {
        try await SandboxHarness.run({ options in
            options.quotas = [.init(calls: 1_000, seconds: 10), .init(category: .directory, calls: 2, seconds: 1_000)]
        }) { box async throws in
            #expect(try await bare(box, Self.groups, "{}").status == 200)
            #expect(try await bare(box, Self.groups, "{}").status == 200)
            let refused = try await bare(box, Self.groups, "{}")
            #expect(refused.status == 429 && refused.headers["retry-after"].flatMap { Int($0) } ?? 0 > 0)
            #expect(refused.headers["x-ratelimit-remaining"] == "0")
            #expect(try await bare(box, Self.users, "{}").status == 200)
            #expect(try await box.call(.guide, Self.groups).status == 200)
        }
    }

    /// A malformed object id on a portal path: 400, and not a byte of body.
    @Test(arguments: ["!", "a b", "<script>", "ü", "../x", "12345", "not-an-id", "MTOKEN:", "MTOKEN:12"])
    func malformedIDs(id: String) async throws {
        try await SandboxHarness.run { box async throws in
            let reply = try await box.item(.portal, "/api/directory/get-group-members", #"{"id":"\#(id)"}"#)
            #expect(reply.status == 400 && reply.text.isEmpty)
        }
    }

    @Test func statusesOfWhatIsNotServed() async throws {
        try await SandboxHarness.run { box async throws in
            #expect(try await bare(box, "/api/user/delete-user", "{}").status == 404)
            #expect(try await bare(box, "/api/user/get-internal-users/", "{}").status == 404)
            let token = try await box.token(.portal)
            for method in [HTTPMethod.PUT, .PATCH, .DELETE] {
                let reply = try await box.send(method, Self.users, headers: [("authorization", "Bearer \(token)")])
                #expect(reply.status == 405 && reply.headers["allow"] != nil)
            }
        }
    }

    /// A second item where one is taken: none is carried out, each is told so.
    @Test func itemLimits() async throws {
        try await SandboxHarness.run { box async throws in
            let people = Company.generate(people: 60, domains: 2, seed: 1).people.filter { $0.source == .cloud }.prefix(6).map(\.address)
            let items = people.map { #"{"emailAddress":"\#($0)","allowPop":true}"# }.joined(separator: ",")
            let reply = try await bare(box, "/api/user/update-user", #"{"data":[\#(items)]}"#)
            #expect(reply.status == 200 && reply.data.isEmpty && reply.fail.count == 6 && reply.code == FailureCode.tooManyItems)
            let state = try await box.item(.portal, "/api/user/update-user", #"{"emailAddress":"\#(people[0])"}"#)
            #expect(state.data.first?["allowPop"]?.bool == false)
            let two = try await box.call(
                .guide, "/api/user/create-managed-sender",
                #"{"data":[{"emailAddress":"a1@\#(box.domain)","name":"A"},{"emailAddress":"a2@\#(box.domain)","name":"B"}]}"#)
            #expect(two.data.isEmpty && two.fail.count == 2)
        }
    }

    /// One reason for each field that is missing.
    @Test(arguments: [
        ("/api/user/update-alias", ["alias", "aliasFor"]), ("/api/user/remove-alias", ["alias", "aliasFor"]),
        ("/api/user/add-delegate-user", ["primaryAddress", "delegateAddress"]),
        ("/api/user/update-attributes", ["emailAddress", "attributes"]),
        ("/api/audit/get-audit-events", ["startDateTime", "endDateTime"]),
    ])
    func everyMissingFieldIsNamed(path: String, fields: [String]) async throws {
        try await SandboxHarness.run { box async throws in
            let reply = try await box.item(.portal, path, "{}")
            let errors = reply.fail.first?["errors"]?.list ?? []
            #expect(reply.status == 200 && reply.fail.count == 1)
            #expect(errors.compactMap { $0["field"]?.text } == fields, "\(reply.text)")
            #expect(errors.allSatisfy { $0["code"]?.text == FailureCode.validationNull })
        }
    }

    /// The state has eight keys, name or no name; an id will do as the key; what is not known is passed over.
    @Test func stateOfAUser() async throws {
        try await SandboxHarness.run { box async throws in
            let made = try #require(
                try await box.item(.portal, "/api/user/create-user", #"{"emailAddress":"no.name@\#(box.domain)"}"#).data.first)
            let item =
                #"{"emailAddress":"no.name@\#(box.domain)","passwordNeverExpires":true,"archiveStartDate":"2020-01-01T00:00:00+0000"}"#
            let state = try #require(try await box.item(.v1, "/api/user/update-user", item).data.first)
            #expect(
                Set(state.members.keys) == [
                    "emailAddress", "name", "forcePasswordChange", "passwordNeverExpires", "accountLocked", "accountDisabled", "allowSmtp",
                    "allowPop",
                ])
            #expect(state["passwordNeverExpires"]?.bool == true && state["name"]?.text?.isEmpty == true)
            let byID = try await box.item(.portal, "/api/user/update-user", #"{"id":"\#(made["id"]?.text ?? "")"}"#)
            #expect(byID.data == [state])
        }
    }

    /// A page that is asked for wrongly where there is no envelope: no envelope in the answer.
    @Test func plainCallsFailPlainly() async throws {
        try await SandboxHarness.run { box async throws in
            for query in ["pageSize=101", "pageSize=x", "pageToken=made-up"] {
                let reply = try await box.call(.portal, "/user/cloud-gateway/v1/users?" + query, nil, method: .GET)
                #expect(reply.status == 400 && reply.json["meta"] == nil && reply.fail.first?["code"]?.text != nil, "\(reply.text)")
            }
        }
    }

    /// Where a client names another account than its own, in the body's meta or in a header, it is its own that is meant.
    @Test func anAccountCodeOnTheSideIsPassedOver() async throws {
        try await SandboxHarness.run { box async throws in
            let reply = try await bare(
                box, Self.accounts, #"{"meta":{"accountCode":"CUSB0A1"},"data":[]}"#, [("x-mc-accountcode", "CUSB0A1")])
            #expect(reply.data.first?["accountCode"]?.text == box.value("ACCOUNT_CODE"))
        }
    }
}
