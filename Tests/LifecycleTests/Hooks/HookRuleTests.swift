import Foundation
import HTTPTransport
import TestSupport
import Testing

@testable import Lifecycle

struct HookRuleTests {
    /// The vector of the Standard Webhooks libraries' own tests.
    @Test func `A signature is that of the standard`() throws {
        let secret = try WebhookSecret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
        let headers = WebhookSignature.headers(
            id: "msg_p5jXN8AQM9LWM0D4loKWxJek", timestamp: 1_614_265_330, body: Array(#"{"test": 2432232314}"#.utf8), secrets: [secret])
        #expect(headers.map(\.0) == ["webhook-id", "webhook-timestamp", "webhook-signature"])
        #expect(
            headers.map(\.1) == [
                "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
            ])
    }

    @Test func `A secret is 24 to 64 bytes, and is not described`() throws {
        for count in [23, 65] {
            let error = #expect(throws: LifecycleError.self) { try WebhookSecret("whsec_" + Data(count: count).base64EncodedString()) }
            #expect(error?.code == "hook-secret")
        }
        for count in [24, 32, 64] { _ = try WebhookSecret("whsec_" + Data(count: count).base64EncodedString()) }
        #expect(throws: LifecycleError.self) { try WebhookSecret("whsec_no base64 at all, but long enough to be") }
        var random = SeededRandom(seed: 1)
        let made = WebhookSecret(from: &random)
        #expect(try WebhookSecret(made.text).key == made.key)
        #expect(made.key.count == 32)
        var dumped = ""
        dump(made, to: &dumped)
        #expect(!dumped.contains(made.text) && !"\(made)".contains(made.text))
    }

    @Test(arguments: [
        ("https://Example.com", false, "https://example.com/"),
        ("https://example.com:8443/a/b?token=1", false, "https://example.com:8443/a/b?token=1"),
        ("https://[2606:4700::1111]/x", false, "https://[2606:4700::1111]/x"),
        ("http://10.0.0.1/x", true, "http://10.0.0.1/x"),
        ("http://localhost:8080", true, "http://localhost:8080/"),
        ("https://xn--bcher-kva.example/", false, "https://xn--bcher-kva.example/"),
    ])
    func `A URL is put together anew`(text: String, allowPrivate: Bool, whole: String) throws {
        #expect(try HookURL(text, allowPrivate: allowPrivate).text == whole)
    }

    @Test(arguments: [
        "", "example.com", "ftp://example.com/", "http://example.com/", "https:///x", "https://user:pw@example.com/",
        "https://user@example.com/",
        "https://example.com/#x", "https://example.com:22/", "https://example.com:0/", "https://example.com:99999/",
        "https://ex ample.com/",
        "https://example.com\\@10.0.0.1/", "https://10.0.0.1/", "https://127.0.0.1/", "https://[::1]/", "https://[fe80::1]/",
        "https://[fd00::1]/",
        "https://[::ffff:8.8.8.8]/", "https://169.254.169.254/latest", "https://[fe80::1%25eth0]/", "https://bücher.example/",
        "https://ex%61mple.com/", "https://192.0.2.1/", "https://0.0.0.0/", "https://example.com/\u{0}",
        "https://example.com/" + String(repeating: "a", count: 2_048),
    ])
    func `A URL that is none is refused, and not repeated`(text: String) throws {
        let error = #expect(throws: LifecycleError.self) { try HookURL(text, allowPrivate: false) }
        #expect(error?.code == "hook-url")
        #expect(error.map { !$0.message.contains("pw") } == true)
    }

    @Test func `What may be private, and what may not even then`() throws {
        for text in ["https://10.1.2.3/", "http://127.0.0.1:9000/", "http://[::1]:9000/", "https://100.64.0.1/", "https://[fd00::1]/"] {
            _ = try HookURL(text, allowPrivate: true)
        }
        for text in [
            "https://224.0.0.1/", "https://0.0.0.0/", "https://[ff02::1]/", "https://[::]/", "http://8.8.8.8/", "https://255.255.255.255/",
        ] {
            #expect(throws: LifecycleError.self, "\(text)") { try HookURL(text, allowPrivate: true) }
        }
    }

    @Test func `Names are judged by each of their addresses`() throws {
        let open = try HookURL("https://example.com", allowPrivate: false).judge(allowPrivate: false)
        let near = try HookURL("http://example.com", allowPrivate: true).judge(allowPrivate: true)
        let global = try #require(NetworkAddress("8.8.8.8"))
        let inside = try #require(NetworkAddress("10.0.0.8"))
        #expect(open(global) == nil && open(inside)?.contains("private") == true)
        #expect(near(inside) == nil && near(global)?.contains("plain http") == true)
    }

    private func event(_ type: String, _ person: String = "", group: String? = nil) -> EventLog.Entry {
        EventLog.Entry(
            number: 1, id: "e", type: type, person: person, at: 0, body: group.map { #"{"data":{"group":\#($0)}}"# } ?? #"{"data":{}}"#)
    }

    @Test func `A filter wants what all of its kinds want`() throws {
        #expect(try HookFilter().wants(event("account.created")))
        let types = try HookFilter(types: ["account.*", "group.joined"])
        #expect(types.wants(event("account.created")) && types.wants(event("group.joined")))
        #expect(!types.wants(event("group.left")) && !types.wants(event("accounts.created")))
        let persons = try HookFilter(persons: ["Ann@Example.com", "*@vip.example.com"])
        #expect(persons.wants(event("x", "ann@example.com")) && persons.wants(event("x", "bob@vip.example.com")))
        #expect(!persons.wants(event("x", "bob@example.com")) && !persons.wants(event("x")))
        let groups = try HookFilter(groups: ["Finance", "g-7"])
        for group in [#""finance""#, #"{"name":"FINANCE","id":"g-1"}"#, #"{"id":"G-7"}"#] {
            #expect(groups.wants(event("group.joined", group: group)), "\(group)")
        }
        for group in [#""Sales""#, #"{"name":"Sales"}"#, "7"] { #expect(!groups.wants(event("group.joined", group: group)), "\(group)") }
        #expect(!groups.wants(event("group.joined")))
        let both = try HookFilter(types: ["account.*"], persons: ["ann@example.com"])
        #expect(both.wants(event("account.changed", "ann@example.com")) && !both.wants(event("group.joined", "ann@example.com")))
        #expect(try JSONDecoder().decode(HookFilter.self, from: JSONEncoder().encode(both)) == both)
    }

    @Test(arguments: [["Account.*"], ["account."], [".x"], ["account.*.x"], ["a b"], [""]])
    func `A type that is none is refused`(types: [String]) {
        #expect(throws: LifecycleError.self) { try HookFilter(types: types) }
    }

    @Test func `Tries are spread over three days, and chance only makes waits longer`() {
        var at = 0
        var tries = 1
        while at < RetrySchedule.patience {
            at += RetrySchedule.wait(attempts: tries, asked: nil, random: 0)
            tries += 1
        }
        #expect(tries == 10)
        #expect(RetrySchedule.wait(attempts: 1, asked: nil, random: 0) == 5)
        #expect(RetrySchedule.wait(attempts: 2, asked: nil, random: 1) == 360)
        #expect(RetrySchedule.wait(attempts: 99, asked: nil, random: 0) == 86_400)
        #expect(RetrySchedule.wait(attempts: 1, asked: 120, random: 0) == 120)
        #expect(RetrySchedule.pause(failures: 2, asked: nil, random: 0) == nil)
        #expect(RetrySchedule.pause(failures: 1, asked: 30, random: 0) == 30)
        #expect(
            (3...14).map { RetrySchedule.pause(failures: $0, asked: nil, random: 0) } == [
                5, 10, 20, 40, 80, 160, 320, 600, 600, 600, 600, 600,
            ])
    }

    @Test func `Retry-After is seconds or a date, up to a day`() {
        let now = Date(timeIntervalSince1970: 1_445_412_420)
        let table: [(String?, Int?)] = [
            (nil, nil), ("", nil), ("0", nil), ("-5", nil), ("120", 120), (" 7 ", 7), ("999999999", 86_400), ("soon", nil),
            ("Wed, 21 Oct 2015 07:28:00 GMT", 60), ("Wed, 21 Oct 2014 07:28:00 GMT", nil), ("Wed, 21 Oct 2099 07:28:00 GMT", 86_400),
            (String(repeating: "1", count: 100), nil),
        ]
        for (text, seconds) in table { #expect(RetrySchedule.asked(text, now: now) == seconds, "\(text ?? "nil")") }
    }

    @Test func `What an answer means`() {
        let now = Date(timeIntervalSince1970: 0)
        for status in [200, 201, 202, 204, 299] { #expect(DeliveryVerdict(WireReply(status: status), now: now) == .delivered) }
        #expect(DeliveryVerdict(WireReply(status: 410), now: now) == .gone)
        for (status, isReceivers) in [
            (400, false), (404, false), (500, false), (429, true), (502, true), (503, true), (504, true), (301, true),
        ] {
            guard case .failed(let note, nil, let flag) = DeliveryVerdict(WireReply(status: status), now: now) else {
                Issue.record("\(status)")
                continue
            }
            #expect(note.hasPrefix("HTTP \(status)") && flag == isReceivers)
        }
        let asked = DeliveryVerdict(WireReply(status: 503, headers: [("retry-after", "60")]), now: now)
        #expect(asked == .failed(note: "HTTP 503", asked: 60, isReceivers: true))
    }

    /// Whatever the order of the answers: one of a person at a time, each person's in order, nothing skipped.
    @Test(arguments: 0..<200)
    func `A window keeps each person's order`(seed: Int) {
        var random = SeededRandom(seed: UInt64(seed))
        let events = (1...40).map { number in
            EventLog.Entry(
                number: number * 3, id: "e\(number)", type: "t", person: "p\(Int.random(in: 0..<6, using: &random))", at: 0, body: "")
        }
        let lagging: Set<String> = seed.isMultiple(of: 3) ? ["p0"] : []
        var window = DeliveryWindow(events, end: 500, lagging: lagging)
        var flying: [EventLog.Entry] = []
        var arrived: [EventLog.Entry] = []
        var failed = lagging
        var settled: Set<Int> = Set(events.filter { lagging.contains($0.person) }.map(\.number))
        while true {
            while flying.count < 4, let next = window.next() {
                #expect(!flying.contains { $0.person == next.person } && !failed.contains(next.person))
                flying.append(next)
            }
            guard !flying.isEmpty else { break }
            let event = flying.remove(at: Int.random(in: 0..<flying.count, using: &random))
            let isGood = Int.random(in: 0..<8, using: &random) > 0
            window.settle(event, arrived: isGood)
            settled.insert(event.number)
            if isGood {
                arrived.append(event)
            } else {
                failed.insert(event.person)
                settled.formUnion(events.filter { $0.person == event.person && $0.number > event.number }.map(\.number))
            }
            let first = events.first { !settled.contains($0.number) }?.number
            #expect(window.place == first.map { $0 - 1 } ?? 500)
        }
        #expect(window.place == 500)
        for person in Set(events.map(\.person)).subtracting(failed) {
            #expect(arrived.filter { $0.person == person } == events.filter { $0.person == person })
        }
    }
}
