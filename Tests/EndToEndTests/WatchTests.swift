import Foundation
import Mimecast
import TestSupport
import Testing

/// `muster sync --every` against the sandbox.
@Suite struct WatchTests {
    /// Lines of the output so far.
    private func lines(_ process: RunningProcess) -> [JSON] {
        process.standardOutput.split(separator: "\n").compactMap { try? JSONDecoder().decode(JSON.self, from: Data($0.utf8)) }
    }

    @Test func readsAtOnceWhenTheLogShowsAChangeAndSaysWhatItPromises() async throws {
        try await Desk.with(.portal) { desk in
            let watch = try desk.binary.start(["sync", "--every", "2h", "--look", "1s", "--json"])
            defer { watch.end() }
            try await eventually("the first read") { lines(watch).count == 1 }
            let first = try #require(lines(watch).first)
            #expect(first["tenant"]?.text == desk.code)
            #expect(first["reason"]?.text == "due")
            #expect(first["schedule"]?["readEvery"]?.int == 7_200)
            #expect((first["schedule"]?["loggedWithin"]?.int ?? 0) < 200)
            try await desk.control.directory([["op": "create", "emailAddress": "newcomer@\(desk.sandbox.domain)", "name": "New Comer"]])
            try await eventually("the read that the log asked for", within: .seconds(100)) { lines(watch).count == 2 }
            let second = lines(watch)[1]
            #expect(second["reason"]?.text == "changed")
            #expect(second.at("accounts", "internal")?.int == (first.at("accounts", "internal")?.int ?? 0) + 1)
        }
    }

    @Test func theSecondReaderIsToldWhoReadsAndOthersWork() async throws {
        try await Desk.with(.portal) { desk in
            let watch = try desk.binary.start(["sync", "--every", "1h", "--json", "--as", "ada.first"])
            defer { watch.end() }
            try await eventually("the first read") { lines(watch).count == 1 }
            let second = try await desk.muster("sync", "--every", "1h", "--json", "--as", "bea.second", expect: 73)
            #expect(second.error?["code"]?.text == "tenant-read")
            #expect(second.error?["message"]?.text?.contains("ada.first") == true)
            try await desk.muster("sync", expect: 0)
            // A reader that was killed is no reader.
            watch.send(signal: SIGKILL)
            _ = try await watch.outcome()
            let third = try desk.binary.start(["sync", "--every", "1h", "--json"])
            defer { third.end() }
            // What was read a moment ago is not read again: the schedule outlives the process.
            try await Task.sleep(for: .seconds(3))
            #expect(third.isRunning)
            #expect(lines(third).isEmpty)
            third.send(signal: SIGINT)
            _ = try await third.outcome()
        }
    }

    @Test func withoutTheRightToTheLogSyncSaysSoOnceAndGoesOn() async throws {
        try await Desk.with(.portal) { desk in
            try await desk.control.script([ScriptedFault("reject", "/api/audit/get-audit-events", count: 3, status: 403)])
            let first = try await desk.muster("sync", "--json", expect: 0)
            #expect(first.err.contains("audit log"))
            #expect(first.document?["closed"]?.bool == true)
            let second = try await desk.muster("sync", "--json", expect: 0)
            #expect(!second.err.contains("audit log"))
        }
    }

    @Test func everyTenantOfTheStoreIsReadAndOneThatFailsHoldsNobodyUp() async throws {
        try await Desk.with(.portal) { desk in
            let folder = desk.folder.path + "/other"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            let other = try await SandboxProcess(MusterBinary(folder: folder), people: 5)
            defer { other.stop() }
            let plain = MusterBinary(
                folder: desk.folder.path, variables: ["GOOD": desk.sandbox.credentials["MIMECAST_CLIENT_SECRET"] ?? ""])
            // The other one's secret is no longer there when it is read.
            for (box, name) in [(desk.sandbox, "GOOD"), (other, "BAD")] {
                let added = try await plain.run(
                    [
                        "tenants", "add", box.code, "--base-url", box.baseURL, "--dialect", "portal",
                        "--client-id=\(box.credentials["MIMECAST_CLIENT_ID"] ?? "")", "--client-secret", "env:\(name)",
                    ], with: [name: box.credentials["MIMECAST_CLIENT_SECRET"] ?? ""])
                #expect(added.exit == 0, "\(added)")
            }
            let watch = try plain.start(["sync", "--every", "1s", "--share", "100", "--json"])
            defer { watch.end() }
            try await eventually("the good one is read again and again", within: .seconds(100)) { lines(watch).count >= 2 }
            #expect(Set(lines(watch).compactMap { $0["tenant"]?.text }) == [desk.code])
            try await eventually("the bad one is said") { watch.standardError.contains(other.code) }
        }
    }
}

