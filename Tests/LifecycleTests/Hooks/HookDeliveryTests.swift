import Foundation
import HTTPTransport
import MusterStore
import TestSupport
import Testing

@testable import Lifecycle

struct HookDeliveryTests {
    @Test func `What happens after somebody subscribed is delivered once, as it is kept, signed`() async throws {
        try await withHookBench { bench in
            try await bench.happen("ann")
            let receiver = try await bench.add()
            try await bench.happen("bob", "ann", "")
            let reports = try await bench.deliver()
            #expect(reports.map(\.delivered) == [3])
            #expect(reports.map(\.next) == [nil])
            #expect(receiver.seen.sorted() == ["e2", "e3", "e4"])
            try await bench.deliver()
            #expect(receiver.deliveries.count == 3)
            let request = try #require(receiver.requests.first { $0.header("webhook-id") == "e2" })
            #expect(request.url == "https://desk.example.com/in" && request.method == "POST")
            #expect(request.header("content-type") == "application/cloudevents+json; charset=utf-8")
            #expect(String(decoding: request.body, as: UTF8.self) == #"{"id":"e2","person":"bob","type":"account.changed"}"#)
            let signature = WebhookSignature.sign(
                id: "e2", timestamp: bench.seconds, body: request.body, try WebhookSecret(HookBench.secret))
            #expect(request.header("webhook-signature") == "v1,\(signature)")
            #expect(try await bench.standing().delivered == 3)
        }
    }

    @Test func `A subscription from a time has what was seen since`() async throws {
        try await withHookBench { bench in
            try await bench.happen("ann")
            bench.pass(100)
            let since = bench.seconds
            try await bench.happen("bob", "carl")
            let receiver = try await bench.add(since: since)
            let all = try await bench.add("all", since: 0)
            let none = try await bench.add("none", since: since + 1)
            try await bench.deliver()
            #expect(receiver.seen.sorted() == ["e2", "e3"])
            #expect(all.seen.sorted() == ["e1", "e2", "e3"])
            #expect(none.seen == [])
        }
    }

    @Test func `A filter is passed over without a try`() async throws {
        try await withHookBench { bench in
            let receiver = try await bench.add(types: ["role.*"], persons: ["ann@example.com"])
            try await bench.happen(Array(repeating: "bob@example.com", count: 1_200))
            try await bench.happen("ann@example.com", "bob@example.com", type: "role.granted")
            try await bench.happen("ann@example.com")
            try await bench.deliver()
            #expect(receiver.seen == ["e1201"])
            #expect(try await bench.standing().behind == 0)
        }
    }

    @Test func `Who waits behind an event of theirs that fails, and who does not`() async throws {
        try await withHookBench { bench in
            let receiver = try await bench.add()
            receiver.answer { delivery throws(TransportError) in WireReply(status: delivery.person == "ann" ? 500 : 200) }
            try await bench.happen("ann", "bob", "ann", "carl", "ann", "bob")
            try await bench.deliver()
            #expect(receiver.seen.sorted() == ["e2", "e4", "e6"])
            #expect(receiver.deliveries.filter { $0.person == "ann" }.map(\.id) == ["e1"])
            let standing = try await bench.standing()
            #expect(standing.waiting == 1 && standing.behind == 0 && standing.next == bench.seconds + 5)
            // More of both; still only ann waits.
            try await bench.happen("ann", "bob")
            try await bench.deliver()
            #expect(receiver.seen.contains("e8") && !receiver.deliveries.contains { $0.id == "e7" })
            receiver.answer(200)
            bench.pass(5)
            try await bench.deliver()
            #expect(receiver.deliveries.filter { $0.person == "ann" && $0.status == 200 }.map(\.id) == ["e1", "e3", "e5", "e7"])
            #expect(try await bench.standing().waiting == 0)
        }
    }

