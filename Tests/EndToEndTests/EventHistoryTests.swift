import Foundation
import Mimecast
import MimecastClient
import HTTPTransport
import Planning
import TestSupport
import Testing

/// A random history through every door of the sandbox, read at random times: events, applied to the first read, give the last one exactly.
@Suite struct EventHistoryTests {
    /// Ways to change a tenant.
    private enum Door: CaseIterable { case portal, guide, v1, scim, console, directory }

    @Test func aHistoryThroughEveryDoor() async throws {
        try await Desk.with(.guide, people: 60, sandbox: ["--token-ttl", "8640000"]) { desk in
            let doors = try await Doors(desk)
            let other = ["MUSTER_STORE": "sqlite:other.db"]
            try await doors.sync(desk)
            try await doors.sync(desk, other)
            var mirror = try await Self.state(desk)
            var random = SeededRandom(seed: 20_261_128)
            var (done, reads) = ([Door: Int](), 1)
            while done.values.reduce(0, +) < 200 {
                for _ in 0..<Int.random(in: 5...30, using: &random) {
                    guard let door = Door.allCases.randomElement(using: &random) else { continue }
                    let mark = try await desk.control.mark()
                    let isDone = try await doors.change(door, &random)
                    let hadEffect = try await desk.control.requests(since: mark).contains(where: \.hadEffect)
                    if isDone, hadEffect || [.console, .directory].contains(door) { done[door, default: 0] += 1 }
                }
                try await doors.sync(desk)
                try await doors.sync(desk, other)
                reads += 1
                try #require(reads < 60, "\(done)")
            }
            // The keys of v1 run out as the clock goes on.
            #expect(Door.allCases.allSatisfy { done[$0] ?? 0 > ($0 == .v1 ? 0 : 5) }, "\(done)")
            let told = try await desk.muster("events", "--json", expect: 0).out
            let events = try told.split(separator: "\n").map { try ToldEvent(String($0)) }
            try mirror.apply(events)
            let last = try await Self.state(desk)
            #expect(mirror.shown == last.shown)
            #expect(events.count > 100)
            #expect(Set(events.map(\.id)).count == events.count)
            // Another store that read the same at the same times tells the same.
            let again = try await desk.muster("events", "--json", expect: 0, with: other).out
            #expect(try again.split(separator: "\n").map { try ToldEvent(String($0)).id } == events.map(\.id))
            try await Self.validate(told, desk)
        }
    }

    /// By the schema that is printed, and somebody else's validator.
    private static func validate(_ told: String, _ desk: Desk) async throws {
        guard let python = RealClientTests.python else { return }
        let schema = try desk.folder.write(try await desk.muster("events", "--schema", expect: 0).out, to: "schema.json")
        let events = try desk.folder.write(told, to: "events.ndjson")
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Clients/validate_events.py").path
        let outcome = try await desk.binary.start([script, schema, events], with: [:], program: python).outcome()
        #expect(outcome.exit == 0, "\(outcome)")
    }

    /// What the last read shows.
    private static func state(_ desk: Desk) async throws -> EventMirror {
        let accounts = try await desk.muster("users", "list", "--json", expect: 0).out.split(separator: "\n").map {
            try JSONDecoder().decode(Account.self, from: Data($0.utf8))
        }
        let graph = try #require(try await desk.muster("graph", "export", "--format", "json", expect: 0).document)
        let groups = (graph["nodes"]?.list ?? []).filter { $0["kind"]?.text == "group" }.map {
            Mimecast.Group(
                id: String(($0["id"]?.text ?? "").dropFirst(6)), name: $0["label"]?.text ?? "",
                authority: $0["source"]?.text == "ldap" ? .ldap : .cloud)
        }
        let members = (graph["edges"]?.list ?? []).filter { $0["kind"]?.text == "member-of" }.map { edge in
            EventMirror.Membership(
                group: String((edge["to"]?.text ?? "").dropFirst(6)),
                member: String((edge["from"]?.text ?? "").drop { $0 != ":" }.dropFirst()))
        }
        return EventMirror(accounts: accounts, groups: groups, members: Set(members))
    }

    /// Every way to change the tenant.
    private struct Doors {
        let desk: Desk
        let portal: TenantClient
        let guide: TenantClient
        let v1: TenantClient
        let scim: HTTP

        init(_ desk: Desk) async throws {
            self.desk = desk
            let known = desk.sandbox.credentials
            func client(_ dialect: Dialect, _ credentials: Credentials) -> TenantClient {
                TenantClient(baseURL: desk.sandbox.baseURL, dialect: dialect, credentials: credentials, transport: AsyncHTTPTransport())
            }
            func value(_ name: String) -> String { known[name] ?? "" }
            portal = client(.portal, .v2(clientID: value("MIMECAST_CLIENT_ID"), clientSecret: value("MIMECAST_CLIENT_SECRET")))
            guide = client(.guide, .v2(clientID: value("MIMECAST_GUIDE_CLIENT_ID"), clientSecret: value("MIMECAST_GUIDE_CLIENT_SECRET")))
            v1 = client(
                .portal,
                .v1(
                    applicationID: value("MIMECAST_APP_ID"), applicationKey: value("MIMECAST_APP_KEY"),
                    accessKey: value("MIMECAST_ACCESS_KEY"), secretKey: value("MIMECAST_SECRET_KEY")))
            let form = [
                ("grant_type", "client_credentials"), ("client_id", value("MIMECAST_CLIENT_ID")),
                ("client_secret", value("MIMECAST_CLIENT_SECRET")),
            ]
            let reply = try await HTTP(base: desk.sandbox.baseURL).post("/oauth/token", form: form)
            let token = try JSONDecoder().decode(JSON.self, from: reply)["access_token"]?.text
            scim = HTTP(base: desk.sandbox.baseURL + "/scim/v2", token: token)
        }

