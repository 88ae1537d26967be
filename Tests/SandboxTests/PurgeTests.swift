import Foundation
import Mimecast
import MusterStore
import NIOHTTP1
import Testing

@testable import Sandbox

/// The purge list, the purge, and the end of retention.
@Suite(.serialized) struct PurgeTests {
    private static let day = 86_400

    /// Makes a call with one item and a token of its own: the clock of these tests outruns every token.
    private static func item(_ box: SandboxHarness, _ path: String, _ item: String, app: App = .portal) async throws -> Reply {
        guard app != .v1 else { return try await box.item(app, path, item) }
        let token = try #require(try await box.askToken(app).json["access_token"]?.text)
        return try await box.send(.POST, path, headers: [("authorization", "Bearer \(token)")], body: #"{"data":[\#(item)]}"#)
    }

    private static func change(
        _ box: SandboxHarness, _ call: String, _ addresses: [String], app: App = .portal
    ) async throws -> Reply {
        let list = addresses.map { "\"\($0)\"" }.joined(separator: ",")
        return try await item(box, "/api/user/\(call)-purge-list", #"{"emailAddresses":[\#(list)]}"#, app: app)
    }

    private static func advance(_ box: SandboxHarness, _ seconds: Int) async throws {
        #expect(try await box.send(.POST, "/control/clock", body: #"{"advance":\#(seconds)}"#).status == 200)
    }

    private static func isThere(_ box: SandboxHarness, _ address: String) async throws -> Bool {
        let reply = try await item(box, "/api/user/get-profile", #"{"emailAddress":"\#(address)"}"#)
        #expect(reply.status == 200 && (reply.fail.isEmpty || reply.code == FailureCode.forbiddenForAddress), "\(reply.text)")
        return reply.fail.isEmpty
    }

    private static func userCount(_ box: SandboxHarness) async throws -> Int? {
        try await item(box, "/api/account/get-account", "{}").data.first?["userCount"]?.int
    }

    private static func plain() -> [Employee] {
        Company.generate(people: 60, domains: 2, seed: 1).people.filter { $0.source == .cloud && $0.adminRoles.isEmpty }
    }

    @Test func peopleAreRemovedInTheNight() async throws {
        try await SandboxHarness.run { box async throws in
            let people = Self.plain().map(\.address)
            for (app, address) in zip(App.allCases, people) {
                let reply = try await Self.change(box, "add-to", [address.uppercased(), address], app: app)
                let row = try #require(reply.data.first)
                #expect(reply.fail.isEmpty && row["emailAddresses"]?.list == [.string(address), .string(address)])
                #expect(row["status"]?.text == "added")
            }
            let effects = try await box.log("?path=/api/user/add-to-purge-list").compactMap { $0["effect"]?.text }
            #expect(effects == ["added", "none", "added", "none", "added", "none"])
            let removed = try await Self.change(box, "remove-from", [people[1], people[5]])
            #expect(removed.data.first?["emailAddresses"]?.list == [.string(people[1])] && removed.data.first?["status"]?.text == "removed")
            #expect(removed.code == FailureCode.addressNotFound)
            #expect(removed.fail.first?["key"]?["emailAddresses"]?.list == [.string(people[5])])

            let before = try #require(try await Self.userCount(box))
            try await Self.advance(box, Self.day - 60)
            for address in people.prefix(3) { #expect(try await Self.isThere(box, address)) }
            try await Self.advance(box, Self.day + 60)
            #expect(try await !Self.isThere(box, people[0]))
            #expect(try await Self.isThere(box, people[1]))
            #expect(try await !Self.isThere(box, people[2]))
            #expect(try await Self.userCount(box) == before - 2)
        }
    }

    @Test func whoBecomesAnAdministratorStays() async throws {
        try await SandboxHarness.run { box async throws in
            let people = Self.plain().map(\.address)
            #expect(try await Self.change(box, "add-to", Array(people.prefix(3))).fail.isEmpty)
            let promoted = try await Self.item(
                box, "/api/user/update-managed-sender", #"{"emailAddress":"\#(people[0])","adminRoles":["Help Desk Administrator"]}"#,
                app: .guide)
            #expect(promoted.fail.isEmpty)
            let synced = #"{"operations":[{"op":"setSource","emailAddress":"\#(people[1])","source":"ldap"}]}"#
            #expect(try await box.send(.POST, "/control/directory", body: synced).status == 200)
            try await Self.advance(box, 3 * Self.day)
            #expect(try await Self.isThere(box, people[0]))
            #expect(try await Self.isThere(box, people[1]))
            #expect(try await !Self.isThere(box, people[2]))
            // They are off the list, too.
            let demoted = try await Self.item(
                box, "/api/user/update-managed-sender", #"{"emailAddress":"\#(people[0])","adminRoles":[]}"#, app: .guide)
            #expect(demoted.fail.isEmpty)
            #expect(try await Self.change(box, "remove-from", [people[0]]).code == FailureCode.addressNotFound)
            try await Self.advance(box, 3 * Self.day)
            #expect(try await Self.isThere(box, people[0]))
        }
    }

    @Test func refusals() async throws {
        try await SandboxHarness.run { box async throws in
            let company = Company.generate(people: 60, domains: 2, seed: 1)
            let good = try #require(Self.plain().first).address
            let synced = try SandboxHarness.person { $0.source == .ldap }.address
            let admin = try SandboxHarness.person { !$0.adminRoles.isEmpty }.address
            let alias = try #require(Self.plain().first { !$0.aliases.isEmpty }?.aliases.first)
            let guest = try #require(company.guests.first).address
            let wrong = [
                (synced, FailureCode.purgeForbidden), (admin, FailureCode.purgeForbidden), (alias, FailureCode.forbiddenForAddress),
                (guest, FailureCode.forbiddenForAddress), ("no.one@\(box.domain)", FailureCode.forbiddenForAddress),
                ("nobody", FailureCode.invalidEmailAddress), ("", FailureCode.validationBlank),
            ]
            let reply = try await Self.change(box, "add-to", wrong.map(\.0) + [good])
            #expect(reply.data.first?["emailAddresses"]?.list == [.string(good)])
            #expect(reply.fail.count == wrong.count)
            for (failure, expected) in zip(reply.fail, wrong) {
                #expect(failure["key"]?["emailAddresses"]?.list == [.string(expected.0)])
                #expect(failure["errors"]?.list.first?["code"]?.text == expected.1, "\(expected)")
                #expect(failure["errors"]?.list.first?["field"]?.text == "emailAddresses")
            }
            let none = try await Self.change(box, "add-to", ["nobody"])
            #expect(none.data.isEmpty && none.fail.count == 1)
            for call in ["add-to", "remove-from"] {
                let path = "/api/user/\(call)-purge-list"
                let table: [(item: String, code: String, field: String?)] = [
                    ("{}", FailureCode.validationNull, "emailAddresses"),
                    (#"{"emailAddresses":null}"#, FailureCode.validationNull, "emailAddresses"),
                    (#"{"emailAddresses":[]}"#, FailureCode.validationBlank, "emailAddresses"),
                    (#"{"emailAddresses":"a@b.example"}"#, FailureCode.deserialise, nil),
                ]
                for row in table {
                    let reply = try await box.item(.portal, path, row.item)
                    #expect(reply.data.isEmpty && reply.code == row.code && reply.field == row.field, "\(row)")
                }
                let two = try await box.item(.portal, path, "{},{}")
                #expect(two.fail.count == 2 && two.code == FailureCode.tooManyItems)
                let many = try await Self.change(box, call, (0...1_000).map { "p\($0)@\(box.domain)" })
                #expect(many.fail.count == 1 && many.code == FailureCode.tooManyItems && many.field == "emailAddresses")
                #expect(try await box.call(.portal, path).field == "data")
                let item = #"{"emailAddresses":["\#(good)"]}"#
                let weak = try await box.call(.guide, path, #"{"data":[\#(item)]}"#, scope: "user/read user/write")
                #expect(weak.status == 403)
            }
            try await box.script(#"{"match":{"path":"/api/user/add-to-purge-list"},"kind":"refuse"}"#)
            #expect(try await Self.change(box, "add-to", [good]).code == FailureCode.forbiddenForAddress)
        }
    }

    @Test func timesOfThePurge() {
        let hour = 3_600_000
        let day = 24 * hour
        for (listed, purged) in [
            (0, day + 3 * hour), (3 * hour, day + 3 * hour), (3 * hour + 1, 2 * day + 3 * hour), (23 * hour, 2 * day + 3 * hour),
            (day + 3 * hour - 1, 2 * day + 3 * hour),
        ] {
            #expect(PurgeChore.purgeTime(listed: listed) == purged, "\(listed)")
        }
    }

    @Test func whatWasKeptGoesWithTheRetention() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("sandbox-purge-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appendingPathComponent("box.db").path
        try await SandboxHarness.run({ $0.dataPath = path }) { box async throws in
            let store = try SQLiteStore(path: path, migrations: SandboxSchema.migrations)
            @Sendable func archived() async throws -> [String] {
                try await store.read { tx in
                    try tx.all("SELECT address || ' ' || reason FROM sb_archive ORDER BY address") { $0.text(0) }
                }
            }
            let people = Self.plain().map(\.address)
            #expect(try await Self.change(box, "add-to", [people[0]]).fail.isEmpty)
            try await Self.advance(box, 3 * Self.day)
            #expect(try await !Self.isThere(box, people[0]))
            #expect(try await archived() == ["\(people[0]) purged"])
            let events = try await store.read { tx in
                try tx.all("SELECT type FROM sb_audit WHERE category = 'user_account_and_role_logs' ORDER BY number") { $0.text(0) }
            }
            #expect(events.suffix(2) == ["User Added To Purge List", "User Deleted"])
            try await Self.advance(box, 360 * Self.day)
            #expect(try await !Self.isThere(box, people[0]))
            #expect(try await archived().count == 1)
            try await Self.advance(box, 10 * Self.day)
            #expect(try await !Self.isThere(box, people[0]))
            #expect(try await archived().isEmpty)
        }
    }
}