    @Test func `Down for a day, then everything in order per person, once for one who keeps ids`() async throws {
        try await withHookBench { bench in
            let receiver = try await bench.add()
            receiver.answer { _ throws(TransportError) in throw .refusedConnection }
            let people = (0..<30).map { "p\($0)@example.com" }
            var random = SeededRandom(seed: 5)
            var told: [String] = []
            for _ in 0..<24 {
                let batch = (0..<25).map { _ in people.randomElement(using: &random) ?? "" }
                told += batch
                try await bench.happen(batch)
                let hour = bench.seconds + 3_600
                while bench.seconds < hour {
                    let next = try await bench.deliver().compactMap(\.next).min()
                    bench.pass(min(max((next ?? hour) - bench.seconds, 1), hour - bench.seconds))
                }
            }
            #expect(receiver.seen == [])
            // A receiver that is down is not hammered: a try every ten minutes, about.
            #expect(receiver.requests.count < 200)
            let down = try await bench.standing()
            #expect(down.failingSince == 1_700_000_000 && down.deadLetters == 0)
            receiver.answer(200)
            // It is noticed within ten minutes, and then nobody waits any longer.
            #expect(try await bench.settle() <= 720)
            #expect(Set(receiver.seen) == Set((1...told.count).map { "e\($0)" }))
            for person in people {
                let expected = told.indices.filter { told[$0] == person }.map { "e\($0 + 1)" }
                let arrived = receiver.deliveries.filter { $0.person == person && $0.status == 200 }.map(\.id)
                #expect(arrived == expected)
            }
            let up = try await bench.standing()
            #expect(up.behind == 0 && up.waiting == 0 && up.failingSince == nil && up.delivered == told.count)
        }
    }

    @Test func `Whom only one event concerns is found again within ten minutes, too`() async throws {
        try await withHookBench { bench in
            let receiver = try await bench.add()
            receiver.answer { _ throws(TransportError) in throw .noAnswer }
            try await bench.happen("ann")
            let end = bench.seconds + 86_400
            while bench.seconds < end {
                let next = try await bench.deliver().compactMap(\.next).min()
                bench.pass(max((next ?? end) - bench.seconds, 1))
            }
            receiver.answer(204)
            #expect(try await bench.settle() <= 720)
            #expect(receiver.seen == ["e1"])
        }
    }

    @Test func `An event that fails for three days is a dead letter, and what follows goes on`() async throws {
        try await withHookBench { bench in
            let receiver = try await bench.add()
            receiver.answer { delivery throws(TransportError) in WireReply(status: delivery.id == "e1" ? 422 : 200) }
            try await bench.happen("ann", "ann", "bob")
            let passed = try await bench.settle()
            #expect(passed >= RetrySchedule.patience && passed < RetrySchedule.patience + 86_400)
            #expect(receiver.deliveries.filter { $0.id == "e1" }.count == 10)
            #expect(receiver.seen == ["e3", "e2"])
            let letter = try #require(try await bench.book.deadLetters("desk").first)
            #expect(letter.id == "e1" && letter.person == "ann" && letter.note == "HTTP 422" && letter.isKept)
            #expect(try await bench.standing().deadLetters == 1)
            // Tried again while nothing is better, it dies again and is still there.
            #expect(try await bench.book.replayDeadLetters("desk", who: "pat") == 1)
            try await bench.settle()
            #expect(try await bench.book.deadLetters("desk").map(\.id) == ["e1"])
            receiver.answer(200)
            #expect(try await bench.book.replayDeadLetters("desk", who: "pat") == 1)
            try await bench.deliver()
            #expect(receiver.seen == ["e3", "e2", "e1"])
            #expect(try await bench.book.deadLetters("desk") == [])
            #expect(try await bench.book.replayDeadLetters("desk", who: "pat") == 0)
        }
    }

    @Test func `Dead letters are dropped by id, or all`() async throws {
        try await withHookBench { bench in
            let receiver = try await bench.add()
            receiver.answer { delivery throws(TransportError) in WireReply(status: delivery.person.isEmpty ? 200 : 400) }
            try await bench.happen("ann", "bob", "carl", "")
            try await bench.settle()
            #expect(try await bench.book.deadLetters("desk").map(\.id) == ["e1", "e2", "e3"])
            #expect(try await bench.base.read { try HookBook.needed(HookBench.tenant, $0) } == 1)
            #expect(try await bench.book.dropDeadLetters("desk", ids: ["e1", "e9"], who: "pat") == 1)
            #expect(try await bench.base.read { try HookBook.needed(HookBench.tenant, $0) } == 2)
            #expect(try await bench.book.dropDeadLetters("desk", who: "pat") == 2)
            #expect(try await bench.base.read { try HookBook.needed(HookBench.tenant, $0) } == 5)
        }
    }

