import Foundation
import Mimecast
import TestSupport
import Testing

/// Seats with the built program: shown, warned of, and not exceeded silently.
@Suite struct SeatTests {
    @Test(arguments: [Flavour.guide, .portal])
    func seatsAreNotExceededSilently(_ flavour: Flavour) async throws {
        // The guide's account record has them; for a portal application the configuration says it.
        try await Desk.with(flavour, sandbox: ["--seats", "42"]) { desk in
            if flavour == .portal { try desk.folder.write("seats: 42\n", to: "muster.yaml") }
            let users = try await desk.tenant.users()
            var csv = PeopleCSV(users)
            let free = 42 - users.count
            try #require(free >= 0)
            for number in 0..<free { csv["new\(number)@\(desk.sandbox.domain)"].name = "New \(number)" }
            if free > 0 {
                let full = try await desk.plan(csv, expect: 2)
                #expect(full["seats"]?["contracted"]?.int == 42 && full["seats"]?["after"]?.int == 42, "\(full)")
                #expect(full["notices"]?.list.contains { $0.text?.contains("42 of 42 seats") == true } == true)
            }
            csv["over@\(desk.sandbox.domain)"].name = "Over"
            let stopped = try await desk.plan(csv, expect: 3)
            #expect(stopped["guards"]?.list.contains { $0["name"]?.text == "seats" && $0["tripped"]?.bool == true } == true)
            let id = try #require(stopped["plan"]?.text)
            #expect(try await desk.muster("apply", id, "--json", expect: 3).error?["code"]?.text == "guard-seats")
            let page = try await desk.muster("show", desk.code, expect: 0)
            #expect(page.out.contains("seats [#") && page.out.contains("of 42"), "\(page)")
            let shown = try await desk.muster("show", desk.code, "--json", expect: 0).document?["seats"]
            #expect(shown?["present"]?.int == users.count && shown?["contracted"]?.int == 42, "\(String(describing: shown))")
        }
    }
}
