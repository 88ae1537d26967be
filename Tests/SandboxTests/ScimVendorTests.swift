import Foundation
import Mimecast
import NIOHTTP1
import Testing

@testable import Sandbox

/// What the vendor makes of SCIM: who may use it, what it leaves alone, and how its own calls see what SCIM did.
@Suite struct ScimVendorTests {
    private static func guideUser(_ box: SandboxHarness, _ address: String) async throws -> JSON? {
        for list in ["get-internal-users", "get-external-users"] {
            let rows = try await box.pages(.guide, "/api/user/" + list, size: 500) { $0.data }.rows
            if let user = rows.first(where: { $0["emailAddress"]?.text == address }) { return user }
        }
        return nil
    }

    @Test func needsTheEnterprisePlan() async throws {
        try await SandboxHarness.run({ $0.plan = .standard }) { box in
            for (method, path) in [(HTTPMethod.GET, "/Users"), (.GET, "/ServiceProviderConfig"), (.DELETE, "/Users/1")] {
                let answer = try await box.scim(method, path)
                #expect(answer.status == 403 && answer["detail"]?.text?.contains("Enterprise") == true, "\(path)")
            }
            // Everything else is served.
            #expect(try await box.call(.guide, "/api/user/get-internal-users").status == 200)
            #expect(try await box.control(.POST, "/tenants/\(box.code)", #"{"plan":"enterprise"}"#).json["plan"]?.text == "enterprise")
            #expect(try await box.scim(.GET, "/Users?count=1").status == 200)
        }
    }

