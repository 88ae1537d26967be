import Foundation
import Mimecast
import Testing

@testable import Planning

/// Who may go for good, and who may not whatever the source says.
struct PurgeTests {
    private static let now = Int(Scene.instant.timeIntervalSince1970)

    /// Twenty people in line, and `gone`, whom Muster disabled so many days ago and the source no longer names.
    private func scene(_ flavour: Flavour, days: Int, after: Int? = 30) -> Scene {
        var scene = Scene(flavour)
        for number in 1...20 { scene.settled("p\(number)") }
        let account = scene.account("gone", status: .disabled)
        scene.links.append(Link(account: at("gone"), accountID: account.id, externalID: "gone", person: at("gone"), disabledByUs: true))
        scene.retired = [RetiredAccount(account: at("gone"), accountID: account.id, since: Self.now - days * 86_400)]
        scene.belongings = [at("gone"): Belongings(aliases: [at("old")], archive: true, retentionDays: 365)]
        scene.removal = RemovalPolicy(purgeAfterDays: after)
        return scene
    }

    @Test(arguments: Flavour.allCases)
    func `Long after it was disabled an account is purged, with what has to be known of it`(flavour: Flavour) throws {
        let plan = scene(flavour, days: 30).plan
        #expect(plan.changes.map(\.short) == ["purge gone"])
        let line = try #require(plan.changes.first)
        #expect(line.removal && line.reversible && ApprovalRules().needsApproval(plan))
        let facts = try #require(line.facts).joined(separator: "\n")
        #expect(facts.contains("at most 365 days") && facts.contains("mail to \(at("gone")), \(at("old")) will bounce"))
        #expect(plan.result(.removals)?.value == 1)
    }

    @Test(arguments: Flavour.allCases)
    func `Nothing is purged that anything speaks against`(flavour: Flavour) {
        func expectNone(_ why: Comment, days: Int = 40, after: Int? = 30, _ change: (inout Scene) -> Void = { _ in }) {
            var scene = scene(flavour, days: days, after: after)
            change(&scene)
            #expect(!scene.plan.changes.contains { $0.kind == .purge }, why)
        }
        expectNone("nobody asked for it", after: nil)
        expectNone("a day too early", days: 29)
        expectNone("never disabled by Muster") { $0.retired = [] }
        expectNone("on the list already") { $0.retired[0].purgeListed = Self.now }
        expectNone("protected") { $0.protected = [at("gone")] }
        expectNone("on hold") { $0.removal?.holds = [at("gone")] }
        expectNone("an administrator") { $0.belongings[at("gone")]?.role = "Help Desk Administrator" }
        expectNone("its role was not read") { $0.belongings = [:] }
        expectNone("an open read") { $0.isOpen = true }
        expectNone("wanted again") { $0.people.append(Person(address: at("gone"), externalID: "gone", active: true)) }
        expectNone("active") { scene in
            scene.accounts[20].status = flavour == .guide ? .active : nil
            scene.states[at("gone")] = .active
        }
        expectNone("the directory's") { $0.accounts[20].authority = .ldap }
        if flavour == .guide {
            expectNone("another account under its address") { $0.accounts[20].id = "id-somebody-else" }
        }
    }

    @Test func `Rights over other mailboxes end first, and whoever comes back leaves the list before`() throws {
        var scene = scene(.portal, days: 60)
        scene.belongings[at("gone")]?.opens = [at("p1"), at("p2")]
        #expect(scene.lines == ["removeDelegate p1", "removeDelegate p2", "purge gone"])
        scene.retired[0].purgeListed = Self.now - 3_600
        scene.people.append(Person(address: at("gone"), externalID: "gone", active: true))
        #expect(scene.lines == ["unpurge gone", "enable gone"])
    }

    @Test func `Purges take what the removal guards leave, and never stop a leaver`() throws {
        var scene = Scene(.guide)
        for number in 1...20 { scene.settled("p\(number)") }
        for number in 1...9 {
            let account = scene.account("gone\(number)", status: .disabled)
            scene.retired.append(RetiredAccount(account: at("gone\(number)"), accountID: account.id, since: number))
            scene.belongings[at("gone\(number)")] = Belongings()
        }
        scene.removal = RemovalPolicy(purgeAfterDays: 30)
        scene.people[0].active = false
        // Three removals a run: the leaver, and the two who are disabled longest.
        #expect(scene.lines == ["disable p1", "purge gone1", "purge gone2"])
        #expect(scene.plan.tripped.isEmpty)
        #expect(scene.plan.notices.contains { $0.hasPrefix("7 accounts more may be purged later") })
        scene.guards.recent = [Spending(kind: .disable, removal: true, day: 4)]
        #expect(scene.lines == ["disable p1"])
    }

    @Test(arguments: Flavour.allCases)
    func `A group that is not there is made before its members, once`(flavour: Flavour) {
        var scene = Scene(flavour)
        for name in ["ann", "bob"] {
            scene.account(name)
            scene.people.append(Person(address: at(name), groups: ["New Crew", "new crew"]))
        }
        #expect(scene.lines == ["createGroup New Crew", "addMember ann New Crew", "addMember bob New Crew"])
        scene.isOpen = true
        #expect(scene.plan.work.isEmpty)
    }

    @Test func `A plan of a version that knew fewer kinds can still be read`() throws {
        var scene = Scene()
        scene.people = [Person(address: at("ann"))]
        let file = try PlanFile(scene.plan)
        var text = String(decoding: try file.written(), as: UTF8.self)
        for kind in ["createGroup", "purge", "unpurge", "addAlias", "removeAlias", "addDelegate", "removeDelegate"] {
            text = text.replacing("    \"\(kind)\" : 0,\n", with: "")
        }
        #expect(!text.contains("purge"))
        #expect(try PlanFile(reading: Data(text.utf8)).hash == file.hash)
    }
}
