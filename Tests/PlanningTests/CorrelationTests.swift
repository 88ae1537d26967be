import Mimecast
import Testing

@testable import Planning

struct CorrelationTests {
    @Test func `A link by source id beats the address`() {
        var scene = Scene()
        scene.account("ann")
        scene.links = [Link(account: at("ann"), accountID: "id-ann", externalID: "7", person: at("ann"))]
        scene.people = [Person(address: at("ann.b"), externalID: "7")]
        #expect(scene.correlation.matches == [.account(0, by: .sourceID)])
        #expect(scene.correlation.links == [Link(account: at("ann"), accountID: "id-ann", externalID: "7", person: at("ann.b"))])
    }

    @Test func `A person without id is found by the stored link`() {
        var scene = Scene()
        scene.account("ann.long")
        scene.links = [Link(account: at("ann.long"), accountID: "id-ann.long", person: at("ann"))]
        scene.people = [Person(address: at("ann"))]
        #expect(scene.correlation.matches == [.account(0, by: .link)])
    }

    @Test(arguments: ["ann", "ANN", "Ann@ACME.example"])
    func `The address is compared folded`(spelling: String) {
        var scene = Scene()
        scene.account("ann")
        scene.people = [Person(address: at(spelling))]
        #expect(scene.correlation.matches == [.account(0, by: .address)])
    }

