import Foundation
import Mimecast
import Testing

/// One apply per tenant, also between processes.
@Suite struct LockTests {
    @Test func theSecondApplyIsRefusedAndNamesTheHolder() async throws {
        try await Desk.with(.portal, people: 60) { desk in
            var scene = try await Scene(desk)
            let plan = try await scene.next()
            let mark = try await desk.control.mark()
            try await desk.control.script([ScriptedFault("delay", Flavour.portal.createPath, seconds: 3)])
            let first = try desk.binary.start(["apply", plan, "--as", "ada.first"])
            try await eventually("the first is at work") { try await desk.control.firedCount() == 1 }
            let second = try await desk.muster("apply", plan, "--json", "--as", "bea.second", expect: 73)
            #expect(second.error?["code"]?.text == "tenant-locked")
            let message = second.error?["message"]?.text ?? ""
            #expect(message.contains("ada.first") && message.contains("\(first.id)"), "\(message)")
            let resumed = try await desk.muster("resume", expect: 73)
            #expect(resumed.err.contains("ada.first") && resumed.err.contains("\(first.id)"))
            #expect(try await first.outcome().exit == 0)
            try await scene.expectDone(since: mark)
        }
    }

    @Test func aLockLeftByAKilledProcessIsTakenOver() async throws {
        try await Desk.with(.portal, people: 60) { desk in
            var scene = try await Scene(desk)
            let plan = try await scene.next()
            let mark = try await desk.control.mark()
            try await desk.control.script([ScriptedFault("delay", Flavour.leavePath, seconds: 0.5)])
            let first = try desk.binary.start(["apply", plan])
            try await eventually("the first is at work") { try await desk.control.firedCount() == 1 }
            first.send(signal: SIGKILL)
            _ = try await first.outcome()
            try await desk.muster("apply", plan, "--as", "bea.second", expect: 0)
            try await scene.expectDone(since: mark)
        }
    }

    @Test(arguments: [SIGINT, SIGTERM])
    func anInterruptFinishesTheCallInFlightAndResumeTheRest(_ signal: Int32) async throws {
        try await Desk.with(.portal, people: 60) { desk in
            var scene = try await Scene(desk)
            let plan = try await scene.next()
            let mark = try await desk.control.mark()
            try await desk.control.script([ScriptedFault("delay", Flavour.portal.createPath, seconds: 1)])
            let apply = try desk.binary.start(["apply", plan, "--json"])
            try await eventually("it is at work") { try await desk.control.firedCount() == 1 }
            apply.send(signal: signal)
            let outcome = try await apply.outcome()
            #expect(outcome.exit == 4, "\(outcome)")
            #expect(outcome.document?["stopCode"]?.text == "interrupted")
            #expect(outcome.document?["done"]?.int == 1)
            // Nothing but the call in flight.
            #expect(try await desk.control.requests(since: mark).filter { $0.hadEffect }.map(\.target) == [scene.joiner])
            #expect(outcome.err.contains("muster resume"))
            try await desk.muster("resume", expect: 0)
            try await scene.expectDone(since: mark)
        }
    }
}