/// The vendor's mail logs as a stream.
@Suite struct SiemStreamTests {
    @Test func eachLineComesOnceAndTheNextRunGoesOn() async throws {
        try await Desk.with(.portal) { desk in
            let first = try await desk.muster("events", "--siem", expect: 0)
            let lines = first.out.split(separator: "\n").map(String.init)
            #expect(lines.count > 10)
            #expect(Set(lines).count == lines.count)
            for line in lines.prefix(50) {
                let event = try JSONDecoder().decode(JSON.self, from: Data(line.utf8))
                #expect(event["aggregateId"]?.text != nil && event["timestamp"]?.int != nil)
            }
            let second = try await desk.muster("events", "--siem", expect: 0)
            #expect(Set(second.out.split(separator: "\n").map(String.init)).isDisjoint(with: lines))
            try await desk.control.advanceClock(7_200)
            let third = try await desk.muster("events", "--siem", expect: 0)
            let more = third.out.split(separator: "\n").map(String.init)
            #expect(!more.isEmpty && Set(more).isDisjoint(with: lines))
            // Another consumer has a place of its own.
            let other = try await desk.muster("events", "--siem", "--cursor", "other", "--log-type", "receipt", expect: 0)
            #expect(!other.out.isEmpty)
        }
    }

    /// Applications that sign their calls have the older call alone (`get-siem-logs`).
    @Test func whoSignsCallsGetsTheOlderLogs() async throws {
        try await Desk.with(.v1) { desk in
            let killed = try await desk.binary.run(["events", "--siem", "--generation", "v1"], with: ["MUSTER_FAILPOINT": "siem:1"])
            #expect(killed.signal == SIGKILL, "\(killed)")
            let first = try await desk.muster("events", "--siem", "--generation", "v1", expect: 0)
            let lines = first.out.split(separator: "\n").map(String.init)
            #expect(lines.count > 10)
            #expect(Set(lines).count == lines.count)
            #expect(
                Set(killed.out.split(separator: "\n").map(String.init)).isSubset(of: lines), "what was written and not kept comes again")
            for line in lines {
                let event = try JSONDecoder().decode(JSON.self, from: Data(line.utf8))
                #expect(event["acc"]?.text == desk.code && event["aCode"]?.text != nil)
                #expect(["receipt", "process", "delivery", "jrnl"].contains(event["type"]?.text), "\(line)")
            }
            // A signed call's date may be a quarter of an hour off, no more.
            try await desk.control.advanceClock(840)
            let second = try await desk.muster("events", "--siem", "--generation", "v1", expect: 0)
            let more = second.out.split(separator: "\n").map(String.init)
            #expect(Set(more).isDisjoint(with: lines))
            let other = try await desk.muster("events", "--siem", "--generation", "v1", "--cursor", "other", expect: 0)
            // The older call takes no time to begin at: it begins a day back, and this cursor began later than the first one did.
            let young = Date(timeIntervalSinceNow: -82_800).formatted(.iso8601).prefix(19)
            let expected = try (lines + more).filter { line in
                try #require(JSONDecoder().decode(JSON.self, from: Data(line.utf8))["datetime"]?.text).prefix(19) > young
            }
            #expect(expected.count > 10)
            #expect(Set(expected).isSubset(of: other.out.split(separator: "\n").map(String.init)))
        }
    }

    @Test func killedBetweenWritingAndKeepingNothingIsLost() async throws {
        try await Desk.with(.portal) { desk in
            let since = Date(timeIntervalSinceNow: -72_000).formatted(.iso8601)
            let killed = try await desk.binary.run(["events", "--siem", "--since", since], with: ["MUSTER_FAILPOINT": "siem:1"])
            #expect(killed.signal == SIGKILL, "\(killed)")
            let second = try await desk.muster("events", "--siem", "--since", since, expect: 0)
            let all = try await desk.muster("events", "--siem", "--cursor", "fresh", "--since", since, expect: 0)
            let (a, b) = (Set(killed.out.split(separator: "\n")), Set(second.out.split(separator: "\n")))
            #expect(!a.isEmpty && a.isSubset(of: b), "the page comes again")
            #expect(b.isSubset(of: Set(all.out.split(separator: "\n"))))
        }
    }

    @Test func whatCannotBeHadIsSaidAloud() async throws {
        try await Desk.with(.portal) { desk in
            try await desk.muster("events", "--siem", "--log-type", "receipt", expect: 0)
            let late = try await desk.muster("events", "--siem", "--log-type", "receipt", "--cursor", "late", "--since", "30d", expect: 0)
            let gaps = late.out.split(separator: "\n").filter { $0.contains("muster.gap") }
            #expect(gaps.count == 1)
            #expect(late.err.contains("gap"))
        }
    }
}