    @Test func `An account that was renamed at the vendor keeps its link by id`() {
        var scene = Scene()
        scene.account("ann.new", id: "id-1")
        scene.links = [Link(account: at("ann"), accountID: "id-1", externalID: "7", person: at("ann"), disabledByUs: true)]
        scene.people = [Person(address: at("ann.new"), externalID: "7")]
        #expect(scene.correlation.matches == [.account(0, by: .sourceID)])
        #expect(
            scene.correlation.links
                == [Link(account: at("ann.new"), accountID: "id-1", externalID: "7", person: at("ann.new"), disabledByUs: true)])
        #expect(scene.correlation.missing.isEmpty)
    }

    @Test func `An alias of the account or of the person finds it`() {
        var scene = Scene()
        scene.account("ann", aliases: ["a.nn"])
        scene.account("bob")
        scene.people = [Person(address: at("a.nn")), Person(address: at("robert"), aliases: [at("bob")])]
        #expect(scene.correlation.matches == [.account(0, by: .alias), .account(1, by: .alias)])
    }

    @Test func `Two candidates by alias are a human's decision`() {
        var scene = Scene()
        scene.account("ann")
        scene.account("bob")
        scene.people = [Person(address: at("new"), aliases: [at("bob"), at("ann")])]
        #expect(scene.correlation.matches == [.undecided("ann@acme.example and bob@acme.example both match by an alias")])
        #expect(scene.correlation.links.isEmpty)
        #expect(scene.lines == ["undecided new"])
    }

    @Test func `A linked account and another at the new address are a human's decision`() {
        var scene = Scene()
        scene.account("ann")
        scene.account("ann.b")
        scene.links = [Link(account: at("ann"), accountID: "id-ann", externalID: "7", person: at("ann"))]
        scene.people = [Person(address: at("ann.b"), externalID: "7")]
        #expect(scene.lines == ["undecided ann.b"])
        #expect(scene.correlation.missing.isEmpty)
    }

    @Test func `A link without an id and another account at the address are a human's decision`() {
        var scene = Scene()
        scene.account("ann.long")
        scene.account("ann")
        scene.links = [Link(account: at("ann.long"), accountID: "id-ann.long", person: at("ann"))]
        scene.people = [Person(address: at("ann"))]
        #expect(scene.lines == ["undecided ann"])
    }

    @Test func `An alias of an account that is linked to another source id is a human's decision`() {
        var scene = Scene()
        scene.settled("bob")
        scene.account("ann.lee", aliases: ["ann"], status: .disabled)
        scene.links.append(
            Link(account: at("ann.lee"), accountID: "id-ann.lee", externalID: "7", person: at("ann.lee"), disabledByUs: true))
        scene.people.append(Person(address: at("ann"), externalID: "8"))
        #expect(scene.lines == ["undecided ann"])
        scene.people[1].externalID = "7"
        #expect(scene.lines == ["rename ann.lee", "enable ann"])
    }

    @Test func `A link follows its account to the vendor's new address, also while its person is undecided or gone`() {
        var scene = Scene()
        scene.account("moved", id: "id-ann")
        scene.account("ann", id: "id-other")
        scene.links = [Link(account: at("old"), accountID: "id-ann", externalID: "7", person: at("old"))]
        let moved = [Link(account: at("moved"), accountID: "id-ann", externalID: "7", person: at("old"))]
        scene.people = [Person(address: at("ann"), externalID: "7")]
        #expect(scene.lines == ["undecided ann"])
        #expect(scene.correlation.links == moved)
        scene.people = [Person(address: at("ann"), externalID: "8")]
        #expect(scene.correlation.links.contains(moved[0]))
        #expect(scene.lines == ["disable moved"])
    }

    @Test func `An address that another source id had before is a human's decision`() {
        var scene = Scene()
        scene.settled("bob")
        scene.account("ann")
        scene.links.append(Link(account: at("ann"), accountID: "id-ann", externalID: "7", person: at("ann")))
        scene.people.append(Person(address: at("ann"), externalID: "8"))
        #expect(scene.lines == ["undecided ann"])
        #expect(scene.plan.change(.undecided)?.reason.contains("belonged to source id 7") == true)
    }

    @Test func `A source whose ids are all new is believed by address, and its ids replace the old`() {
        var scene = Scene()
        scene.account("ann")
        scene.account("bob")
        scene.links = [
            Link(account: at("ann"), externalID: "1", person: at("ann")), Link(account: at("bob"), externalID: "2", person: at("bob")),
        ]
        scene.people = [Person(address: at("ann"), externalID: "A-1"), Person(address: at("bob"), externalID: "A-2")]
        #expect(scene.lines.isEmpty)
        #expect(scene.correlation.links.map(\.externalID) == ["A-1", "A-2"])
        #expect(scene.correlation.missing.isEmpty)
    }

    @Test func `Of two who claim an account, the linked one has it`() {
        var scene = Scene()
        scene.account("ann", aliases: ["a.nn"])
        scene.links = [Link(account: at("ann"), accountID: "id-ann", externalID: "7", person: at("ann"))]
        scene.people = [Person(address: at("a.nn")), Person(address: at("ann"), externalID: "7")]
        #expect(
            scene.correlation.matches == [
                .undecided("a.nn@acme.example and ann@acme.example both match the account ann@acme.example"), .account(0, by: .sourceID),
            ])
    }

    @Test func `Of two who claim an account and are not linked, neither has it`() {
        var scene = Scene()
        scene.account("ann", aliases: ["a.nn"])
        scene.people = [Person(address: at("a.nn")), Person(address: at("ann"))]
        #expect(scene.lines == ["undecided a.nn", "undecided ann"])
        #expect(scene.correlation.links.isEmpty)
    }

    @Test func `Who is linked and not named is missing; who is not linked is an orphan`() {
        var scene = Scene()
        scene.settled("ann")
        scene.account("bob")
        scene.account("carl")
        scene.links.append(Link(account: at("bob"), accountID: "id-bob", externalID: "2", person: at("bob")))
        scene.links.append(Link(account: at("gone"), externalID: "3", person: at("gone")))
        #expect(scene.correlation.missing.map(\.link.account) == [at("bob"), at("gone")])
        #expect(scene.correlation.missing.map(\.account) == [1, nil])
        #expect(scene.correlation.orphans == [2])
        #expect(scene.plan.orphans == [at("carl")])
        #expect(scene.lines == ["disable bob"])
    }

    @Test func `A linked account that is gone makes its person a joiner again`() {
        var scene = Scene()
        scene.links = [Link(account: at("ann"), accountID: "id-1", externalID: "7", person: at("ann"))]
        scene.people = [Person(address: at("ann"), externalID: "7")]
        #expect(scene.correlation.matches == [.nobody])
        #expect(scene.lines == ["create ann"])
    }

    @Test func `An undecided person is not missing`() {
        var scene = Scene()
        scene.settled("bob")
        scene.account("ann")
        scene.links.append(Link(account: at("ann"), accountID: "id-ann", externalID: "7", person: at("ann")))
        scene.people.append(Person(address: at("ann"), externalID: "8"))
        #expect(scene.correlation.missing.isEmpty)
        #expect(!scene.lines.contains("disable ann"))
    }

    @Test(arguments: ["3", "gone@acme.example"])
    func `Whose row the reader leaves out has not left`(key: String) {
        var scene = Scene()
        scene.account("gone")
        scene.links = [Link(account: at("gone"), externalID: "3", person: at("gone"))]
        let observed = scene.observed
        #expect(Correlation(people: [], observed: observed, links: scene.links).missing.count == 1)
        #expect(Correlation(people: [], leftOut: [key], observed: observed, links: scene.links).missing.isEmpty)
    }
}
