import Mimecast
import Testing

@testable import Planning

/// Who joins, and what differs in the fields of who is there.
struct FieldTests {
    @Test(arguments: Flavour.allCases)
    func `Somebody without an account is created with what the flavour carries`(flavour: Flavour) {
        var scene = Scene(flavour)
        scene.people = [
            Person(
                address: at("ann"), externalID: "7", firstName: "Ann", lastName: "Lee", aliases: [at("a.lee")], adminRoles: ["Basic"],
                line: 4)
        ]
        let change = scene.plan.change(.create)
        let whole = flavour == .guide
        #expect(
            change?.values
                == Change.Values(
                    address: at("ann"), name: "Ann Lee", firstName: whole ? "Ann" : nil, lastName: whole ? "Lee" : nil,
                    aliases: whole ? [at("a.lee")] : nil, adminRoles: whole ? ["Basic"] : nil))
        #expect(change?.evidence == "line 4 of people.csv")
        #expect(change?.externalID == "7")
        #expect(change?.privilege == whole)
        #expect(change?.reversible == whole)
        #expect(scene.plan.changes.count == 1)
    }

    @Test func `A joiner without any name is called by the local part`() {
        var scene = Scene()
        scene.people = [Person(address: at("ann.lee"))]
        #expect(scene.plan.change(.create)?.values?.name == "ann.lee")
    }

    @Test func `An inactive joiner is not made`() {
        var scene = Scene()
        scene.people = [Person(address: at("ann"), active: false)]
        #expect(scene.plan.changes.isEmpty)
    }

    @Test func `A taken address is blocked with a remedy`() {
        var scene = Scene(.portal)
        scene.taken = [at("info")]
        scene.people = [Person(address: at("Info"))]
        let change = scene.plan.change(.blocked)
        #expect(change?.reason.contains("is taken") == true)
        #expect(change?.remedy?.isEmpty == false)
        #expect(scene.plan.counts["create"] == 0)
    }

    @Test(arguments: Flavour.allCases)
    func `Only what is said and carried is compared`(flavour: Flavour) {
        var scene = Scene(flavour)
        scene.account("ann", name: "Ann", aliases: ["x"], roles: ["Basic"])
        scene.people = [Person(address: at("ann"))]
        #expect(scene.plan.changes.isEmpty, "an empty cell says nothing")
        scene.people = [
            Person(address: at("ann"), name: "Ann Lee", firstName: "Ann", lastName: "Lee", aliases: [at("y")], adminRoles: ["Super"])
        ]
        let fields = scene.plan.change(.update)?.differences.map(\.field)
        #expect(fields == (flavour == .guide ? ["name", "firstName", "lastName", "aliases", "adminRoles"] : ["name"]))
        #expect(scene.plan.change(.update)?.privilege == (flavour == .guide))
    }

    @Test(arguments: Flavour.allCases)
    func `Fields that are not carried are noticed once`(flavour: Flavour) {
        var scene = Scene(flavour)
        scene.people = ["ann", "bob"].map { Person(address: at($0), lastName: "Lee", aliases: []) }
        let notices = scene.plan.notices
        switch flavour {
        case .guide: #expect(notices.isEmpty)
        case .portal: #expect(notices == ["Not compared, since the portal dialect cannot carry it: lastName, aliases."])
        case .v1: #expect(notices == ["Not compared, since the v1 generation cannot carry it: lastName, aliases."])
        }
    }

    @Test func `Lists are compared as sets, folded`() {
        var scene = Scene()
        scene.account("ann", aliases: ["x", "y"], roles: ["Basic", "Help"])
        scene.people = [Person(address: at("ann"), aliases: [at("Y"), at("x")], adminRoles: ["help", "basic"])]
        #expect(scene.plan.changes.isEmpty)
        scene.people = [Person(address: at("ann"), aliases: [])]
        #expect(scene.plan.change(.update)?.values?.aliases == [])
    }

    @Test func `A rename keeps the old address as an alias, unless the source lists the aliases`() {
        var scene = Scene()
        scene.account("ann", aliases: ["a1", "ann.lee"])
        scene.links = [Link(account: at("ann"), accountID: "id-ann", externalID: "7", person: at("ann"))]
        scene.people = [Person(address: at("ann.lee"), externalID: "7")]
        #expect(scene.lines == ["rename ann"])
        #expect(scene.plan.change(.rename)?.values?.address == at("ann.lee"))
        #expect(scene.plan.change(.rename)?.values?.aliases == [at("a1"), at("ann")])
        scene.people[0].aliases = [at("only")]
        #expect(scene.plan.change(.rename)?.values?.aliases == [at("only")])
    }

    @Test(arguments: [Flavour.portal, .v1])
    func `Without ids an account cannot be renamed`(flavour: Flavour) {
        var scene = Scene(flavour)
        scene.account("ann")
        scene.links = [Link(account: at("ann"), externalID: "7", person: at("ann"))]
        scene.people = [Person(address: at("ann.lee"), externalID: "7")]
        #expect(scene.lines == ["blocked ann"])
        #expect(scene.plan.change(.blocked)?.reason.contains("cannot rename") == true)
        #expect(scene.plan.change(.blocked)?.remedy?.isEmpty == false)
    }

    @Test func `A rename to an address that another account has as alias is blocked`() {
        var scene = Scene()
        scene.account("ann")
        scene.account("bob", aliases: ["ann.lee"])
        scene.links = [Link(account: at("ann"), accountID: "id-ann", externalID: "7", person: at("ann"))]
        scene.people = [Person(address: at("ann.lee"), externalID: "7", groups: ["Staff"]), Person(address: at("bob"))]
        scene.groups = [Group(id: "g", name: "Staff", authority: .cloud)]
        #expect(scene.plan.changes.map(\.kind) == [.addMember, .blocked])
        #expect(scene.plan.change(.addMember)?.account == at("ann"), "the alias's owner must not become a member")
        #expect(scene.plan.change(.blocked)?.reason.contains("is taken") == true)
    }

    @Test(arguments: Flavour.allCases)
    func `What the directory owns is blocked, and the remedy is the directory`(flavour: Flavour) {
        var scene = Scene(flavour)
        scene.account("ann", authority: .ldap)
        scene.account("bob", authority: .ldap)
        scene.account("carl", authority: .ldap)
        scene.account("dora", status: .disabled, authority: .ldap)
        scene.links = ["ann", "carl"].map {
            Link(account: at($0), accountID: flavour == .guide ? "id-\($0)" : nil, externalID: $0, person: at($0))
        }
        scene.people = [
            Person(address: at("ann.lee"), externalID: "ann"), Person(address: at("bob"), name: "Robert"),
            Person(address: at("dora"), active: true),
        ]
        let plan = scene.plan
        #expect(scene.lines == ["blocked ann", "blocked bob", "blocked carl", "blocked dora"])
        #expect(plan.changes.allSatisfy { $0.remedy == "Change it in the company's directory; the vendor takes it over at its next sync." })
        #expect(plan.changes.allSatisfy { $0.authority == .ldap && $0.calls == 0 && !$0.removal && !$0.privilege })
        #expect(plan.isEmpty)
        #expect(plan.cost.calls == 0)
    }

    @Test func `Cost counts calls at the pace of the read`() {
        var scene = Scene()
        scene.people = ["ann", "bob", "carl"].map { Person(address: at($0)) }
        #expect(scene.plan.cost == Plan.Cost(calls: 6, seconds: 3, basis: .lastRead))
    }
}
