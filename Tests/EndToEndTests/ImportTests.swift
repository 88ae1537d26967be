import Foundation
import Mimecast
import Testing

/// Many joiners at once, against a sandbox whose imports take their time.
@Suite struct ImportTests {
    private static let path = "/api/user/import-users"

    /// So many joiners that a file is sent, who are approved as often as they come.
    private func joiners(_ desk: Desk, _ csv: inout PeopleCSV, round: Int) {
        for number in 1...25 { csv["file\(round)-\(number)@\(desk.sandbox.domain)"].name = "Somebody, No. \(number)" }
    }

    private func start(_ desk: Desk) async throws -> PeopleCSV {
        let csv = PeopleCSV(try await desk.tenant.users())
        try await desk.muster("guards", "raise", "additions=1000", "additions-24h=1000", "--for", "1h", "--reason", "test", expect: 0)
        try await desk.expectInLine(csv)
        return csv
    }

    @Test(arguments: Flavour.allCases)
    func oneFileMakesThem(_ flavour: Flavour) async throws {
        try await Desk.with(flavour, people: 60) { desk in
            var csv = try await start(desk)
            joiners(desk, &csv, round: 1)
            let plan = try await desk.plan(csv, expect: 2)
            let isByFile = flavour != .guide
            #expect((plan["changes"]?.list ?? []).allSatisfy { ($0["route"]?.text == "file") == isByFile })
            let mark = try await desk.control.mark()
            let applied = try await desk.muster("apply", try #require(plan["plan"]?.text), "--json", expect: 0)
            #expect(applied.document?["verified"]?.int == 25, "\(applied)")
            let requests = try await desk.control.requests(since: mark)
            #expect(requests.count { $0.path == Self.path } == (isByFile ? 1 : 0))
            #expect(requests.count { $0.path == flavour.createPath } == (isByFile ? 0 : 25))
            if isByFile { #expect(requests.count < 12, "\(requests.map(\.path))") }
            try await desk.expectInLine(csv)
        }
    }

    @Test func killedAtEachStepTheFileIsSentOnce() async throws {
        try await Desk.with(.portal, people: 60) { desk in
            var csv = try await start(desk)
            // Begun, sent, its id kept, settled, read back, finished.
            for write in 1...6 {
                joiners(desk, &csv, round: write)
                let plan = try #require(try await desk.plan(csv, expect: 2)["plan"]?.text)
                let mark = try await desk.control.mark()
                let applied = try await desk.binary.run(["apply", plan, "--json"], with: ["MUSTER_FAILPOINT": "journal:\(write)"])
                #expect(applied.signal == SIGKILL, "write \(write): \(applied)")
                if write < 6 { try await desk.muster("resume", "--json", expect: 0) }
                let requests = try await desk.control.requests(since: mark)
                #expect(requests.count { $0.path == Self.path } <= 1, "write \(write)")
                try await desk.expectInLine(csv)
            }
        }
    }
}
