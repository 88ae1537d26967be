import Foundation
import Mimecast
import Testing

/// The plug is pulled at every step of an apply, and `resume` goes on: nothing is lost, nothing is repeated unread.
@Suite struct KillTests {
    @Test(arguments: Way.allCases)
    func afterEveryJournalWrite(_ way: Way) async throws {
        try await Desk.with(way, people: 60) { desk in
            var scene = try await Scene(desk)
            var write = 0
            var hasEnded = false
            while !hasEnded {
                write += 1
                let plan = try await scene.next()
                let mark = try await desk.control.mark()
                let applied = try await desk.binary.run(["apply", plan, "--json"], with: ["MUSTER_FAILPOINT": "journal:\(write)"])
                if applied.signal == SIGKILL {
                    try await desk.muster("resume", "--json", expect: 0)
                } else {
                    // The plan had fewer journal writes than this: it ended by itself.
                    #expect(applied.exit == 0, "\(applied)")
                    hasEnded = true
                }
                try await scene.expectDone(since: mark)
                try #require(write < 60, "The apply never ended by itself.")
            }
            // Begun, each line sent and answered, all read back, finished.
            #expect(write == 1 + 2 * scene.kinds.count + 2 + 1)
        }
    }

    @Test(arguments: Way.allCases)
    func whileACallIsOpen(_ way: Way) async throws {
        try await Desk.with(way, people: 60) { desk in
            var scene = try await Scene(desk)
            for call in way.writes {
                var isKilled = false
                // On a machine that is busy the call may be over before the signal arrives: then once more.
                for _ in 0..<10 where !isKilled {
                    let plan = try await scene.next()
                    let mark = try await desk.control.mark()
                    try await desk.control.script([ScriptedFault("delay", call, seconds: 0.5)])
                    let apply = try desk.binary.start(["apply", plan])
                    try await eventually("the call to \(call.path) is open") { try await desk.control.firedCount() == 1 }
                    apply.send(signal: SIGKILL)
                    isKilled = try await apply.outcome().signal == SIGKILL
                    try await desk.control.clearFaults()
                    if isKilled { try await desk.muster("resume", expect: 0) }
                    try await scene.expectDone(since: mark)
                }
                #expect(isKilled)
            }
        }
    }

    @Test func aSecondKillInTheResumeIsResumedToo() async throws {
        try await Desk.with(.portal, people: 60) { desk in
            var scene = try await Scene(desk)
            let plan = try await scene.next()
            let mark = try await desk.control.mark()
            // Killed with the first line sent, and then in each resume after its first lines.
            var outcome = try await desk.binary.run(["apply", plan], with: ["MUSTER_FAILPOINT": "journal:2"])
            #expect(outcome.signal == SIGKILL)
            var kills = 0
            while outcome.exit == nil, kills < 40 {
                kills += 1
                outcome = try await desk.binary.run(["resume"], with: ["MUSTER_FAILPOINT": "journal:4"])
            }
            #expect(outcome.exit == 0, "\(outcome)")
            #expect(kills > 3)
            try await scene.expectDone(since: mark)
        }
    }
}
