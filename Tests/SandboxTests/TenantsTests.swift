import Foundation
import Mimecast
import MusterStore
import NIOHTTP1
import Testing

@testable import Sandbox

/// Several tenants in one sandbox, and the control API that makes them.
@Suite(.serialized) struct TenantsTests {
    @Test func aTenantIsMadeAndListed() async throws {
        try await SandboxHarness.run { box async throws in
            let reply = try await box.control(
                .POST, "/tenants",
                #"""
                {"code":"CUSB7A777","company":"Acme Boats","domains":["Acme.example","acme-cargo.example"],"seed":"people:30",
                 "seedNumber":9,"seats":40,"retention":30,"archive":false}
                """#)
            #expect(reply.status == 201, "\(reply.text)")
            let lines = try await box.control(.GET, "/tenants/CUSB7A777/credentials")
            #expect(lines.headers["content-type"]?.hasPrefix("text/plain") == true)
            let names = lines.text.split(separator: "\n").compactMap { $0.split(separator: "=").first.map(String.init) }
            #expect(Set(names) == Set(reply.json.members.keys) && names.count == box.values.count)
            #expect(reply.json["MIMECAST_DOMAIN"]?.text == "acme.example")
            let acme = try await box.tenant("CUSB7A777")
            let account = try #require(try await acme.call(.portal, "/api/account/get-account").data.first)
            #expect(account["accountCode"]?.text == "CUSB7A777" && account["userCount"]?.int == 30)
            #expect(account["accountName"]?.text == "Acme Boats")
            for app in App.allCases { #expect(try await acme.call(app, "/api/account/get-account").status == 200, "\(app)") }
            let list = try await box.control(.GET, "/tenants").json["tenants"]?.list ?? []
            #expect(list.compactMap { $0["code"]?.text } == [box.code, "CUSB7A777"])
            let report = try await box.control(.GET, "/tenants/CUSB7A777").json
            #expect(report == list.last)
            #expect(report["company"]?.text == "Acme Boats" && report["people"]?.int == 30 && report["seats"]?.int == 40)
            #expect(report["retention"]?.int == 30 && report["archive"]?.bool == false && report["groups"]?.int ?? 0 > 5)
            #expect(report["domains"]?.list.compactMap(\.text) == ["acme.example", "acme-cargo.example"])
            #expect(report["baseURL"]?.text == box.baseURL && report["scimURL"]?.text == box.value("SCIM_URL"))
            #expect(report["applications"]?.int == 3 && report["guests"]?.int == 1)
            // Those who were there are as they were.
            #expect(try await box.userCount() == 60)
        }
    }

    @Test func whatIsNotSaidIsMadeUp() async throws {
        try await SandboxHarness.run({ $0.seed = .empty }) { box async throws in
            let one = try await box.addTenant(#"{"seed":"empty"}"#)
            let two = try await box.addTenant(#"{"seed":"empty"}"#)
            #expect(one.code != two.code && one.domain == "\(one.code.lowercased()).example")
            #expect(try await one.userCount() == 1)
            let secrets = [box, one, two].map { $0.value("CLIENT_SECRET") + $0.value("SECRET_KEY") + $0.value("ADMIN_PASSWORD") }
            #expect(Set(secrets).count == 3)
        }
    }

    @Test(arguments: [
        (#"{"domains":["quillhaven.example"]}"#, 409), (#"{"domains":["a.example","A.example"]}"#, 422), (#"{"domains":[]}"#, 422),
        (#"{"domains":["x@b.example"]}"#, 422), (#"{"domains":["nothing"]}"#, 422), (#"{"code":"lower"}"#, 422),
        (#"{"code":"CUSB1A1/.."}"#, 422), (#"{"seed":"people:-1"}"#, 422), (#"{"seed":"people"}"#, 422), (#"{"region":"us"}"#, 422),
        (#"{"region":"moon"}"#, 400), (#"{"sets":5}"#, 400), (#"{"seats":-1}"#, 422), (#"{"retention":0}"#, 422),
        (#"{"seats":1e99}"#, 400), (#"{"company":"  "}"#, 422), (#"{"company":"a\u0000b"}"#, 422), (#"[]"#, 400), (#"{"code":7}"#, 400),
        (#"{"seats":null}"#, 400), (#"{'seed':'empty'}"#, 400), (String(repeating: "[", count: 5_000), 400),
    ]) func anOrderThatCannotBe(_ order: String, _ status: Int) async throws {
        try await SandboxHarness.run({ $0.seed = .empty }) { box async throws in
            let reply = try await box.control(.POST, "/tenants", order)
            #expect(reply.status == status, "\(reply.text)")
            #expect(reply.fail.first?["message"]?.text?.isEmpty == false)
            #expect(try await box.control(.GET, "/tenants").json["tenants"]?.list.count == 1)
        }
    }

    @Test func twoTenantsShareNothing() async throws {
        try await SandboxHarness.run { box async throws in
            // The same company, by the same seed.
            let other = try await box.addTenant(#"{"seed":"demo"}"#)
            let page = #"{"meta":{"pagination":{"pageSize":5}},"data":[]}"#
            let path = "/api/user/get-internal-users"
            let mine = try await box.call(.portal, path, page)
            let token = try #require(mine.pagination?["next"]?.text)
            let next = #"{"meta":{"pagination":{"pageSize":5,"pageToken":"\#(token)"}},"data":[]}"#
            #expect(try await box.call(.portal, path, next).status == 200)
            #expect(try await other.call(.portal, path, next).status == 400)
            // Ids belong to one tenant alone.
            let groups = #"{"data":[{"source":"cloud"}]}"#
            func ids(_ reply: Reply) -> Set<String> {
                Set((reply.data.first?["folders"]?.list ?? []).compactMap { $0["id"]?.text })
            }
            let ours = ids(try await box.call(.portal, "/api/directory/find-groups", groups))
            let theirs = ids(try await other.call(.portal, "/api/directory/find-groups", groups))
            #expect(!ours.isEmpty && ours.count == theirs.count && ours.isDisjoint(with: theirs))
            let id = try #require(ours.first)
            let members = try await other.item(.portal, "/api/directory/get-group-members", #"{"id":"\#(id)"}"#)
            #expect(members.code == FailureCode.folderNotFound)
            let write = try await other.item(
                .portal, "/api/directory/add-group-member", #"{"id":"\#(id)","emailAddress":"guest@elsewhere.example"}"#)
            #expect(write.code == FailureCode.folderNotFound)
            // Nor do their people know each other.
            let person = try SandboxHarness.person { $0.source == .cloud && $0.adminRoles.isEmpty }
            let update = try await other.item(.portal, "/api/user/update-user", #"{"emailAddress":"\#(person.address)"}"#)
            #expect(update.code == FailureCode.forbiddenForAddress)
            // A name at one is free at the other; the v1 application of one signs for that one alone.
            #expect(try await box.create("new.one").fail.isEmpty)
            #expect(try await other.create("new.one").fail.isEmpty)
            let mixed = try other.signedHeaders("/api/account/get-account", appKey: box.value("APP_KEY"), appID: box.value("APP_ID"))
            #expect(try await box.send(.POST, "/api/account/get-account", headers: mixed, body: "{}").status == 401)
            for tenant in [box, other] { #expect(try await tenant.userCount() == 61) }
            // The log tells whose application asked.
            let paths = try await box.lines("/requests?tenant=\(other.code)&path=/api/user/create-user")
            #expect(paths.compactMap { $0["target"]?.text } == ["new.one@\(other.domain)"])
            #expect(try await box.lines("/requests?application=\(box.id(.v1))").isEmpty)
        }
    }

    @Test func aTenantIsChanged() async throws {
        try await SandboxHarness.run { box async throws in
            let path = "/tenants/\(box.code)"
            let guest = #"{"operations":[{"op":"create","emailAddress":"ann@new.example","name":"Ann"}]}"#
            #expect(try await box.control(.POST, "/directory", guest).status == 200)
            let before = try await box.control(.GET, path).json
            #expect(try await box.control(.POST, path, #"{"pendingDomains":["new.example","later.example"]}"#).status == 200)
            let reply = try await box.control(
                .POST, path, #"{"addDomain":"NEW.example","seats":70,"seatsEnforced":true,"retention":10,"archive":false,"company":"X"}"#)
            #expect(reply.status == 200, "\(reply.text)")
            #expect(reply.json["seats"]?.int == 70 && reply.json["seatsEnforced"]?.bool == true && reply.json["retention"]?.int == 10)
            #expect(reply.json["pendingDomains"]?.list.compactMap(\.text) == ["later.example"])
            #expect(reply.json["domains"]?.list.last?.text == "new.example" && reply.json["company"]?.text == "X")
            // Ann is one of the company's people now.
            #expect(reply.json["people"]?.int == (before["people"]?.int ?? 0) + 1)
            #expect(reply.json["guests"]?.int == (before["guests"]?.int ?? 0) - 1)
            let list = try await box.item(.portal, "/api/user/get-internal-users", #"{"domain":"new.example"}"#)
            #expect(list.data.first?["users"]?.list.compactMap { $0["emailAddress"]?.text }.contains("ann@new.example") == true)
            #expect(try await box.item(.portal, "/api/user/create-user", #"{"emailAddress":"bob@new.example"}"#).fail.isEmpty)
            #expect(try await box.control(.POST, path, #"{"addDomain":"new.example"}"#).status == 422)
            #expect(try await box.control(.POST, path, #"{"pendingDomain":["a.example"]}"#).status == 400)
            #expect(try await box.control(.POST, "/tenants/NOBODY", #"{"seats":1}"#).status == 404)
            let types = try await box.lines("\(path)/audit").compactMap { $0["type"]?.text }
            #expect(types.filter { $0 == AuditKind.domainsChanged.type }.count == 2)
            let other = try await box.addTenant(#"{"seed":"empty","domains":["other.example"]}"#)
            #expect(try await box.control(.POST, path, #"{"addDomain":"other.example"}"#).status == 409)
            #expect(try await box.control(.POST, path, #"{"pendingDomains":["other.example"]}"#).status == 409)
            #expect(try await box.control(.POST, "/tenants/\(other.code)", #"{"addDomain":"later.example"}"#).status == 409)
        }
    }

    @Test func aTenantIsTakenAway() async throws {
        try await SandboxHarness.run { box async throws in
            let other = try await box.addTenant(#"{"seed":"people:5","domains":["acme.example"]}"#)
            #expect(try await other.userCount() == 5)
            #expect(try await box.control(.DELETE, "/tenants/\(box.code)").status == 409)
            #expect(try await box.control(.DELETE, "/tenants/\(other.code)").status == 204)
            #expect(try await box.control(.DELETE, "/tenants/\(other.code)").status == 404)
            #expect(try await other.call(.portal, "/api/account/get-account").status == 401)
            #expect(try await other.askToken(.guide).status == 401)
            #expect(try await other.call(.v1, "/api/account/get-account").code == FailureCode.developerKey)
            #expect(try await box.control(.GET, "/tenants/\(other.code)/credentials").status == 404)
            #expect(try await box.control(.GET, "/tenants").json["tenants"]?.list.count == 1)
            // Its domain is free again.
            _ = try await box.addTenant(#"{"seed":"empty","domains":["acme.example"]}"#)
        }
    }

    @Test func tenantsOutliveARestart() async throws {
        let folder = try DataFolder()
        let data = folder.file()
        let code = try await SandboxHarness.run({ $0.dataPath = data }) { box async throws in
            let other = try await box.addTenant(#"{"seed":"people:5"}"#)
            #expect(try await other.create("stays").fail.isEmpty)
            return other.code
        }
        // What a kill leaves of one that was being made.
        let store = try SQLiteStore(path: data, migrations: SandboxSchema.migrations)
        try await store.write("") { tx in
            try tx.execute(
                """
                INSERT INTO sb_tenants (tenant, company, region, seats, admin_address, created) VALUES ('CHALF', 'Half', 'global', 1, 'a@b.example', 0)
                """)
            try tx.execute("INSERT INTO sb_domains (tenant, domain, id, position) VALUES ('CHALF', 'half.example', 'x', 0)")
        }
        try store.close()
        try await SandboxHarness.run({ $0.dataPath = data }) { box async throws in
            let other = try await box.tenant(code)
            #expect(try await other.userCount() == 6)
            #expect(try await other.create("stays").code == FailureCode.userExists)
            #expect(try await box.control(.GET, "/tenants/CHALF").status == 404)
            _ = try await box.addTenant(#"{"code":"CHALF","seed":"empty","domains":["half.example"]}"#)
        }
    }

    @Test func accountsBehindTheAPI() async throws {
        try await SandboxHarness.run { box async throws in
            let path = "/tenants/\(box.code)/users"
            let made = try await box.control(
                .POST, path,
                #"{"emailAddress":"ada@\#(box.domain)","name":"Ada","password":"correct horse","adminRoles":["Help Desk Administrator"],"aliases":["a@\#(box.domain)"]}"#
            )
            #expect(made.status == 201 && made.json["emailAddress"]?.text == "ada@\(box.domain)", "\(made.text)")
            #expect(try await box.create("ada").code == FailureCode.userExists)
            #expect(try await box.control(.POST, path, #"{"emailAddress":"a@\#(box.domain)"}"#).status == 422)
            #expect(try await box.control(.POST, path, #"{"emailAddress":"nobody"}"#).status == 422)
            #expect(try await box.control(.POST, path, #"{"emailAddress":"x@\#(box.domain)","adminRoles":["King"]}"#).status == 400)
            #expect(try await box.control(.POST, path, #"{"mail":"x@\#(box.domain)"}"#).status == 400)
            let synced = #"{"emailAddress":"syd@\#(box.domain)","source":"ldap"}"#
            #expect(try await box.control(.POST, path, synced).status == 201)
            let gone = #"{"operations":[{"op":"delete","emailAddress":"syd@\#(box.domain)"}],"tenant":"\#(box.code)"}"#
            #expect(try await box.control(.POST, "/directory", gone).json["done"]?.int == 1)
            let kept = try await box.lines("/tenants/\(box.code)/archive")
            #expect(kept.compactMap { $0["emailAddress"]?.text } == ["syd@\(box.domain)"])
            let events = try await box.lines("/tenants/\(box.code)/audit")
            let numbers = events.compactMap { $0["number"]?.int }
            #expect(numbers == numbers.sorted() && events.last?["type"]?.text == AuditKind.userDeleted.type)
            #expect(try await box.lines("/tenants/\(box.code)/audit?since=\(numbers.last ?? 0)").isEmpty)
            let time = try #require(events.last?["time"]?.text)
            #expect(try await box.control(.GET, "/tenants/\(box.code)/audit?since=\(time)").status == 200)
            #expect(try await box.lines("/tenants/\(box.code)/audit?since=2100-01-01T00:00:00Z").isEmpty)
            #expect(try await box.control(.POST, "/directory", #"{"operations":[],"tenant":"NOBODY"}"#).status == 404)
        }
    }

    @Test func applicationsComeAndGo() async throws {
        try await SandboxHarness.run { box async throws in
            let path = "/tenants/\(box.code)/applications"
            #expect(try await box.control(.GET, path).json["applications"]?.list.count == 3)
            let portal = try await box.control(
                .POST, path,
                #"{"name":"Reader","scopes":["user/read"],"products":["User and Group Management"],"role":"Discovery Officer"}"#)
            #expect(portal.status == 201, "\(portal.text)")
            let id = try #require(portal.json["id"]?.text)
            let secret = try #require(portal.json["credentials"]?["MIMECAST_CLIENT_SECRET"]?.text)
            #expect(portal.json["credentials"]?["MIMECAST_CLIENT_ID"]?.text == id)
            let form = "grant_type=client_credentials&client_id=\(id)&client_secret=\(secret)"
            let type = [("content-type", "application/x-www-form-urlencoded")]
            let token = try #require(try await box.send(.POST, "/oauth/token", headers: type, body: form).json["access_token"]?.text)
            func ask(_ path: String) async throws -> Int {
                try await box.send(.POST, path, headers: [("authorization", "Bearer \(token)")], body: #"{"data":[]}"#).status
            }
            #expect(try await ask("/api/user/get-internal-users") == 200)
            #expect(try await ask("/api/user/create-user") == 403)
            #expect(try await ask("/api/domain/get-internal-domain") == 403)
            let guide = try await box.control(.POST, path, #"{"dialect":"guide"}"#)
            #expect(guide.json["credentials"]?.members.keys.sorted() == ["MIMECAST_GUIDE_CLIENT_ID", "MIMECAST_GUIDE_CLIENT_SECRET"])
            let v1 = try await box.control(.POST, path, #"{"generation":"v1","name":"Old"}"#)
            func value(_ name: String) -> String { v1.json["credentials"]?["MIMECAST_" + name]?.text ?? "" }
            let headers = try box.signedHeaders(
                "/api/account/get-account", appKey: value("APP_KEY"), accessKey: value("ACCESS_KEY"), secretKey: value("SECRET_KEY"),
                appID: value("APP_ID"))
            #expect(try await box.send(.POST, "/api/account/get-account", headers: headers, body: "{}").status == 200)
            // Secrets are shown once.
            let list = try await box.control(.GET, path)
            #expect(list.json["applications"]?.list.count == 6 && !list.text.contains(secret) && !list.text.contains(value("SECRET_KEY")))
            for body in [
                #"{"generation":"v1","dialect":"portal"}"#, #"{"generation":"v1","role":"Help Desk Administrator"}"#,
                #"{"dialect":"guide","products":[]}"#, #"{"scopes":[]}"#, #"{"redirects":["nowhere"]}"#, #"{"name":" "}"#,
            ] { #expect(try await box.control(.POST, path, body).status == 422, "\(body)") }
            for body in [#"{"scope":["user/read"]}"#, #"{"scopes":["user/fly"]}"#, #"{"role":"King"}"#] {
                #expect(try await box.control(.POST, path, body).status == 400, "\(body)")
            }
            let moved = try await box.control(.POST, "\(path)/\(value("APP_ID"))/move", #"{"dialect":"guide"}"#)
            #expect(moved.status == 201 && moved.json["name"]?.text == "Old" && moved.json["dialect"]?.text == "guide", "\(moved.text)")
            func movedValue(_ name: String) -> String { moved.json["credentials"]?["MIMECAST_GUIDE_CLIENT_" + name]?.text ?? "" }
            let asking = "grant_type=client_credentials&client_id=\(movedValue("ID"))&client_secret=\(movedValue("SECRET"))"
            #expect(try await box.send(.POST, "/oauth/token", headers: type, body: asking).status == 200)
            let old = try box.signedHeaders(
                "/api/account/get-account", appKey: value("APP_KEY"), accessKey: value("ACCESS_KEY"), secretKey: value("SECRET_KEY"),
                appID: value("APP_ID"))
            #expect(try await box.send(.POST, "/api/account/get-account", headers: old, body: "{}").code == FailureCode.invalidSignature)
            for application in [value("APP_ID"), id] {
                #expect(try await box.control(.POST, "\(path)/\(application)/move").status == 409)
            }
            #expect(try await box.control(.POST, "\(path)/nothing/move").status == 404)
            #expect(try await box.control(.DELETE, "\(path)/\(id)").status == 204)
            #expect(try await ask("/api/user/get-internal-users") == 401)
            #expect(try await box.send(.POST, "/oauth/token", headers: type, body: form).status == 401)
            #expect(try await box.control(.DELETE, "\(path)/\(id)").status == 404)
            // Another tenant's application is not found here.
            let other = try await box.addTenant(#"{"seed":"empty"}"#)
            #expect(try await box.control(.DELETE, "\(path)/\(other.id(.portal))").status == 404)
        }
    }
}