    @Test func `410 ends a subscription, and enabling it goes on where it was`() async throws {
        try await withHookBench { bench in
            let receiver = try await bench.add()
            try await bench.happen("ann")
            try await bench.deliver()
            receiver.answer(410)
            try await bench.happen("bob", "carl")
            #expect(try await bench.deliver().map(\.isGone) == [true])
            #expect(try await bench.standing().hook.state == .gone)
            let tries = receiver.requests.count
            bench.pass(86_400)
            #expect(try await bench.deliver() == [])
            #expect(receiver.requests.count == tries)
            #expect(try await bench.base.read { try HookBook.needed(HookBench.tenant, $0) } == nil)
            receiver.answer(200)
            try await bench.book.enable("desk", who: "pat")
            try await bench.deliver()
            #expect(receiver.seen.sorted() == ["e1", "e2", "e3"])
        }
    }

    @Test func `A receiver that asks for time gets it`() async throws {
        try await withHookBench { bench in
            let receiver = try await bench.add()
            receiver.answer(429, headers: [("Retry-After", "1800")])
            try await bench.happen("ann", "bob")
            let next = try await bench.dispatcher(width: 1).deliverDue().first?.next
            #expect(next == bench.seconds + 1_800)
            #expect(receiver.requests.count == 1)
            try await bench.happen("carl")
            bench.pass(1_799)
            try await bench.deliver()
            #expect(receiver.requests.count == 1)
            receiver.answer(200)
            bench.pass(1)
            try await bench.deliver()
            #expect(receiver.seen.sorted() == ["e1", "e2", "e3"])
        }
    }

    @Test func `Nobody waits for a receiver that never answers`() async throws {
        try await withHookBench { bench in
            let gate = Gate()
            try await bench.add(
                "slow",
                Receiver { _ throws(TransportError) in
                    await gate.pass()
                    return WireReply(status: 200)
                })
            let quick = try await bench.add("quick")
            try await bench.happen("ann", "bob")
            let dispatcher = bench.dispatcher()
            let done = Gate()
            let task = Task {
                try await dispatcher.run(every: .milliseconds(1)) { report in
                    if report.hook == "quick" { Task { await done.pass() } }
                }
            }
            await gate.waitForArrivals(2)
            await done.waitForArrivals(1)
            try await bench.happen("carl")
            await done.waitForArrivals(2)
            #expect(quick.seen.sorted() == ["e1", "e2", "e3"])
            task.cancel()
            gate.open()
            done.open()
            _ = try? await task.value
        }
    }

    @Test func `Two secrets sign while one takes over from the other`() async throws {
        try await withHookBench { bench in
            let receiver = try await bench.add()
            let before = try await bench.book.rotate("desk", to: "env:NEW", grace: 3_600, who: "pat")
            #expect(before.secret == "env:SECRET")
            try await bench.happen("ann")
            try await bench.deliver()
            #expect(try await bench.book.retireSecrets() == [])
            bench.pass(3_600)
            try await bench.happen("bob")
            try await bench.deliver()
            #expect(try await bench.book.retireSecrets() == ["env:SECRET"])
            #expect(try await bench.book.get("desk").oldSecret == nil)
            let signatures = receiver.requests.map { $0.header("webhook-signature")?.split(separator: " ").count }
            #expect(signatures == [2, 1])
            let secrets = [HookBench.newSecret, HookBench.secret]
            for (request, count) in zip(receiver.requests, [2, 1]) {
                let wanted = try secrets.prefix(count).map { secret in
                    "v1,"
                        + WebhookSignature.sign(
                            id: request.header("webhook-id") ?? "", timestamp: Int(request.header("webhook-timestamp") ?? "") ?? 0,
                            body: request.body, try WebhookSecret(secret))
                }
                #expect(request.header("webhook-signature") == wanted.joined(separator: " "))
            }
        }
    }

