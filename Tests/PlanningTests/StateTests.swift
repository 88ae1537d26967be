import Mimecast
import Testing

@testable import Planning

/// Who is enabled and disabled, and who is spared.
struct StateTests {
    @Test(arguments: Flavour.allCases)
    func `Inactive in the source asks to disable`(flavour: Flavour) {
        var scene = Scene(flavour)
        scene.account("ann")
        scene.account("bob", status: .disabled)
        scene.people = ["ann", "bob"].map { Person(address: at($0), active: false) }
        #expect(scene.lines == ["disable ann"])
        #expect(ApprovalRules().needsApproval(scene.plan))
        #expect(scene.plan.change(.disable)?.removal == true)
    }

    struct Return: Sendable {
        var active: Bool?
        var byUs: Bool
        var status: Account.Status
        var enables: Bool
    }

    @Test(arguments: [
        Return(active: true, byUs: true, status: .disabled, enables: true),
        Return(active: nil, byUs: true, status: .disabled, enables: true),
        Return(active: true, byUs: false, status: .disabled, enables: true),
        Return(active: nil, byUs: false, status: .disabled, enables: false),
        Return(active: nil, byUs: true, status: .active, enables: false),
    ])
    func `Who comes back is enabled, where Muster disabled them or the source says active`(case it: Return) {
        for flavour in Flavour.allCases {
            var scene = Scene(flavour)
            let account = scene.account("ann", status: it.status)
            scene.links = [Link(account: at("ann"), accountID: account.id, externalID: "7", person: at("ann"), disabledByUs: it.byUs)]
            scene.people = [Person(address: at("ann"), externalID: "7", active: it.active)]
            #expect(scene.lines == (it.enables ? ["enable ann"] : []), "\(flavour)")
        }
    }

    @Test(arguments: Flavour.allCases, [true, false, nil] as [Bool?])
    func `Whom the source called inactive stays disabled until it says active`(flavour: Flavour, active: Bool?) {
        var scene = Scene(flavour)
        scene.settled("ann", status: .disabled)
        scene.links[0].disabledByUs = true
        scene.links[0].saidInactive = true
        scene.people[0].active = active
        #expect(scene.lines == (active == true ? ["enable ann"] : []))
        #expect(scene.plan.notices.count == (active == nil ? 1 : 0))
        #expect(scene.correlation.links.first?.saidInactive == (active != true), "silence takes nothing back")
    }

    @Test(arguments: ["ann", "ann@branch.example"])
    func `Whoever had an account is not made anew while some domain does not show all`(last: String) {
        var scene = Scene()
        scene.domains = [domain, "branch.example"]
        scene.openDomains = ["branch.example"]
        scene.links = [Link(account: at(last), accountID: "id-ann", externalID: "7", person: at(last))]
        scene.people = [Person(address: at("ann.lee"), externalID: "7"), Person(address: at("new"), externalID: "8")]
        #expect(scene.lines == ["create new", "blocked ann.lee"])
        scene.openDomains = []
        #expect(scene.lines == ["create ann.lee", "create new"])
    }

    @Test(arguments: [Flavour.portal, .v1])
    func `Only states on which the plan depends are read`(flavour: Flavour) {
        var scene = Scene(flavour)
        for local in ["plain", "active", "leaver", "ours", "missing", "orphan"] { scene.account(local) }
        scene.states = [:]
        scene.links = ["plain", "ours", "missing"].map { Link(account: at($0), externalID: $0, person: at($0), disabledByUs: $0 == "ours") }
        scene.people = [
            Person(address: at("plain"), externalID: "plain"), Person(address: at("active"), active: true),
            Person(address: at("leaver"), active: false), Person(address: at("ours"), externalID: "ours"),
            Person(address: at("joiner")),
        ]
        #expect(scene.planner.statesToRead == ["leaver", "ours", "missing"].map(at))
    }

    @Test func `The guide's list shows states, and none is read one by one`() {
        var scene = Scene()
        scene.account("ann")
        scene.people = [Person(address: at("ann"), active: false)]
        #expect(scene.planner.statesToRead.isEmpty)
    }

    @Test func `A state that nobody read counts as active`() {
        var scene = Scene(.portal)
        scene.account("ann")
        scene.states = [:]
        scene.people = [Person(address: at("ann"), active: false)]
        #expect(scene.lines == ["disable ann"])
    }

