import Mimecast
import Testing

@testable import Planning

/// Seats before and after a plan.
struct SeatTests {
    @Test(
        arguments: [
            // Contracted, present, after, percent, whether somebody hears of it.
            (nil, 10, 12, nil, false), (100, 80, 89, 89, false), (100, 80, 90, 90, true), (100, 100, 100, 100, true),
            (100, 100, 101, 101, true),
            (500, 10, nil, 2, false), (10, 9, nil, 90, true),
        ] as [(Int?, Int, Int?, Int?, Bool)])
    func `A warning before it is too late`(contracted: Int?, present: Int, after: Int?, percent: Int?, warns: Bool) {
        let seats = SeatCount(contracted: contracted, present: present, active: present, after: after)
        #expect(seats.percent == percent)
        #expect((seats.notice != nil) == warns)
        if let contracted, let after, after > contracted { #expect(seats.notice?.contains("too many") == true) }
    }

    @Test func `A plan says what it takes, and warns before it crosses`() {
        var scene = Scene()
        for number in 0..<8 { scene.settled("p\(number)", status: number == 0 ? .disabled : .active) }
        scene.account("stranger")
        scene.seats = 11
        #expect(scene.plan.seats == SeatCount(contracted: 11, present: 9, active: 8, disabled: 1, orphaned: 1, after: 9))
        #expect(!scene.plan.notices.contains { $0.contains("seats") }, "nobody comes")
        scene.people.append(Person(address: at("new")))
        #expect(scene.plan.seats?.after == 10)
        #expect(scene.plan.notices.contains("10 of 11 seats are taken after this plan (90 %). 1 disabled account still counts."))
        #expect(!scene.plan.isStopped)
        for number in 0..<2 { scene.people.append(Person(address: at("more\(number)"))) }
        #expect(scene.plan.tripped == ["seats"])
        #expect(scene.plan.held(without: GuardName.seats.directions).count == 3)
        scene.seats = nil
        #expect(!scene.plan.isStopped && scene.plan.seats?.contracted == nil)
    }

    @Test func `A plan of a version without seats is read still`() throws {
        var plan = Scene().plan
        plan.seats = nil
        let file = try PlanFile(plan)
        let bytes = try file.written()
        #expect(!String(decoding: bytes, as: UTF8.self).contains("seats\""))
        #expect(try PlanFile(reading: bytes).hash == file.hash)
    }
}