    @Test func `A secret that is not there stops the hook, and costs no event a try`() async throws {
        try await withHookBench { bench in
            let receiver = try await bench.add()
            _ = try await bench.book.rotate("desk", to: "env:LOST", grace: 0, who: "pat")
            try await bench.happen("ann")
            let report = try #require(try await bench.deliver().first)
            #expect(report.note?.contains("env:LOST") == true && report.next == bench.seconds + 60)
            #expect(receiver.requests.isEmpty)
            #expect(try await bench.standing().waiting == 0)
            _ = try await bench.book.rotate("desk", to: "env:NEW", grace: 0, who: "pat")
            bench.pass(60)
            try await bench.deliver()
            #expect(receiver.seen == ["e1"])
        }
    }

    @Test func `What was seen in a time is sent again with its ids, and what comes goes first`() async throws {
        try await withHookBench { bench in
            let receiver = try await bench.add()
            var times: [Int] = []
            for person in ["ann", "bob", "carl", "ann"] {
                times.append(bench.seconds)
                try await bench.happen(person)
                bench.pass(60)
            }
            try await bench.deliver()
            #expect(try await bench.book.replay("desk", since: times[1], until: times[2], who: "pat") == 2)
            try await bench.happen("dora")
            try await bench.deliver(width: 1)
            #expect(receiver.deliveries.map(\.id).suffix(3) == ["e5", "e2", "e3"])
            #expect(try await bench.book.replay("desk", since: bench.seconds + 1, who: "pat") == 0)
            #expect(try await bench.book.replay("desk", since: 0, who: "pat") == 5)
            try await bench.deliver()
            #expect(receiver.deliveries.count == 4 + 3 + 5)
            #expect(receiver.seen.count == 5)
            #expect(try await bench.standing().behind == 0)
        }
    }

    @Test func `A hook that was taken away is told nothing, and one of its name begins anew`() async throws {
        try await withHookBench { bench in
            let receiver = try await bench.add()
            receiver.answer(400)
            try await bench.happen("ann", "bob")
            try await bench.deliver()
            #expect(try await bench.book.remove("desk", who: "pat").name == "desk")
            #expect(try await lifecycleError { try await bench.book.get("desk") }.code == "no-such-hook")
            let next = try await bench.add()
            try await bench.happen("carl")
            try await bench.settle()
            #expect(next.seen == ["e3"])
            let twice = try await lifecycleError { try await bench.add() }
            #expect(twice.code == "hook-exists")
        }
    }

    @Test func `A test event is signed and leaves no trace`() async throws {
        try await withHookBench { bench in
            let receiver = try await bench.add()
            #expect(try await bench.dispatcher().test(bench.book.get("desk")) == nil)
            let request = try #require(receiver.requests.first)
            #expect(String(decoding: request.body, as: UTF8.self).contains(#""type":"hook.test""#))
            receiver.answer(404)
            #expect(try await bench.dispatcher().test(bench.book.get("desk")) == "HTTP 404")
            #expect(try await bench.standing().failingSince == nil)
        }
    }

    @Test func `Events that were thrown away do not hold a hook up`() async throws {
        try await withHookBench { bench in
            let receiver = try await bench.add()
            receiver.answer(400)
            try await bench.happen("ann", "ann", "bob")
            try await bench.deliver()
            try await bench.base.write(HookBench.tenant) { try $0.execute("DELETE FROM events WHERE number = 1") }
            receiver.answer(200)
            try await bench.settle()
            #expect(receiver.seen.sorted() == ["e2", "e3"])
            try await bench.happen("carl")
            try await bench.base.write(HookBench.tenant) { try $0.execute("DELETE FROM events") }
            try await bench.deliver()
            #expect(try await bench.standing().behind == 0)
        }
    }

    @Test func `Everything about hooks goes with the tenant, but the record`() async throws {
        try await withHookBench { bench in
            let receiver = try await bench.add()
            receiver.answer(400)
            try await bench.happen("ann")
            try await bench.deliver()
            _ = try await TenantRegistry(store: bench.base).remove(HookBench.tenant, now: bench.seconds, who: "pat")
            for table in HookSchema.tables {
                #expect(try await bench.base.read { try $0.first("SELECT COUNT(*) FROM \(table)") { $0.int(0) } } == 0)
            }
            _ = try await AuditBook(store: bench.base, tenant: HookBench.tenant).verify()
        }
    }
}