    @Test(arguments: Flavour.allCases)
    func `From an open domain nobody is removed and nobody made`(flavour: Flavour) {
        var scene = Scene(flavour)
        scene.settled("ann")
        scene.settled("bob")
        scene.people = [Person(address: at("ann"), externalID: "ann"), Person(address: at("carl"))]
        #expect(scene.lines == ["create carl", "disable bob"])
        scene.isOpen = true
        #expect(scene.lines == ["blocked bob", "blocked carl"])
        #expect(scene.plan.changes.allSatisfy { $0.remedy?.contains("muster sync") == true })
        #expect(scene.plan.notices == ["The read is open: acme.example (2 of 9 missing). Nobody is removed from an open domain."])
        #expect(!scene.plan.closed)
    }

    @Test func `In an open domain an explicit row waits too`() {
        var scene = Scene()
        scene.isOpen = true
        scene.settled("ann")
        scene.people[0].active = false
        #expect(scene.lines == ["blocked ann"])
        scene.isOpen = false
        #expect(scene.lines == ["disable ann"])
    }

    @Test(arguments: [true, false])
    func `Protected accounts are not disabled, whether missing or inactive`(isMissing: Bool) {
        var scene = Scene()
        scene.settled("boss")
        if isMissing { scene.people = [] } else { scene.people[0].active = false }
        scene.protected = [at("boss")]
        #expect(scene.lines == ["blocked boss"])
        #expect(scene.plan.change(.blocked)?.reason.contains("protected") == true)
        #expect(scene.plan.change(.blocked)?.removal == false)
    }

    @Test func `A protected account keeps its roles, and its other fields are set`() {
        var scene = Scene()
        scene.settled("boss", roles: ["Super", "Basic"])
        scene.people[0].adminRoles = ["Basic"]
        scene.people[0].name = "The Boss"
        scene.protected = [at("boss")]
        #expect(scene.lines == ["update boss", "blocked boss"])
        #expect(scene.plan.change(.update)?.differences.map(\.field) == ["name"])
        #expect(scene.plan.change(.blocked)?.reason.contains("Super") == true)
        scene.people[0].adminRoles = ["Basic", "Super", "Help"]
        #expect(scene.plan.change(.update)?.values?.adminRoles == ["Basic", "Super", "Help"], "a role more is no loss")
    }

    @Test func `Protection follows an alias, and a rename does not end it`() {
        var scene = Scene()
        scene.account("chief", aliases: ["boss"])
        scene.protected = [at("boss")]
        scene.links = [Link(account: at("chief"), accountID: "id-chief", externalID: "7", person: at("chief"))]
        #expect(scene.lines == ["blocked chief"])
        scene.people = [Person(address: at("new"), externalID: "7")]
        #expect(scene.lines == ["rename chief"])
        scene.people[0].aliases = []
        #expect(scene.lines == ["blocked chief"])
        #expect(scene.plan.change(.blocked)?.remedy?.contains("protected list") == true)
        scene.protected.insert(at("new"))
        #expect(scene.lines == ["rename chief"])
    }

    @Test func `After a rename the state is set under the new address`() {
        var scene = Scene()
        scene.account("ann", status: .disabled)
        scene.links = [Link(account: at("ann"), accountID: "id-ann", externalID: "7", person: at("ann"), disabledByUs: true)]
        scene.people = [Person(address: at("ann.lee"), externalID: "7")]
        #expect(scene.lines == ["rename ann", "enable ann.lee"])
        scene.accounts[0].status = .active
        scene.people[0].active = false
        #expect(scene.lines == ["rename ann", "disable ann.lee"])
        #expect(scene.plan.change(.disable)?.accountID == "id-ann")
    }

    @Test func `A leaver who is disabled already asks for nothing`() {
        var scene = Scene()
        scene.settled("ann", status: .disabled)
        scene.people = []
        #expect(scene.plan.changes.isEmpty)
    }

    @Test func `The first plan never removes anybody for being missing`() {
        var scene = Scene()
        for number in 1...20 { scene.account("p\(number)") }
        scene.people = [Person(address: at("p1"))]
        #expect(scene.plan.changes.isEmpty)
        #expect(scene.plan.orphans.count == 19)
    }
}
