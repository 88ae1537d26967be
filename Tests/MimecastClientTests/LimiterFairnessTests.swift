import Testing

@testable import MimecastClient

/// Turns among tasks, and what is there for urgent calls.
struct LimiterFairnessTests {
    @Test func `A task with a thousand waiting calls does not starve another`() throws {
        var world = LimiterSimulation(SimulatedServer(calls: 300, seconds: 3_600, isWindow: false), latency: 0.1)
        for _ in 0..<1_000 { _ = world.submit(task: "greedy") }
        world.run(until: 1_800, demand: 0)
        // The quota is used up, and hundreds of calls wait.
        #expect(world.limiter.waiting > 500)
        let rate = 300.0 / 3_600
        for _ in 0..<5 {
            let start = world.now
            let small = (0..<3).map { _ in world.submit(task: "small") }
            world.run(until: start + 1_200, demand: 0)
            // Every second turn is the small task's: its third call is the sixth at most, and a rest after a refusal may come in between.
            for (index, ticket) in small.enumerated() {
                let wait = try #require(world.admitted[ticket]) - start
                #expect(wait <= (2 * Double(index + 1) + 0.5) / (0.9 * rate) + 100)
            }
        }
    }

    private func drain(_ queue: inout FairQueue) -> [Int] {
        var numbers: [Int] = []
        while let ticket = queue.popFirst() { numbers.append(ticket.number) }
        return numbers
    }

    private func remove(_ number: Int, _ queue: inout FairQueue) -> Bool { queue.remove(LimiterTicket(number: number)) }

    @Test func `Tasks take turns, and calls of one task go in order`() {
        var queue = FairQueue()
        let tasks: [LimiterTask] = ["a", "a", "a", "b", "c", "c"]
        for (number, task) in tasks.enumerated() { queue.append(LimiterTicket(number: number), task: task, lane: .normal) }
        queue.append(LimiterTicket(number: 10), task: "a", lane: .urgent)
        #expect(queue.nextLane == .urgent)
        #expect(drain(&queue) == [10, 0, 3, 4, 1, 5, 2])
        #expect(queue.nextLane == nil)
    }

    @Test func `A cancelled call takes no turn and leaves nothing behind`() {
        var queue = FairQueue()
        for number in 0..<6 { queue.append(LimiterTicket(number: number), task: number < 4 ? "a" : "b", lane: .normal) }
        #expect(remove(0, &queue) == true)
        #expect(remove(2, &queue) == true)
        #expect(remove(2, &queue) == false)
        #expect(remove(4, &queue) == true)
        #expect(remove(5, &queue) == true)
        #expect(queue.count == 2)
        #expect(drain(&queue) == [1, 3])
    }

    @Test func `A long line stays in order while it is popped and filled`() {
        var queue = FairQueue()
        var popped: [Int] = []
        for number in 0..<1_000 {
            queue.append(LimiterTicket(number: number), task: "a", lane: .normal)
            if number % 3 == 0 { popped += [queue.popFirst()?.number ?? -1] }
        }
        while let ticket = queue.popFirst() { popped.append(ticket.number) }
        #expect(popped == Array(0..<1_000))
    }

    struct Reserve: Sendable {
        let calls: Double
        let seconds: Double
        let isWindow: Bool
        var headers = SimulatedServer.Headers.none
        /// When greed begins to be watched.
        let from: Double
        let step: Double
        /// Urgent calls at once.
        let urgent: Int
    }

    /// After a long greedy run, urgent calls of which the server had enough left are admitted at once and accepted; eight times in ten, since
    /// what is left is used up now and then to see how much there is.
    @Test(arguments: [
        Reserve(calls: 300, seconds: 3_600, isWindow: false, from: 7_200, step: 397, urgent: 1),
        Reserve(calls: 300, seconds: 3_600, isWindow: true, from: 14_400, step: 397, urgent: 1),
        Reserve(calls: 1_000, seconds: 10, isWindow: false, from: 200, step: 9.7, urgent: 20),
        Reserve(calls: 300, seconds: 3_600, isWindow: false, headers: .truthful, from: 7_200, step: 397, urgent: 3),
        Reserve(calls: 300, seconds: 3_600, isWindow: true, headers: .truthful, from: 14_400, step: 397, urgent: 1),
    ])
    func `The reserve is there when it is needed`(of it: Reserve) {
        var world = LimiterSimulation(
            SimulatedServer(calls: it.calls, seconds: it.seconds, isWindow: it.isWindow, headers: it.headers), latency: 0.01)
        world.run(until: it.from)
        var immediate = 0
        var refused = 0
        var ordinary = 0
        for _ in 0..<30 {
            let start = world.now
            let normal = world.submit(task: "ordinary")
            let tickets = (0..<it.urgent).map { _ in world.submit(task: "person", lane: .urgent) }
            let before = world.seen.count
            world.run(until: start + 0.05)
            if tickets.allSatisfy({ world.admitted[$0] != nil }) {
                immediate += 1
                if world.seen[before...].contains(where: { !$0.isAccepted }) { refused += 1 }
            }
            if world.admitted[normal] != nil { ordinary += 1 }
            world.run(until: start + it.step)
        }
        #expect(immediate >= 24)
        #expect(refused <= 3)
        // It is urgency that does it.
        if it.calls / it.seconds < 1 { #expect(ordinary <= 5) }
    }

    @Test func `Urgent calls do not cost the quota`() {
        var world = LimiterSimulation(SimulatedServer(calls: 1_000, seconds: 10, isWindow: false), latency: 0.05)
        world.run(until: 200)
        while world.now < 320 {
            for _ in 0..<5 { _ = world.submit(task: "person", lane: .urgent) }
            world.run(until: world.now + 1)
        }
        let yield = world.yield(from: 200, to: 320)
        #expect(yield.utilisation(of: world.server) >= 0.95)
        #expect(yield.refusedShare < 0.01)
    }
}
