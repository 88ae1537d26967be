import Testing
import TestSupport

struct ManualClockTests {
    @Test func sleepersWakeWhenTheirTimeComes() async throws {
        let clock = ManualClock()
        let short = Task { try await clock.sleep(for: .seconds(1)) }
        let long = Task { try await clock.sleep(for: .seconds(2)) }
        await clock.waitForSleepers(2)
        clock.advance(by: .seconds(1))
        try await short.value
        await clock.waitForSleepers(1)
        clock.advance(by: .seconds(1))
        try await long.value
        #expect(clock.now.elapsed == .seconds(2))
    }

    @Test func aCancelledSleeperWakesAtOnce() async throws {
        let clock = ManualClock()
        let task = Task { try await clock.sleep(for: .seconds(1)) }
        await clock.waitForSleepers()
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    @Test func aClockThatAdvancesItselfRecordsSleeps() async throws {
        let clock = ManualClock(advancesItself: true)
        try await clock.sleep(for: .seconds(3))
        try await clock.sleep(for: .seconds(4))
        #expect(clock.sleeps == [.seconds(3), .seconds(4)])
        #expect(clock.now.elapsed == .seconds(7))
    }
}