        func sync(_ desk: Desk, _ variables: [String: String] = [:]) async throws {
            try await desk.muster("sync", "--dialect", "guide", expect: 0, with: variables)
        }

        /// - Returns: whether it was taken; refusals are part of life.
        func change(_ door: Door, _ random: inout SeededRandom) async throws -> Bool {
            let users = try await desk.tenant.users()
            guard let user = users.randomElement(using: &random), let group = try await desk.tenant.groups().min(by: { $0.key < $1.key })
            else { return false }
            let number = Int.random(in: 0..<1_000_000, using: &random)
            let joiner = "h\(number)@\(desk.sandbox.domain)"
            let kind = Int.random(in: 0..<8, using: &random)
            do {
                switch door {
                case .portal: try await byClient(portal, user, group.value, joiner, kind, number)
                case .guide: try await byClient(guide, user, group.value, joiner, kind, number)
                case .v1: try await byClient(v1, user, group.value, joiner, kind, number)
                case .scim: try await bySCIM(user, joiner, kind, number)
                case .console, .directory: try await byControl(door, user, joiner, kind, number)
                }
                return true
            } catch is ClientError {
                return false
            } catch is HarnessError {
                return false
            }
        }

        private func byClient(
            _ client: TenantClient, _ user: TenantUser, _ group: String, _ joiner: String, _ kind: Int, _ number: Int
        ) async throws {
            let key = AccountKey(address: user.address)
            switch kind {
            case 0: try await client.create(NewAccount(address: joiner, name: "Joiner \(number)"))
            case 1, 2: try await client.update(key, AccountChange(name: "Name \(number)"))
            case 3, 4: try await client.update(key, AccountChange(status: user.isActive ? .disabled : .active))
            case 5 where user.groups.isEmpty == false: try await client.removeMember(user.address, fromGroup: group)
            case 6 where client.capabilities.hasAccountIDs:
                try await client.update(key, AccountChange(aliases: ["alias\(number)@\(desk.sandbox.domain)"]))
            default: try await client.addMember(user.address, toGroup: group)
            }
        }

        private func bySCIM(_ user: TenantUser, _ joiner: String, _ kind: Int, _ number: Int) async throws {
            if kind == 0 {
                let body = JSON.object([
                    "schemas": .array([.string("urn:ietf:params:scim:schemas:core:2.0:User")]), "userName": .string(joiner),
                    "displayName": .string("Pushed \(number)"), "active": .bool(true),
                ])
                _ = try await scim.post("/Users", body)
                return
            }
            let query = "userName%20eq%20%22\(user.address)%22"
            let found = try JSONDecoder().decode(JSON.self, from: try await scim.get("/Users?filter=\(query)"))
            guard let id = found["Resources"]?.list.first?["id"]?.text else { throw HarnessError("not there") }
            let (path, value): (String, JSON) =
                kind < 4 ? ("active", .bool(!user.isActive)) : ("displayName", .string("Pushed \(number)"))
            let operation = JSON.object(["op": .string("replace"), "path": .string(path), "value": value])
            try await scim.patch(
                "/Users/\(id)",
                .object([
                    "schemas": .array([.string("urn:ietf:params:scim:api:messages:2.0:PatchOp")]), "Operations": .array([operation]),
                ]))
        }

        /// The console does it at once; what the company's directory has waits for its sync, three times a day.
        private func byControl(_ door: Door, _ user: TenantUser, _ joiner: String, _ kind: Int, _ number: Int) async throws {
            var operation = ["op": "rename", "emailAddress": user.address, "name": "Renamed \(number)"]
            switch kind {
            case 0: operation = ["op": "create", "emailAddress": joiner, "name": "Joiner \(number)"]
            case 1: operation = ["op": "delete", "emailAddress": user.address]
            case 2: operation = ["op": user.isActive ? "disable" : "enable", "emailAddress": user.address]
            case 3: operation["newAddress"] = joiner
            case 4 where door == .console:
                operation = ["op": "setSource", "emailAddress": user.address, "source": user.isSynced ? "cloud" : "ldap"]
            case 5 where door == .console: operation = ["op": "createGroup", "group": "Group \(number)"]
            case 6 where door == .console: operation = ["op": "setConnection", "status": number % 2 == 0 ? "error" : "ok"]
            default: break
            }
            if door == .directory { operation["via"] = "directory" }
            try await desk.control.directory([operation])
            if door == .directory, kind > 4 { try await desk.control.advanceClock(9 * 3_600) }
        }
    }
}
