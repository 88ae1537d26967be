import Foundation
import Mimecast
import Planning
import TestSupport
import Testing

/// The change feed, with the built program.
@Suite struct EventTests {
    private func events(_ desk: Desk, _ arguments: String...) async throws -> [ToldEvent] {
        let outcome = try await desk.binary.run(["events", "--json"] + arguments)
        try #require(outcome.exit == 0, "\(outcome)")
        return try outcome.out.split(separator: "\n").map { try ToldEvent(String($0)) }
    }

    @Test func whatChangedIsToldAndFollowed() async throws {
        try await Desk.with(.guide, people: 30) { desk in
            let users = try await desk.tenant.users()
            let (ann, bob) = (try users.pick().address, try users.pick(last: true).address)
            let quiet = try await desk.muster("events", "--json", expect: 0)
            #expect(quiet.out.isEmpty && quiet.err.contains("muster sync"))
            try await desk.muster("sync", "--dialect", "guide", expect: 0)
            #expect(try await events(desk).isEmpty)

            try await desk.control.directory([
                ["op": "disable", "emailAddress": ann], ["op": "rename", "emailAddress": bob, "name": "Another Name"],
            ])
            try await desk.muster("sync", "--dialect", "guide", expect: 0)
            let first = try await events(desk)
            #expect(Set(first.map(\.type)) == [.accountDisabled, .accountChanged])
            #expect(try await events(desk, "--type", "*.disabled").map(\.subject) == [ann])
            #expect(try await events(desk, "--person", bob).map(\.type) == [.accountChanged])
            #expect(try await events(desk, "--since", "1h") == first)
            #expect(try await events(desk, "--since", "2999-01-01").isEmpty)
            #expect(try await events(desk, "--after", first[0].id) == Array(first.dropFirst()))
            let words = try await desk.muster("events", expect: 0).out
            #expect(words.contains("account.disabled") && words.contains("\"Another Name\""))

            // Whoever follows sees what comes, and ends with Ctrl-C.
            let follower = try desk.binary.start(["events", "--follow", "--json", "--after", first[1].id])
            try await desk.muster("users", "update", bob, "--name", "Own Name", "--dialect", "guide", "--reason", "HR-1", expect: 0)
            try await desk.muster("sync", "--dialect", "guide", expect: 0)
            try await eventually("the follower hears of it") { follower.standardOutput.contains("Own Name") }
            follower.send(signal: SIGINT)
            let heard = try await follower.outcome()
            #expect(heard.exit == 0, "\(heard)")
            let own = try ToldEvent(String(try #require(heard.out.split(separator: "\n").last)))
            #expect(own.data.by?.own == true && own.data.by?.reason?.contains("HR-1") == true)
            let page = try await desk.muster("show", bob, expect: 0).out
            #expect(page.contains("HR-1") && page.contains(own.data.by?.plan ?? "?"), "\(page)")

            let wrong = try await desk.muster("events", "--type", "acount.disabled", "--json", expect: 64)
            #expect(wrong.error?["remedy"]?.text?.contains("account.disabled") == true)
            #expect(try await desk.muster("events", "--after", "no-such", "--json", expect: 65).error?["code"]?.text == "no-such-event")
            #expect(try await desk.muster("events", "--schema", expect: 0).document?["$id"]?.text == "urn:muster:event:1")
        }
    }

    @Test func thePastIsKeptAndThrownAway() async throws {
        try await Desk.with(.guide, people: 30) { desk in
            let ann = try await desk.tenant.users().pick().address
            try await desk.muster("sync", "--dialect", "guide", expect: 0)
            try await Task.sleep(for: .seconds(1))
            let between = Date().formatted(.iso8601)
            try await Task.sleep(for: .seconds(1))
            try await desk.control.directory([["op": "disable", "emailAddress": ann]])
            try await desk.muster("sync", "--dialect", "guide", expect: 0)
            func status(_ arguments: String...) async throws -> String? {
                let graph = try await desk.binary.run(["graph", "export", "--format", "json"] + arguments)
                try #require(graph.exit == 0, "\(graph)")
                return graph.document?["nodes"]?.list.first { $0["id"]?.text == "account:\(ann)" }?["status"]?.text
            }
            #expect(try await status() == "disabled")
            #expect(try await status("--as-of", between) == "active")
            #expect(try await desk.muster("history", "prune", expect: 64).err.contains("--older-than"))
            #expect(try await desk.muster("history", "prune", "--older-than", "400d", expect: 0).out.contains("Nothing"))
            #expect(try await !events(desk).isEmpty)
            try await Task.sleep(for: .seconds(2))
            let pruned = try await desk.muster("history", "prune", "--older-than", "1s", "--json", expect: 0)
            #expect(pruned.document?["reads"]?.int == 1, "\(pruned)")
            #expect(pruned.document?["versions"]?.int ?? 0 > 0, "\(pruned)")
            let before = try await desk.muster("graph", "export", "--format", "json", "--as-of", between, "--json", expect: 65)
            #expect(before.error?["code"]?.text == "history-pruned", "\(before)")
            #expect(try await status() == "disabled")
            try await desk.muster("audit", "verify", expect: 0)
        }
    }
}
