import Foundation
import Mimecast
import Testing

/// Connections that break before or after the effect, on each path that writes: what became of the call is read, never guessed.
@Suite struct FaultTests {
    /// Strikes the first sending of each line, as often as the calls of an apply touch the path: of the updates there are several, and the
    /// portal looks through the same path.
    private static func faults(_ kind: String, _ way: Way, _ write: Way.Write) -> [ScriptedFault] {
        let looks = write == way.update && !way.isOverSCIM && way.flavour != .guide
        // What passes before a line's first sending; the look for the dropped create comes before all of them.
        var passed = looks ? 1 : 0
        return (0..<way.lines(of: write)).map { line in
            // The first line of the path is the update itself, and is looked at before each sending.
            let before = looks && line == 0 ? 1 : 0
            let fault = ScriptedFault(kind, write, skip: passed + before)
            // Then the look that settles it (portal, v1), and what is sent again (where nothing was carried out).
            passed += before + (looks ? 1 : 0) + (kind == "drop-before" ? before + 1 : 0)
            return fault
        }
    }

    @Test(arguments: Way.allCases, ["drop-before", "drop-after"])
    func aDroppedWriteIsReadBeforeItIsSentAgain(_ way: Way, _ kind: String) async throws {
        try await Desk.with(way, people: 60) { desk in
            var scene = try await Scene(desk)
            let plan = try await scene.next()
            let mark = try await desk.control.mark()
            try await desk.control.script(way.writes.flatMap { Self.faults(kind, way, $0) })
            let applied = try await desk.muster("apply", plan, "--json", expect: 0)
            #expect(applied.document?["settled"]?.int == scene.kinds.count)
            try await desk.expectAllFired()
            try await desk.control.clearFaults()
            let dropped = try await desk.control.requests(since: mark).filter { $0.wasDropped }
            #expect(dropped.count == scene.kinds.count)
            #expect(dropped.allSatisfy { $0.hadEffect == (kind == "drop-after") })
            try await scene.expectDone(since: mark)
        }
    }

    @Test func aLineThatIsNeverCarriedOutFailsAfterThreeTriesAndTheRestGoesOn() async throws {
        try await Desk.with(.portal, people: 60) { desk in
            var scene = try await Scene(desk)
            let plan = try await scene.next()
            let mark = try await desk.control.mark()
            try await desk.control.script([ScriptedFault("drop-before", Flavour.portal.createPath, count: 3)])
            let applied = try await desk.muster("apply", plan, "--json", expect: 4)
            #expect(applied.document?["failed"]?.int == 1)
            #expect(applied.document?["done"]?.int == scene.kinds.count - 1)
            try await desk.expectAllFired()
            #expect(Repeats(writes: desk.way.writes).unread(try await desk.control.requests(since: mark)).isEmpty)
            // The next plan asks for it again, and now it goes through.
            try await desk.bringAbout(scene.csv)
        }
    }

    @Test func aRunThatIsRefusedBeforeItDidAnythingIsNotPermitted() async throws {
        try await Desk.with(.portal, people: 60) { desk in
            var scene = try await Scene(desk)
            let plan = try await scene.next()
            let mark = try await desk.control.mark()
            let wrong = ["MIMECAST_CLIENT_SECRET": "not-the-secret"]
            let applied = try await desk.binary.run(["apply", plan, "--json"], with: wrong)
            #expect(applied.exit == 77, "\(applied)")
            #expect(applied.document?["done"]?.int == 0 && applied.document?["stopCode"]?.text == "unauthorized")
            #expect(try await desk.control.requests(since: mark).allSatisfy { !$0.hadEffect })
            try await desk.muster("resume", expect: 0)
            try await scene.expectDone(since: mark)
        }
    }

    @Test func aReadThatBreaksLeavesTheLineUnknownForTheResume() async throws {
        try await Desk.with(.guide, people: 60) { desk in
            var scene = try await Scene(desk)
            let plan = try await scene.next()
            let mark = try await desk.control.mark()
            try await desk.control.script([
                ScriptedFault("drop-after", Flavour.guide.createPath),
                ScriptedFault("drop-before", "/api/user/get-internal-users", count: 4),
            ])
            let applied = try await desk.muster("apply", plan, "--json", expect: 69)
            #expect(applied.document?["stopCode"]?.text == "unreachable")
            #expect(applied.document?["deferred"]?.int == scene.kinds.count)
            try await desk.expectAllFired()
            let resumed = try await desk.muster("resume", "--json", expect: 0)
            #expect(resumed.document?["settled"]?.int == 1)
            try await scene.expectDone(since: mark)
        }
    }

    @Test(arguments: [Way(.portal), Way(.v1), Way(.portal, overSCIM: true)])
    func quotaAndServerErrorsAreWaitedForAndNothingIsSentTwice(_ way: Way) async throws {
        try await Desk.with(way, people: 60) { desk in
            var scene = try await Scene(desk)
            let plan = try await scene.next()
            let mark = try await desk.control.mark()
            try await desk.control.script(way.writes.map { ScriptedFault("rate-limit", $0, seconds: 0) })
            try await desk.muster("apply", plan, expect: 0)
            try await desk.expectAllFired()
            let effects = try await desk.control.requests(since: mark).filter { $0.hadEffect }
            #expect(effects.count == scene.kinds.count)
            try await desk.expectInLine(scene.csv)
        }
    }

    @Test(arguments: Way.allCases.filter { $0.flavour == .guide })
    func aWriteThatTheVendorAnswersWith503IsReadFirst(_ way: Way) async throws {
        try await Desk.with(way, people: 60) { desk in
            var scene = try await Scene(desk)
            let plan = try await scene.next()
            let mark = try await desk.control.mark()
            try await desk.control.script(way.writes.map { ScriptedFault("server-error", $0, status: 503) })
            let applied = try await desk.binary.run(["apply", plan, "--json"])
            if applied.exit != 0 {
                #expect(applied.exit == 4 || applied.exit == 69, "\(applied)")
                var resumed = applied
                for _ in 0..<5 where resumed.exit != 0 { resumed = try await desk.binary.run(["resume", "--json"]) }
                #expect(resumed.exit == 0, "\(resumed)")
            }
            try await desk.expectAllFired()
            let effects = try await desk.control.requests(since: mark).filter { $0.hadEffect }
            #expect(effects.count == scene.kinds.count)
            try await desk.expectInLine(scene.csv)
        }
    }

    @Test func aVendorThatIsNotThereLeavesEverythingToDo() async throws {
        try await Desk.with(.portal, people: 60) { desk in
            var scene = try await Scene(desk)
            let plan = try await scene.next()
            let gone = ["MIMECAST_BASE_URL": "http://127.0.0.1:9"]
            let applied = try await desk.muster("apply", plan, "--json", expect: 69, with: gone)
            #expect(applied.document?["done"]?.int == 0)
            let mark = try await desk.control.mark()
            try await desk.muster("resume", expect: 0)
            try await scene.expectDone(since: mark)
        }
    }
}

extension Desk {
    /// The faults struck exactly as they were scripted: a fault that never struck proves nothing.
    func expectAllFired(at location: SourceLocation = #_sourceLocation) async throws {
        let faults = try await control.faults()
        #expect(!faults.isEmpty && faults.allSatisfy { $0.count == $0.fired }, "\(faults)", sourceLocation: location)
    }
}