    @Test func needsSingleSignOn() async throws {
        try await SandboxHarness.run({ $0.sso = .off }) { box in
            let answer = try await box.scim(.GET, "/Users")
            #expect(answer.status == 401 && answer.headers["www-authenticate"] != nil)
            #expect(answer["detail"]?.text?.contains("Single sign-on") == true)
            _ = try await box.control(.POST, "/tenants/\(box.code)", #"{"sso":"active"}"#)
            #expect(try await box.scim(.GET, "/Users?count=1").status == 200)
        }
    }

    /// It answers as if all were well, and nothing changes: only reading it back tells.
    @Test func degradedSingleSignOnChangesNothing() async throws {
        try await SandboxHarness.run { box in
            let id = try await box.newUser("kept@\(box.domain)", #""displayName":"Kept""#)
            let group = try await box.newGroup("Kept Group", [id])
            _ = try await box.control(.POST, "/tenants/\(box.code)", #"{"sso":"degraded"}"#)
            let before = (try await box.scim(.GET, "/Users/\(id)").version, try await box.lines("/tenants/\(box.code)/audit").count)
            let made = try await box.postUser("lost@\(box.domain)")
            #expect(made.status == 201 && !made.id.isEmpty)
            #expect(try await box.scim(.GET, "/Users/\(made.id)").status == 404)
            let patched = try await box.patch("/Users/\(id)", #"{"op":"replace","path":"displayName","value":"Changed"}"#)
            #expect(patched.status == 200 && patched["displayName"]?.text == "Changed")
            #expect(try await box.scim(.DELETE, "/Users/\(id)").status == 204)
            #expect(try await box.patch("/Groups/\(group)", #"{"op":"remove","path":"members"}"#).status == 200)
            let user = try await box.scim(.GET, "/Users/\(id)")
            #expect(user.version == before.0 && user["displayName"]?.text == "Kept" && user["active"]?.serialized == "true")
            #expect(try await box.scim(.GET, "/Groups/\(group)").members == [id])
            #expect(try await box.lines("/tenants/\(box.code)/audit").count == before.1)
            // One change alone, by a fault.
            _ = try await box.control(.POST, "/tenants/\(box.code)", #"{"sso":"active"}"#)
            try await box.script(#"{"match":{"path":"/scim/v2/Users/{id}","method":"PATCH"},"kind":"degrade-sso"}"#)
            for name in ["Lost", "Found"] {
                _ = try await box.patch("/Users/\(id)", #"{"op":"replace","path":"displayName","value":"\#(name)"}"#)
                #expect(try await box.scim(.GET, "/Users/\(id)")["displayName"]?.text == (name == "Lost" ? "Kept" : "Found"))
            }
        }
    }

    @Test func directorySyncedPeopleAndGroupsAreReadOnly() async throws {
        let synced = try SandboxHarness.person { $0.source == .ldap && !$0.directoryGroups.isEmpty }
        try await SandboxHarness.run { box in
            let id = try #require(try await box.find(#"userName eq "\#(synced.address)""#).ids.first)
            let group = try #require(try await box.find(#"displayName eq "\#(synced.directoryGroups[0])""#, in: "Groups").ids.first)
            let seen = try await box.scim(.GET, "/Groups/\(group)")
            #expect(seen.members.contains(id))
            let before = try await box.scim(.GET, "/Users/\(id)").version
            let refusals = [
                try await box.patch("/Users/\(id)", #"{"op":"replace","value":{"active":false}}"#),
                try await box.scim(.PUT, "/Users/\(id)", #"{"schemas":["\#(ScimTrapTests.user)"],"userName":"\#(synced.address)"}"#),
                try await box.scim(.DELETE, "/Users/\(id)"),
                try await box.patch("/Groups/\(group)", #"{"op":"remove","path":"members[value eq \"\#(id)\"]"}"#),
                try await box.patch("/Groups/\(group)", #"{"op":"replace","path":"displayName","value":"Other"}"#),
                try await box.scim(.DELETE, "/Groups/\(group)"),
            ]
            for refusal in refusals {
                #expect(refusal.status == 403 && refusal["detail"]?.text?.contains("directory") == true, "\(refusal)")
            }
            #expect(try await box.scim(.GET, "/Users/\(id)").version == before)
            #expect(try await box.scim(.GET, "/Groups/\(group)").version == seen.version)
            // Into a cloud group they may go.
            let cloud = try await box.newGroup("Cloud Group", [id])
            #expect(try await box.scim(.GET, "/Groups/\(cloud)").members == [id])
        }
    }

    @Test func deletingDisablesAndRevives() async throws {
        try await SandboxHarness.run { box in
            let address = "leaver@\(box.domain)"
            let id = try await box.newUser(address, #""displayName":"Leaver","nickName":"L""#)
            let group = try await box.newGroup("Leavers", [id])
            let seats = try await box.userCount()
            #expect(try await box.scim(.DELETE, "/Users/\(id)").status == 204)
            #expect(try await box.scim(.GET, "/Users/\(id)").status == 404)
            #expect(try await box.scim(.DELETE, "/Users/\(id)").status == 404)
            #expect(try await box.patch("/Users/\(id)", #"{"op":"replace","path":"active","value":true}"#).status == 404)
            #expect(try await box.find(#"userName eq "\#(address)""#).total == 0)
            #expect(try await box.scim(.GET, "/Groups/\(group)").members.isEmpty)
            // The account is there, disabled: its archive stays, and so does its seat.
            #expect(try await Self.guideUser(box, address)?["status"]?.text == "disabled")
            #expect(try await box.userCount() == seats)
            #expect(try await box.create("leaver").code != nil, "the address is taken")
            // A POST brings it back, as itself.
            let revived = try await box.postUser(address, #""displayName":"Returned""#)
            #expect(revived.status == 201 && revived.id == id && revived["displayName"]?.text == "Returned" && revived["nickName"] == nil)
            #expect(try await Self.guideUser(box, address)?["status"]?.text == "active")
            #expect(try await box.scim(.GET, "/Groups/\(group)").members.isEmpty)
            // And so does whoever enables it by the vendor's own calls.
            _ = try await box.scim(.DELETE, "/Users/\(id)")
            let enabled = try await box.item(
                .portal, "/api/user/update-user", #"{"emailAddress":"\#(address)","accountDisabled":false}"#)
            #expect(enabled.fail.isEmpty)
            #expect(try await box.scim(.GET, "/Users/\(id)")["active"]?.serialized == "true")
            let types = try await box.audit().map(\.type)
            for kind in [AuditKind.userCreated, .userDisabled, .userEnabled, .groupCreated, .memberAdded, .memberRemoved] {
                #expect(types.contains(kind.type), "\(kind)")
            }
        }
    }

    @Test func theGuideAlone() async throws {
        try await SandboxHarness.run({ $0.scim = .guide }) { box in
            let id = try await box.newUser("one@\(box.domain)")
            let group = try await box.newGroup("Guide Group", [id])
            // Deleted is disabled, and goes on to be seen.
            #expect(try await box.scim(.DELETE, "/Users/\(id)").status == 204)
            #expect(try await box.scim(.GET, "/Users/\(id)")["active"]?.serialized == "false")
            #expect(try await Self.guideUser(box, "one@\(box.domain)")?["status"]?.text == "disabled")
            #expect(try await box.patch("/Users/\(id)", #"{"op":"replace","path":"active","value":true}"#)["active"]?.serialized == "true")
            #expect(try await Self.guideUser(box, "one@\(box.domain)")?["status"]?.text == "active")
            #expect(try await box.postUser("one@elsewhere.example").kind == "invalidValue")
            #expect(try await box.postUser("no-address").kind == "invalidValue")
            for (method, path) in [
                (HTTPMethod.GET, "/Groups/\(group)"), (.PUT, "/Groups/\(group)"), (.POST, "/Bulk"), (.POST, "/.search"), (.GET, "/Me"),
                (.POST, "/Users/.search"),
            ] {
                let answer = try await box.scim(method, path, method == .GET ? nil : "{}")
                #expect([404, 405, 501].contains(answer.status), "\(method) \(path): \(answer.status)")
            }
            #expect(try await box.scim(.DELETE, "/Groups/\(group)").status == 204)
        }
    }

    @Test func addressesMakeAccounts() async throws {
        try await SandboxHarness.run { box in
            // The primary e-mail is the address, whatever the user name is.
            let id = try await box.newUser("clerk", #""emails":[{"value":"clerk@\#(box.domain)","primary":true}]"#)
            #expect(try await Self.guideUser(box, "clerk@\(box.domain)")?["id"]?.text == id)
            let guest = try await box.newUser("guest@elsewhere.example")
            #expect(try await Self.guideUser(box, "guest@elsewhere.example")?["userType"]?.text == "external")
            #expect(!guest.isEmpty)
            // Without an address there is no account, until one comes.
            let bare = try await box.newUser("bare")
            #expect(try await Self.guideUser(box, "bare") == nil)
            _ = try await box.patch(
                "/Users/\(bare)", #"{"op":"add","path":"emails","value":[{"value":"bare@\#(box.domain)","primary":true}]}"#)
            #expect(try await Self.guideUser(box, "bare@\(box.domain)")?["id"]?.text == bare)
            // An address belongs to one account, in any letter case, as an alias too.
            let taken = try await box.postUser("other", #""emails":[{"value":"CLERK@\#(box.domain)","primary":true}]"#)
            #expect(taken.status == 409 && taken.kind == "uniqueness")
            let moved = try await box.patch(
                "/Users/\(bare)", #"{"op":"replace","path":"emails[primary eq true].value","value":"clerk@\#(box.domain)"}"#)
            #expect(moved.status == 409)
            #expect(try await Self.guideUser(box, "bare@\(box.domain)")?["id"]?.text == bare)
        }
    }

    /// What SCIM stored survives what the vendor's calls change, and the other way round.
    @Test func bothDoorsLeadToTheSamePeople() async throws {
        try await SandboxHarness.run { box in
            let address = "both@\(box.domain)"
            let id = try await box.newUser(
                address,
                #""displayName":"Both","phoneNumbers":[{"value":"+1 555 0100","type":"work"}],"emails":[{"value":"\#(address)","primary":true},{"value":"home@elsewhere.example","type":"home"}]"#
            )
            let first = try await box.scim(.GET, "/Users/\(id)")
            let renamed = try await box.item(
                .guide, "/api/user/update-managed-sender",
                #"{"id":"\#(id)","emailAddress":"new@\#(box.domain)","name":"Renamed","firstName":"Re"}"#)
            #expect(renamed.fail.isEmpty, "\(renamed.text)")
            let user = try await box.scim(.GET, "/Users/\(id)")
            #expect(user["userName"]?.text == "new@\(box.domain)" && user["displayName"]?.text == "Renamed")
            #expect(user["phoneNumbers"]?.elements?.first?["value"]?.text == "+1 555 0100")
            let emails = user["emails"]?.elements?.compactMap { $0["value"]?.text }
            #expect(emails == ["new@\(box.domain)", "home@elsewhere.example"])
            #expect(user.version != first.version)
            _ = try await box.patch("/Users/\(id)", #"{"op":"replace","value":{"active":false,"name":{"familyName":"Name"}}}"#)
            let seen = try await Self.guideUser(box, "new@\(box.domain)")
            #expect(seen?["status"]?.text == "disabled" && seen?["lastName"]?.text == "Name" && seen?["firstName"]?.text == "Re")
            // Groups and members.
            let group = try await box.newGroup("Both Doors")
            let version = try await box.scim(.GET, "/Groups/\(group)").version
            let joined = try await box.item(
                .guide, "/api/directory/add-group-member", #"{"id":"\#(group)","emailAddress":"new@\#(box.domain)"}"#)
            #expect(joined.fail.isEmpty, "\(joined.text)")
            let now = try await box.scim(.GET, "/Groups/\(group)")
            #expect(now.members == [id] && now.version != version)
        }
    }

    @Test func rightsAreTheApplications() async throws {
        try await SandboxHarness.run { box in
            let id = try await box.newUser("rights@\(box.domain)")
            let body = #"{"schemas":["\#(ScimTrapTests.user)"],"userName":"r2@\#(box.domain)"}"#
            for (rights, method, path, text, status) in [
                ("user/write user/delete", HTTPMethod.GET, "/Users/\(id)", nil as String?, 403),
                ("user/read user/delete", .POST, "/Users", body, 403), ("user/read user/write", .DELETE, "/Users/\(id)", nil, 403),
                ("user/read", .GET, "/Users/\(id)", nil, 200),
                ("user/read", .POST, "/.search", #"{"schemas":["urn:ietf:params:scim:api:messages:2.0:SearchRequest"],"count":1}"#, 200),
                ("user/delete", .GET, "/Schemas", nil, 200),
            ] {
                #expect(try await box.scim(method, path, text, rights: rights).status == status, "\(rights) \(method) \(path)")
            }
            // A bulk needs the right of each of its operations.
            let bulk = try await box.scim(
                .POST, "/Bulk",
                #"{"schemas":["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],"Operations":[{"method":"DELETE","path":"/Users/\#(id)"}]}"#,
                rights: "user/read user/write")
            #expect(bulk["Operations"]?.elements?.first?["status"]?.text == "403")
            #expect(try await box.scim(.GET, "/Users/\(id)").status == 200)
            #expect(try await box.send(.GET, "/scim/v2/Users", headers: box.signedHeaders("/scim/v2/Users")).status == 401)
        }
    }

    @Test func callsCountAndAreLogged() async throws {
        try await SandboxHarness.run({
            $0.quotas = [.init(category: .user, calls: 4, seconds: 60, window: true), .init(calls: 100, seconds: 1)]
        }) {
            box in
            let id = try await box.newUser("logged@\(box.domain)")
            _ = try await box.patch("/Users/\(id)", #"{"op":"replace","path":"active","value":false}"#)
            _ = try await box.scim(.GET, "/Users/\(id)")
            _ = try await box.scim(.DELETE, "/Users/none")
            let refused = try await box.scim(.GET, "/Users/\(id)")
            #expect(refused.status == 429 && Int(refused.headers["retry-after"] ?? "") ?? 0 > 0)
            let lines = try await box.log().filter { $0["path"]?.text?.hasPrefix("/scim") == true }
            #expect(lines.map { $0["effect"]?.text } == ["created", "disabled", "read", "refused", "refused"])
            #expect(lines.map { $0["status"]?.int } == [201, 200, 200, 404, 429])
            #expect(lines.first?["target"]?.text == "logged@\(box.domain)" && lines.first?["path"]?.text == "/scim/v2/Users")
            #expect(lines[1]["path"]?.text == "/scim/v2/Users/{id}")
        }
    }

    @Test func faultsStrikeScimToo() async throws {
        try await SandboxHarness.run { box in
            let id = try await box.newUser("fault@\(box.domain)")
            func fault(_ kind: String, _ path: String = "/scim/v2/Users", _ more: String = "") async throws {
                try await box.script(#"{"match":{"path":"\#(path)"},"kind":"\#(kind)"\#(more)}"#)
            }
            try await fault("server-error", "/scim/v2/Users/{id}", #","status":503"#)
            #expect(try await box.scim(.GET, "/Users/\(id)").status == 503)
            try await fault("rate-limit", "/scim/v2/Users", #","seconds":7"#)
            #expect(try await box.scim(.GET, "/Users").headers["retry-after"] == "7")
            try await fault("reject")
            #expect(try await box.scim(.GET, "/Users").status == 403)
            try await fault("short-page")
            let short = try await box.scim(.GET, "/Users?count=10")
            #expect(short.resources.count == 5 && short.total ?? 0 > 10)
            let first = try await box.scim(.GET, "/Users?cursor=&count=10")
            let next = try #require(first["nextCursor"]?.text)
            try await fault("repeat-token")
            let second = try await box.scim(.GET, "/Users?count=10&cursor=\(next)")
            let third = try await box.scim(.GET, "/Users?count=10&cursor=\(try #require(second["nextCursor"]?.text))")
            #expect(second.ids == third.ids && first.ids != second.ids)
            // Carried out, and no answer.
            try await fault("drop-after")
            await #expect(throws: (any Error).self) { try await box.postUser("dropped@\(box.domain)") }
            #expect(try await box.find(#"userName eq "dropped@\#(box.domain)""#).total == 1)
            try await fault("drop-before")
            await #expect(throws: (any Error).self) { try await box.postUser("never@\(box.domain)") }
            #expect(try await box.find(#"userName eq "never@\#(box.domain)""#).total == 0)
            let pending = try await box.control(.GET, "/faults").json["faults"]?.list.map { $0["pending"]?.int }
            #expect(pending?.allSatisfy { $0 == 0 } == true)
        }
    }

    /// A user name that looks like somebody else's address must not stop whoever brings that address by another door.
    @Test func userNamesAreInNobodysWay() async throws {
        try await SandboxHarness.run({ $0.tokenTTL = 1_000_000 }) { box in
            let address = "claimed@\(box.domain)"
            let id = try await box.newUser(address, #""emails":[{"value":"real@\#(box.domain)","primary":true}]"#)
            #expect(try await box.create("claimed").code != nil)
            let queued = try await box.control(
                .POST, "/directory", #"{"operations":[{"op":"create","via":"directory","emailAddress":"\#(address)"}]}"#)
            #expect(queued.status == 200, "\(queued.text)")
            #expect(try await box.control(.POST, "/clock", #"{"advance":172800}"#).status == 200)
            // The tenant lives on, and the one who was there first is unharmed.
            #expect(try await box.call(.guide, "/api/user/get-internal-users").status == 200)
            #expect(try await box.scim(.GET, "/Users/\(id)")["userName"]?.text == address)
            // Back to the user's own name is no conflict.
            let renamed = try await box.item(
                .guide, "/api/user/update-managed-sender", #"{"id":"\#(id)","emailAddress":"\#(address)"}"#)
            #expect(renamed.fail.isEmpty, "\(renamed.text)")
        }
    }

    @Test func aliasesReviveNobody() async throws {
        try await SandboxHarness.run { box in
            let boss = try await box.newUser("boss@\(box.domain)")
            let aliased = try await box.item(
                .guide, "/api/user/update-managed-sender", #"{"id":"\#(boss)","alias":["info@\#(box.domain)"]}"#)
            #expect(aliased.fail.isEmpty, "\(aliased.text)")
            #expect(try await box.scim(.DELETE, "/Users/\(boss)").status == 204)
            let other = try await box.postUser("newhire", #""emails":[{"value":"info@\#(box.domain)","primary":true}]"#)
            #expect(other.status == 409 && other.kind == "uniqueness")
            // Once the company's directory has the person, everybody sees them.
            let linked = try await box.control(
                .POST, "/directory", #"{"operations":[{"op":"setSource","emailAddress":"boss@\#(box.domain)","source":"ldap"}]}"#)
            #expect(linked.status == 200, "\(linked.text)")
            #expect(try await box.scim(.GET, "/Users/\(boss)").status == 200)
        }
    }

    /// What a bulk could not take back is there, and the answer says where.
    @Test func bulkTellsWhatIsLeft() async throws {
        try await SandboxHarness.run { box in
            let taken = "Taken Group"
            _ = try await box.newGroup(taken)
            func group(_ name: String, _ id: String, _ other: String) -> String {
                #"{"method":"POST","path":"/Groups","bulkId":"\#(id)","data":{"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"displayName":"\#(name)","members":[{"value":"bulkId:\#(other)"}]}}"#
            }
            let body =
                #"{"schemas":["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],"Operations":[\#(group("First Of Two", "a", "b")),\#(group(taken, "b", "a"))]}"#
            let bulk = try await box.scim(.POST, "/Bulk", body, rights: "user/read user/write")
            let statuses = bulk["Operations"]?.elements?.compactMap { $0["status"]?.text } ?? []
            let there = try await box.find(#"displayName eq "First Of Two""#, in: "Groups").total == 1
            #expect(statuses.count == 2 && statuses[1] == "409", "\(statuses)")
            #expect(there == (statuses[0] == "201"), "\(statuses), and the group is \(there ? "" : "not ")there")
        }
    }

    /// To take `active` away is to say nothing, and that neither enables nor disables.
    @Test func silenceAboutActiveChangesNobody() async throws {
        try await SandboxHarness.run { box in
            for isActive in [false, true] {
                let address = "silent-\(isActive)@\(box.domain)"
                let id = try await box.newUser(address, #""active":\#(isActive)"#)
                for operation in [
                    #"{"op":"remove","path":"active"}"#, #"{"op":"replace","path":"active","value":null}"#,
                    #"{"op":"replace","value":{"active":"","title":"Clerk"}}"#,
                ] {
                    #expect(try await box.patch("/Users/\(id)", operation)["active"] == nil, "\(operation)")
                    #expect(try await Self.guideUser(box, address)?["status"]?.text == (isActive ? "active" : "disabled"), "\(operation)")
                }
                // Nor does a change by another door.
                let named = try await box.item(.guide, "/api/user/update-managed-sender", #"{"id":"\#(id)","name":"Other"}"#)
                #expect(named.fail.isEmpty)
                #expect(try await Self.guideUser(box, address)?["status"]?.text == (isActive ? "active" : "disabled"))
                let said = try await box.patch("/Users/\(id)", #"{"op":"replace","path":"active","value":true}"#)
                #expect(said["active"]?.serialized == "true")
                #expect(try await Self.guideUser(box, address)?["status"]?.text == "active")
            }
            let kinds = try await box.audit().map(\.type).filter { [AuditKind.userEnabled, .userDisabled].map(\.type).contains($0) }
            #expect(kinds.last == AuditKind.userEnabled.type)
        }
    }

    /// What no filter could look up is not stored.
    @Test func userNamesHaveAnEnd() async throws {
        try await SandboxHarness.run { box in
            let longest = String(repeating: "a", count: 1_000)
            let (made, refused) = (try await box.postUser(longest), try await box.postUser(longest + "a"))
            #expect(made.status == 201 && refused.kind == "invalidValue")
        }
    }

    @Test func seatsThatAreEnforcedHold() async throws {
        try await SandboxHarness.run({
            $0.seed = .empty
            $0.seats = 2
            $0.seatsEnforced = true
        }) { box in
            #expect(try await box.postUser("second@\(box.domain)").status == 201)
            let refused = try await box.postUser("third@\(box.domain)")
            #expect(refused.status == 403 && refused["detail"]?.text?.contains("seats") == true)
            let guest = try await box.newUser("guest@elsewhere.example")
            let moved = try await box.patch(
                "/Users/\(guest)", #"{"op":"replace","path":"userName","value":"third@\#(box.domain)"}"#)
            #expect(moved.status == 403 && moved["detail"]?.text?.contains("seats") == true)
        }
    }

    @Test func furtherSchemas() async throws {
        let folder = try DataFolder()
        let documents = [
            "badge.json":
                #"{"schemas":["urn:ietf:params:scim:schemas:core:2.0:Schema"],"id":"urn:example:schemas:Badge","name":"Badge","attributes":[{"name":"number","type":"string","multiValued":false,"required":true,"caseExact":true,"mutability":"readWrite","returned":"default","uniqueness":"none"}]}"#,
            "colour.json":
                #"{"schemas":["urn:ietf:params:scim:schemas:core:2.0:Schema"],"id":"urn:example:schemas:extension:Colour:2.0:User","name":"Colour","attributes":[{"name":"favourite","type":"string","multiValued":false,"required":false,"caseExact":false,"mutability":"readWrite","returned":"default","uniqueness":"none"}]}"#,
            "types.json":
                #"[{"schemas":["urn:ietf:params:scim:schemas:core:2.0:ResourceType"],"name":"Badge","endpoint":"/Badges","schema":"urn:example:schemas:Badge"},{"schemas":["urn:ietf:params:scim:schemas:core:2.0:ResourceType"],"name":"User","endpoint":"/Users","schema":"urn:ietf:params:scim:schemas:core:2.0:User","schemaExtensions":[{"schema":"urn:example:schemas:extension:Colour:2.0:User","required":false}]}]"#,
        ]
        for (name, text) in documents { try Data(text.utf8).write(to: folder.url.appendingPathComponent(name)) }
        try await SandboxHarness.run({ $0.scimSchemasPath = folder.url.path }) { box in
            let badge = try await box.scim(.POST, "/Badges", #"{"schemas":["urn:example:schemas:Badge"],"number":"B-1"}"#)
            #expect(badge.status == 201 && badge["number"]?.text == "B-1")
            #expect(try await box.find(#"number eq "B-1""#, in: "Badges").ids == [badge.id])
            #expect(try await box.scim(.POST, "/Badges", #"{"schemas":["urn:example:schemas:Badge"]}"#).kind == "invalidValue")
            let user = try await box.postUser(
                "colour@\(box.domain)", #""urn:example:schemas:extension:Colour:2.0:User":{"favourite":"Red"}"#)
            #expect(user["urn:example:schemas:extension:Colour:2.0:User"]?["favourite"]?.text == "Red")
            #expect(
                try await box.find(#"urn:example:schemas:extension:Colour:2.0:User:favourite eq "red""#).ids == [user.id])
            #expect(try await box.scim(.GET, "/ResourceTypes/Badge").status == 200)
            #expect(try await box.scim(.GET, "/Schemas/urn:example:schemas:Badge").status == 200)
            #expect(try await box.scim(.DELETE, "/Badges/\(badge.id)").status == 204)
        }
        let unique = (documents["badge.json"] ?? "").replacingOccurrences(of: #""uniqueness":"none""#, with: #""uniqueness":"server""#)
        try Data(unique.utf8).write(to: folder.url.appendingPathComponent("badge.json"))
        await #expect { try await SandboxHarness.run({ $0.scimSchemasPath = folder.url.path }) { _ in } } throws: {
            ($0 as? SandboxError)?.code == .schemasUnusable && "\($0)".contains("number")
        }
        try Data("{".utf8).write(to: folder.url.appendingPathComponent("broken.json"))
        await #expect { try await SandboxHarness.run({ $0.scimSchemasPath = folder.url.path }) { _ in } } throws: {
            ($0 as? SandboxError)?.code == .schemasUnusable && "\($0)".contains("broken.json")
        }
    }
}
