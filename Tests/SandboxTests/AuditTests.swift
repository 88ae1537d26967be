import Foundation
import Mimecast
import MusterStore
import NIOHTTP1
import Testing

@testable import Sandbox

/// Audit events: what happened, to be read by windows and pages.
@Suite(.serialized) struct AuditTests {
    private static let path = "/api/audit/get-audit-events"

    static func stamp(days: Double, zone: String = "+0000") -> String {
        vendorDate(milliseconds: Int((Date().timeIntervalSince1970 + days * 86_400) * 1_000)).replacingOccurrences(of: "+0000", with: zone)
    }

    private static func window(_ from: Double, _ to: Double, _ more: String = "") -> String {
        #"{"startDateTime":"\#(stamp(days: from))","endDateTime":"\#(stamp(days: to))"\#(more)}"#
    }

    private static func advance(_ box: SandboxHarness, hours: Double) async throws {
        let reply = try await box.send(
            .POST, "/control/clock", headers: [("content-type", "application/json")], body: #"{"advance":\#(hours * 3_600)}"#)
        #expect(reply.status == 200)
    }

    @Test(arguments: App.allCases) func pagesClose(app: App) async throws {
        try await SandboxHarness.run { box async throws in
            let (rows, last) = try await box.pages(app, Self.path, item: Self.window(-60, 1), size: 500) { $0.data }
            #expect(rows.count >= 1_200 && rows.count <= 1_500)
            #expect(Set(rows.compactMap { $0["id"]?.text }).count == rows.count)
            let times = rows.compactMap { $0["eventTime"]?.text }
            #expect(times.count == rows.count && times == times.sorted(by: >))
            #expect(last.pagination?["recordStart"]?.int == 1_000)
            #expect(last.pagination?["next"] == nil && last.pagination?["totalCount"] == nil)
            let row = try #require(rows.first)
            #expect(Set(row.members.keys) == ["id", "auditType", "user", "eventTime", "eventInfo", "category"])
            #expect(row["eventInfo"]?.text?.contains("Application: ") == true)
            // The same again: ids are stable, and the standard page has a hundred.
            let again = try await box.item(app, Self.path, Self.window(-60, 1))
            #expect(again.data.count == 100)
            #expect(again.data.compactMap { $0["id"]?.text } == rows.prefix(100).compactMap { $0["id"]?.text })
            #expect(try await box.call(app, Self.path, #"{"meta":{"pagination":{"pageSize":501}},"data":[]}"#).status == 400)
        }
    }

    @Test func placeIsKeptWhileEventsArrive() async throws {
        try await SandboxHarness.run { box async throws in
            let item = Self.window(-60, 1)
            let (before, _) = try await box.pages(.portal, Self.path, item: item, size: 500) { $0.data }
            var rows: [JSON] = []
            var token = ""
            repeat {
                // As clients do that leave the items out: the token carries the query.
                let data = token.isEmpty ? #","data":[\#(item)]"# : ""
                let reply = try await box.call(
                    .portal, Self.path, #"{"meta":{"pagination":{"pageSize":300,"pageToken":"\#(token)"}}\#(data)}"#)
                rows += reply.data
                token = reply.pagination?["next"]?.text ?? ""
                let made = try await box.item(.portal, "/api/user/create-user", #"{"emailAddress":"new\#(rows.count)@\#(box.domain)"}"#)
                #expect(made.fail.isEmpty)
            } while !token.isEmpty && rows.count < 5_000
            #expect(rows == before)
            let (after, _) = try await box.pages(.portal, Self.path, item: item, size: 500) { $0.data }
            #expect(after.count == before.count + 5 && Array(after.dropFirst(5)) == before)
        }
    }

    @Test func windows() async throws {
        try await SandboxHarness.run({ $0.tokenTTL = 30 * 86_400 }) { box async throws in
            func failure(_ item: String) async throws -> Reply {
                let reply = try await box.item(.portal, Self.path, item)
                #expect(reply.status == 200 && reply.data.isEmpty && reply.fail.count == 1)
                return reply
            }
            // Recorded: one reason for each of the times.
            let missing = try await failure("{}")
            let reasons = missing.fail.first?["errors"]?.list ?? []
            #expect(reasons.compactMap { $0["code"]?.text } == [FailureCode.validationNull, FailureCode.validationNull])
            #expect(reasons.compactMap { $0["field"]?.text } == ["startDateTime", "endDateTime"])
            #expect(
                try await failure(#"{"startDateTime":"yesterday","endDateTime":"2026-02-30T00:00:00Z"}"#).code == "err_validation_invalid")
            let none = try await box.call(.portal, Self.path)
            #expect(none.code == FailureCode.validationNull && none.field == "data")
            #expect(try await failure(Self.window(-1, -2)).code == FailureCode.auditRangeInvalid)
            #expect(try await failure(Self.window(-61.1, 0)).code == FailureCode.auditRangeInvalid)
            #expect(try await box.item(.portal, Self.path, Self.window(-60.9, 0)).data.count == 100)
            // Recorded: an empty window.
            let empty = try await box.item(.portal, Self.path, Self.window(1, 2))
            #expect(empty.data.isEmpty && empty.fail.isEmpty && empty.pagination == .object(["pageSize": .number(0)]))
            // Lenient bodies, times with Z, with fractions and with offsets.
            let (from, to) = (Self.stamp(days: -2, zone: "Z"), Self.stamp(days: 0, zone: ".250Z"))
            let python = try await box.call(.v1, Self.path, "{'data': [{'startDateTime': '\(from)', 'endDateTime': '\(to)'}]}")
            #expect(python.data.count > 40)
            let (east, west) = (Self.stamp(days: -2 + 2 / 24.0, zone: "+02:00"), Self.stamp(days: -3.5 / 24, zone: "-0330"))
            let offsets = try await box.item(.guide, Self.path, #"{"startDateTime":"\#(east)","endDateTime":"\#(west)"}"#)
            #expect(offsets.data.count > 40)
            let two = try await box.call(.portal, Self.path, #"{"data":[{},{}]}"#)
            #expect(two.fail.count == 2 && two.code == FailureCode.tooManyItems)

            // The look-back goes with the clock.
            try await Self.advance(box, hours: 24 * 10)
            #expect(try await failure(Self.window(-55, 10)).code == FailureCode.auditRangeInvalid)
            let (rows, _) = try await box.pages(.portal, Self.path, item: Self.window(-50, 10), size: 500) { $0.data }
            #expect(rows.count > 1_000)
            // Three a day, of fifty days before and of ten after the seeding.
            #expect(rows.filter { $0["auditType"]?.text == "Completed Directory Sync" }.count > 175)
        }
    }

    @Test func categoriesAndWords() async throws {
        try await SandboxHarness.run { box async throws in
            let list = try await box.call(.portal, "/api/audit/get-categories", "{}")
            let categories = try #require(list.data.first?["categories"]?.list)
            #expect(categories.count == 9 && Set(categories.compactMap { $0["id"]?.text }).count == 9)
            #expect(list.pagination == nil)
            #expect(categories.contains { $0["code"]?.text == "user_account_and_role_logs" && $0["name"]?.text != nil })

            let all = try await box.pages(.portal, Self.path, item: Self.window(-30, 0), size: 500) { $0.data }.rows
            func some(_ more: String) async throws -> [JSON] {
                try await box.pages(.portal, Self.path, item: Self.window(-30, 0, more), size: 7) { $0.data }.rows
            }
            let codes: Set = ["profile_group_logs", "user_account_and_role_logs"]
            #expect(
                try await some(#","categories":["profile_group_logs","user_account_and_role_logs"]"#)
                    == all.filter { codes.contains($0["category"]?.text ?? "") })
            let failed = try await some(#","query":" FAILED  logon ""#)
            #expect(!failed.isEmpty && failed == all.filter { $0["auditType"]?.text == "Logon Authentication Failed" })
            #expect(try await some(#","query":"no such word""#).isEmpty)
            let admin = box.value("ADMIN_EMAIL")
            let own = try await some(#","query":"\#(admin.uppercased())","categories":["authentication_logs"]"#)
            #expect(!own.isEmpty && own.allSatisfy { $0["user"]?.text == admin })
            let unknown = try await box.item(.portal, Self.path, Self.window(-1, 0, #","categories":["nonsense"]"#))
            #expect(unknown.code == FailureCode.validationInvalid && unknown.field == "categories")
        }
    }

    /// What each door leaves: one event of the right type and category, in the administrator's name, with the application.
    @Test func doors() async throws {
        try await SandboxHarness.run { box async throws in
            let admin = box.value("ADMIN_EMAIL")
            let seen = Seen()
            func expect(_ type: String, _ category: String, _ application: String, _ words: String, line: Int = #line) async throws {
                let new = try await seen.new(box)
                let fitting = new.filter { $0["auditType"]?.text == type }
                #expect(fitting.count == 1, "line \(line): \(new)")
                let event = fitting.first
                #expect(event?["category"]?.text == category && event?["user"]?.text == admin, "line \(line)")
                let info = event?["eventInfo"]?.text ?? ""
                #expect(info.contains(words) && info.hasSuffix("Application: \(application)"), "line \(line): \(info)")
                #expect(new.count == 1, "line \(line): \(new)")
            }
            _ = try await seen.new(box)
            let people = "user_account_and_role_logs"
            for app in App.allCases {
                let address = "door-\(app)@\(box.domain)"
                if app == .guide {
                    let item = #"{"emailAddress":"\#(address)","name":"Door"}"#
                    let made = try await box.item(app, "/api/user/create-managed-sender", item)
                    let id = try #require(made.data.first?["id"]?.text)
                    try await expect("New User", people, box.id(app), address)
                    _ = try await box.item(app, "/api/user/update-managed-sender", #"{"id":"\#(id)","status":"disabled"}"#)
                    try await expect("User Disabled", people, box.id(app), address)
                    _ = try await box.item(app, "/api/user/update-managed-sender", #"{"id":"\#(id)","name":"Gate"}"#)
                    try await expect("Existing User Changed", people, box.id(app), address)
                    // Two things at once are two events.
                    let both = #"{"id":"\#(id)","status":"active","emailAddress":"gate-\#(address)"}"#
                    _ = try await box.item(app, "/api/user/update-managed-sender", both)
                    #expect(try await seen.new(box).compactMap { $0["auditType"]?.text } == ["Existing User Changed", "User Enabled"])
                    _ = try await box.item(app, "/api/user/delete-managed-sender", #"{"id":"\#(id)"}"#)
                    try await expect("User Deleted", people, box.id(app), address)
                } else {
                    _ = try await box.item(app, "/api/user/create-user", #"{"emailAddress":"\#(address)"}"#)
                    try await expect("New User", people, box.id(app), address)
                    _ = try await box.item(app, "/api/user/update-user", #"{"emailAddress":"\#(address)","accountDisabled":true}"#)
                    try await expect("User Disabled", people, box.id(app), address)
                    _ = try await box.item(app, "/api/user/update-user", #"{"emailAddress":"\#(address)","accountDisabled":false}"#)
                    try await expect("User Enabled", people, box.id(app), address)
                    let found = try await box.item(app, "/api/directory/find-groups", #"{"query":"VPN"}"#)
                    let group = try #require(found.data.first?["folders"]?.list.first?["id"]?.text)
                    let member = #"{"id":"\#(group)","emailAddress":"\#(address)"}"#
                    _ = try await box.item(app, "/api/directory/add-group-member", member)
                    try await expect("Profile Group Log Entry", "profile_group_logs", box.id(app), address)
                    _ = try await box.item(app, "/api/directory/remove-group-member", member)
                    try await expect("Profile Group (unlink) Log Entry", "profile_group_logs", box.id(app), address)
                }
                // What changes nothing leaves nothing.
                _ = try await box.item(app, "/api/user/create-user", #"{"emailAddress":"nobody@elsewhere.example"}"#)
                #expect(try await seen.new(box).isEmpty)
            }
            let created = try await box.call(.portal, "/user/cloud-gateway/v1/users", #"{"emailAddress":"gate@\#(box.domain)"}"#)
            #expect(created.status == 200)
            try await expect("New User", people, box.id(.portal), "gate@\(box.domain)")
            _ = try await box.item(.portal, "/api/directory/create-group", #"{"description":"Doors"}"#)
            try await expect("Folder Log Entry", "profile_group_logs", box.id(.portal), "Doors")
            let console = "Administration Console"
            for (operation, type) in [("disable", "User Disabled"), ("enable", "User Enabled"), ("delete", "User Deleted")] {
                let reply = try await box.send(
                    .POST, "/control/directory", headers: [("content-type", "application/json")],
                    body: #"{"operations":[{"op":"\#(operation)","emailAddress":"gate@\#(box.domain)"}]}"#)
                #expect(reply.status == 200, "\(reply.text)")
                try await expect(type, people, console, "gate@\(box.domain)")
            }
        }
    }

    /// The events since the last look, oldest first.
    private actor Seen {
        private var ids: Set<String> = []

        func new(_ box: SandboxHarness) async throws -> [JSON] {
            let (rows, _) = try await box.pages(.portal, AuditTests.path, item: AuditTests.window(-0.5, 1), size: 500) { $0.data }
            // Signing in for a token is its own event, and not what is looked at here.
            return rows.reversed().filter {
                ids.insert($0["id"]?.text ?? "").inserted && !($0["category"]?.text == "authentication_logs")
            }
        }
    }

    @Test func historyIsTheSame() async throws {
        let company = Company.generate(people: 60, domains: 2, seed: 1)
        let now = LivingTenant.start
        let events = AuditHistory(company, seedNumber: 1, until: now).events
        #expect(events == AuditHistory(company, seedNumber: 1, until: now).events)
        #expect(events != AuditHistory(company, seedNumber: 2, until: now).events)
        #expect(events.filter { $0.kind == .syncCompleted }.count == 180 && events.count == 1_380)
        #expect(events.allSatisfy { $0.time < now && $0.time >= now - 60 * VendorTime.day })
        #expect(AuditHistory(Company.generate(people: 5_000, domains: 2, seed: 1), seedNumber: 1, until: now).events.count == 1_380)
        #expect(AuditHistory(Company.generate(people: 0, domains: 2, seed: 1), seedNumber: 1, until: now).events.isEmpty)
        #expect(!AuditHistory(Company.generate(people: 1, domains: 1, seed: 3), seedNumber: 3, until: now).events.isEmpty)
    }

    @Test func oldEventsGo() async throws {
        let tenant = try await LivingTenant()
        func oldest() async throws -> (time: Int, rows: Int) {
            try await tenant.read { directory in
                try directory.tx.first("SELECT min(time), count(*) FROM sb_audit", []) { ($0.int(0), $0.int(1)) } ?? (0, 0)
            }
        }
        let before = try await oldest()
        #expect(before.rows == 1_380)
        try await tenant.advance(hours: 24 * 40)
        let after = try await oldest()
        #expect(after.time > before.time && after.time > tenant.clock.milliseconds - 91 * VendorTime.day)
        try await tenant.advance(hours: 24 * 60)
        #expect(try await oldest().time >= LivingTenant.start)
        // However old: the newest stays, as the next number follows from it.
        try await tenant.write { directory in
            try directory.tx.execute("UPDATE sb_connections SET enabled = 0", [])
        }
        try await tenant.advance(hours: 24 * 200)
        #expect(try await oldest().rows == 1)
    }

    @Test func times() {
        let expected = 1_772_442_000_000
        for text in [
            "2026-03-02T09:00:00+0000", "2026-03-02T09:00:00Z", "2026-03-02T09:00:00.000Z", "2026-03-02T11:00:00+02:00",
            "2026-03-02T04:30:00-0430", "2026-03-02T09:00:00 0000", "2026-03-02T10:00:00+01",
        ] { #expect(VendorTime.parse(text) == expected, "\(text)") }
        #expect(VendorTime.parse("2024-02-29T00:00:00Z") == 1_709_164_800_000)
        #expect(VendorTime.parse("2026-03-02T09:00:00.123456+0000") == expected + 123)
        for text in [
            "", "2026-03-02", "2026-03-02T09:00:00", "2026-02-29T09:00:00Z", "2026-13-01T00:00:00Z", "2026-03-02T24:00:00Z",
            "2026-03-02T09:00:00.Z", "2026-03-02T09:00:00Zx", "2026-03-02T09:00:00+1", "x026-03-02T09:00:00Z", "1969-01-01T00:00:00Z",
            String(repeating: "1", count: 1_000),
        ] { #expect(VendorTime.parse(text) == nil, "\(text)") }
        #expect(VendorTime.parseLenient("2026-03-02", isEnd: false) == expected - 9 * 3_600_000)
        #expect(VendorTime.parseLenient("2026-03-02", isEnd: true) == expected + 15 * 3_600_000 - 1)
        #expect(VendorTime.parseLenient("2026-03-02T09:00:00.5", isEnd: true) == expected + 500)
        for offset in stride(from: 0, to: 40 * 366 * VendorTime.day, by: 17 * VendorTime.day + 3_671_000) {
            #expect(VendorTime.parse(vendorDate(milliseconds: offset)) == offset)
        }
    }
}
