import Mimecast
import Testing

@testable import Planning

/// What the calls of a plan take.
struct PaceTests {
    private func lines(_ count: Int, _ kind: Change.Kind) -> [Change] {
        (0..<count).map { Change(kind: kind, person: at("p\($0)"), account: at("p\($0)"), reason: "", evidence: "") }
    }

    @Test(
        arguments: [
            // Three calls an update, two a join: at the pace of the last read, at the quota of people, of groups, of both.
            (10, 0, [:], 15, Pace.Basis.lastRead), (10, 0, [.user: 0.5], 61, .learnedQuota), (0, 10, [.user: 0.5], 10, .lastRead),
            (10, 10, [.user: 0.5], 71, .learnedQuota), (10, 10, [.user: 0.5, .directory: 4], 66, .learnedQuota),
            (0, 0, [.user: 0.5], 0, nil), (10, 0, [.user: 0], 15, .lastRead),
        ] as [(Int, Int, [EndpointDescription.Category: Double], Int, Pace.Basis?)])
    func `Calls take as long as their quota leaves, or as the last read took`(
        updates: Int, joins: Int, quotas: [EndpointDescription.Category: Double], seconds: Int, basis: Pace.Basis?
    ) {
        let pace = Pace(secondsPerCall: 0.5, quotas: quotas)
        let cost = pace.cost(lines(updates, .update) + lines(joins, .addMember), dialect: .portal, overSCIM: false)
        #expect(cost.calls == 3 * updates + 2 * joins && cost.basis == basis)
        #expect(cost.seconds == seconds)
    }

    @Test func `Over SCIM whom a line is about is looked for first`() {
        var scene = Scene(.portal)
        scene.account("ann", name: "Ann")
        scene.people = [Person(address: at("ann"), name: "Ann Lee")]
        #expect(scene.plan.cost.calls == 3)
        scene.overSCIM = true
        #expect(scene.plan.cost.calls == 4)
    }

    @Test func `A plan of a version that did not say what its cost rests on can still be read`() throws {
        var scene = Scene()
        scene.people = [Person(address: at("ann"))]
        var plan = scene.plan
        #expect(plan.cost.basis == .lastRead)
        plan.cost.basis = nil
        let file = try PlanFile(plan)
        #expect(try PlanFile(reading: file.written()).hash == file.hash)
        #expect(!String(decoding: try file.written(), as: UTF8.self).contains("basis"))
    }
}
