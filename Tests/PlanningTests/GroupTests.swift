import Mimecast
import Testing

@testable import Planning

struct GroupTests {
    private func scene(_ members: [String], groups: [Group] = [Group(id: "g1", name: "Staff", authority: .cloud)]) -> Scene {
        var scene = Scene()
        scene.account("ann")
        scene.groups = groups
        scene.members["g1"] = Set(members.map(at))
        scene.people = [Person(address: at("ann"), groups: ["Staff"])]
        return scene
    }

    @Test func `Who is named and not in is added; names are compared folded`() {
        var scene = scene([])
        #expect(scene.lines == ["addMember ann Staff"])
        scene.people[0].groups = ["STAFF", "staff"]
        #expect(scene.lines == ["addMember ann Staff"])
        scene.members["g1"] = [at("ann")]
        #expect(scene.lines.isEmpty)
    }

    @Test func `A member by alias is a member`() {
        var scene = scene(["a.nn"])
        scene.accounts[0].aliases = [at("a.nn")]
        #expect(scene.lines.isEmpty)
    }

    @Test func `A joiner becomes a member after being made`() {
        var scene = scene([])
        scene.people.append(Person(address: at("new"), groups: ["Staff"]))
        #expect(scene.lines == ["create new", "addMember ann Staff", "addMember new Staff"])
        scene.isOpen = true
        #expect(scene.lines == ["addMember ann Staff", "blocked new"])
    }

    @Test func `An empty cell says nothing about membership`() {
        var scene = scene(["ann"])
        scene.managed = ["g1"]
        scene.people[0].groups = nil
        #expect(scene.lines.isEmpty)
        scene.people[0].groups = []
        #expect(scene.lines == ["removeMember ann Staff"])
    }

    @Test func `A group is managed once the source has named it`() {
        var scene = scene(["ann"])
        scene.groups.append(Group(id: "g2", name: "Other", authority: .cloud))
        scene.members["g2"] = [at("ann")]
        scene.people = [Person(address: at("ann"), groups: []), Person(address: at("bob"), groups: ["Staff"])]
        #expect(scene.lines == ["create bob", "addMember bob Staff", "removeMember ann Staff"])
        #expect(scene.planner.groupsSpokenOf == ["g1"])
        scene.people = [Person(address: at("ann"), groups: [])]
        #expect(scene.lines.isEmpty)
        scene.managed = ["g2"]
        #expect(scene.lines == ["removeMember ann Other"])
    }

    @Test func `People who are not linked to the source stay in their groups`() {
        var scene = scene(["ann", "orphan"])
        scene.account("orphan")
        #expect(scene.lines.isEmpty)
    }

    @Test func `A missing group is blocked with a remedy as long as the read is open`() {
        var scene = scene(["ann"])
        scene.people[0].groups = ["Staff", "Nowhere"]
        #expect(scene.lines == ["createGroup Nowhere", "addMember ann Nowhere"])
        scene.isOpen = true
        #expect(scene.lines == ["blocked ann Nowhere"])
        #expect(scene.plan.change(.blocked)?.remedy?.contains("Run muster sync") == true)
    }

    @Test(arguments: [[], ["ann"]])
    func `Two groups of one name are blocked, and nobody is taken out of either`(members: [String]) {
        let scene = scene(
            members, groups: [Group(id: "g1", name: "Staff", authority: .cloud), Group(id: "g2", name: "staff", authority: .cloud)])
        #expect(scene.lines == ["blocked ann Staff"])
        #expect(scene.plan.change(.blocked)?.reason.contains("2 cloud groups have this name") == true)
    }

    @Test func `A directory group is never written`() {
        var scene = scene([], groups: [Group(id: "g1", name: "Staff", authority: .ldap)])
        #expect(scene.lines == ["blocked ann Staff"])
        scene.members["g1"] = [at("ann")]
        #expect(scene.lines.isEmpty)
        scene.people[0].groups = []
        scene.managed = ["g1"]
        #expect(scene.lines.isEmpty)
    }

    @Test func `Of a directory group and a cloud group of one name, the cloud group is meant`() {
        let scene = scene(
            [], groups: [Group(id: "g1", name: "Staff", authority: .ldap), Group(id: "g2", name: "Staff", authority: .cloud)])
        #expect(scene.plan.change(.addMember)?.groupID == "g2")
    }

    @Test func `After a rename the member is known by the new address`() {
        var scene = scene(["ann"])
        scene.links = [Link(account: at("ann"), accountID: "id-ann", externalID: "7", person: at("ann"))]
        scene.groups.append(Group(id: "g2", name: "New", authority: .cloud))
        scene.people = [Person(address: at("ann.lee"), externalID: "7", groups: ["New"])]
        scene.managed = ["g1"]
        #expect(scene.lines == ["rename ann", "addMember ann.lee New", "removeMember ann.lee Staff"])
    }

    @Test(arguments: [(10, 3, false), (10, 4, true), (40, 8, false), (40, 9, true)])
    func `A mass leave counts as removal`(size: Int, leavers: Int, isRemoval: Bool) {
        var scene = Scene()
        scene.groups = [Group(id: "g1", name: "Staff", authority: .cloud)]
        scene.managed = ["g1"]
        for number in 0..<size {
            scene.account("p\(number)")
            scene.members["g1", default: []].insert(at("p\(number)"))
            scene.people.append(Person(address: at("p\(number)"), groups: number < leavers ? [] : ["Staff"]))
        }
        let plan = scene.plan
        #expect(plan.counts["removeMember"] == leavers)
        #expect(plan.changes.allSatisfy { $0.removal == isRemoval })
        #expect(ApprovalRules().needsApproval(plan) == isRemoval)
        #expect(plan.result(.removals)?.value == (isRemoval ? leavers : 0))
    }
}
