import Foundation
import Mimecast
import Testing

@testable import Planning

/// Attributes: who is asked for, which lines they make, what is kept of it.
struct AttributePlanTests {
    private func person(_ local: String, _ attributes: [String: String]?, active: Bool? = nil, line: Int = 3) -> Person {
        var person = Person(address: at(local), externalID: local, active: active, line: line)
        person.accountAttributes = attributes
        return person
    }

    private func scene(_ wishes: [(String, [String: String]?)], as flavour: Flavour = .guide) -> Scene {
        var scene = Scene(flavour)
        for (local, wish) in wishes {
            scene.settled(local)
            scene.people[scene.people.count - 1] = person(local, wish)
        }
        return scene
    }

    private func reading(_ values: [String: String]) -> AttributeReading {
        AttributeReading(values.map { Attribute(name: $0.key, value: $0.value) })
    }

    private func summary(_ changes: [Change]) -> [String] {
        changes.filter { $0.kind == .attribute }.map { change in
            let difference = change.differences.first
            return "\(change.account.prefix { $0 != "@" }) \(change.counterpart ?? "") \(difference?.from ?? "-")>\(difference?.to ?? "-")"
        }
    }

    @Test(arguments: Flavour.allCases)
    func `A line for each value that is not as the source wants it`(flavour: Flavour) {
        var scene = scene(
            [
                ("ann", ["Phone": "+44 1", "City": "Leeds"]), ("bo", ["Phone": "", "City": "Rome"]), ("cy", nil),
                ("di", ["PHONE": "5"]), ("ed", ["Phone": "", "City": ""]), ("fay", ["Phone": "9"]),
            ], as: flavour)
        #expect(scene.planner.attributesToRead == ["ann", "bo", "di", "ed", "fay"].map(at))
        scene.attributes.read = [
            at("ann"): reading(["phone": "+44 0", "CITY": "Leeds", "Other": "stays"]), at("bo"): reading(["Phone": "7"]),
            at("di"): reading(["phone": "5"]), at("ed"): reading([:]),
            // Whoever was asked for and is not there has no line.
        ]
        #expect(summary(scene.plan.changes) == ["ann Phone +44 0>+44 1", "bo City ->Rome", "bo Phone 7>-"])
        let first = scene.plan.changes[0]
        #expect(first.evidence == "line 3 of people.csv" && first.reason == "the source says another Phone")
        #expect(first.calls == 0 && first.reversible && !first.removal && !first.privilege)
        // Two of bo, who is not twice in a call.
        #expect(scene.plan.cost.calls == 6)
        #expect(scene.plan.counts["attribute"] == 3)
        let findings = scene.planner.attributeFindings
        #expect(findings.accepted.map(\.account) == [at("di"), at("ed")] && findings.different == [at("ann"), at("bo")])
    }

    @Test func `Who was seen in line is not asked for again, unless wish, account or person is another`() {
        var scene = scene([("ann", ["Phone": "1"]), ("bo", ["Phone": "2"]), ("cy", ["Phone": "3"]), ("di", ["Phone": "4"])])
        scene.attributes.read = Dictionary(
            uniqueKeysWithValues: zip(["ann", "bo", "cy", "di"].map(at), 1...4).map { address, number in
                (address, reading(["phone": "\(number)"]))
            })
        let marks = scene.planner.attributeFindings.accepted
        #expect(marks.count == 4 && Set(marks.map(\.digest)).count == 4)
        scene.attributes = AttributeKnowledge(accepted: Dictionary(uniqueKeysWithValues: marks.map { ($0.account, $0) }))
        #expect(scene.planner.attributesToRead.isEmpty && scene.plan.changes.isEmpty)
        // Another wish; another account under the address; another person of the source.
        scene.people[0].accountAttributes = ["Phone": "2"]
        scene.attributes.accepted[at("bo")]?.accountID = "id-other"
        scene.attributes.accepted[at("cy")]?.person = "somebody"
        #expect(scene.planner.attributesToRead == ["ann", "bo", "cy"].map(at))
        // Letter case and the order of names make no other wish; one more name does.
        scene.people[3].accountAttributes = ["PHONE": "4"]
        #expect(!scene.planner.attributesToRead.contains(at("di")))
        scene.people[3].accountAttributes = ["PHONE": "4", "City": ""]
        #expect(scene.planner.attributesToRead.contains(at("di")))
        scene.attributes.isWhole = true
        #expect(scene.planner.attributesToRead == ["ann", "bo", "cy", "di"].map(at))
    }

    @Test func `A new account gets them after it is made, and whoever goes gets none`() {
        var scene = Scene()
        scene.account("gone")
        scene.links.append(Link(account: at("gone"), accountID: "id-gone", externalID: "gone", person: at("gone")))
        scene.people = [
            person("new", ["Phone": "1", "City": ""]), person("gone", ["Phone": "2"], active: false),
            person("off", ["Phone": "3"], active: false),
        ]
        #expect(scene.planner.attributesToRead.isEmpty)
        #expect(scene.lines == ["create new", "attribute new", "disable gone"])
        #expect(summary(scene.plan.changes) == ["new Phone ->1"])
        // Nobody gets an attribute whose account is not made.
        #expect(scene.plan.held(without: [.additions]) == [1, 2])
    }

    @Test func `A rename comes first, and the line names the new address`() {
        var scene = scene([("ann", ["Phone": "1"])])
        scene.people[0].address = at("ann.lee")
        #expect(scene.planner.attributesToRead == [at("ann")])
        scene.attributes.read = [at("ann"): reading([:])]
        #expect(scene.lines == ["rename ann", "attribute ann.lee"])
        // By id the same account, so that the reading is the one of the old address.
        #expect(scene.planner.attributeFindings.different == [at("ann")])
    }

    @Test func `What the company's directory owns is blocked, and says where it is changed`() {
        var scene = scene([("ann", ["Phone": "1"])])
        scene.accounts[0].authority = .ldap
        scene.attributes.read = [at("ann"): reading([:])]
        let line = scene.plan.changes[0]
        #expect(scene.lines == ["blocked ann"] && line.reason.hasPrefix("set an attribute") && line.authority == .ldap)
        #expect(line.remedy?.contains("company's directory") == true)
        scene.attributes.read = [at("ann"): reading(["Phone": "1"])]
        #expect(scene.plan.changes.isEmpty)
    }

    @Test func `An attribute that the vendor refuses is one blocked line, and tried again on demand`() {
        var scene = scene([("ann", ["Badge": "1", "Phone": "2"]), ("bo", ["BADGE": "3"])])
        scene.attributes.refused = ["badge": RefusedAttribute(name: "Badge", why: "unknown")]
        scene.attributes.read = [at("ann"): reading([:])]
        #expect(scene.planner.attributesToRead == [at("ann")])
        #expect(scene.lines == ["attribute ann", "blocked Badge"])
        let blocked = scene.plan.changes[1]
        #expect(blocked.reason == "2 accounts cannot get the attribute Badge: the vendor refused it (unknown)")
        #expect(blocked.remedy?.contains("Directories > Attributes") == true && !scene.plan.isEmpty)
        scene.attributes = AttributeKnowledge(refused: scene.attributes.refused, isWhole: true)
        #expect(scene.planner.attributesToRead == [at("ann"), at("bo")] && scene.plan.changes.isEmpty)
    }

    @Test func `Asked for by hand`() {
        var scene = Scene()
        scene.account("ann")
        scene.account("syn", authority: .ldap)
        func plan(_ asks: [HandAsk], _ read: [String: AttributeReading]) -> Plan {
            var input = scene.planner.input
            input.isByHand = true
            input.asks = asks
            input.attributes.read = read
            let planner = Planner(input)
            #expect(Set(planner.attributesToRead).isSubset(of: [at("ann"), at("syn")]))
            return planner.plan()
        }
        let known = [at("ann"): reading(["Phone": "1"]), at("syn"): reading([:])]
        #expect(summary(plan([.setAttribute("Phone", to: "2", of: at("ann"))], known).changes) == ["ann Phone 1>2"])
        #expect(summary(plan([.setAttribute("phone", to: "", of: at("ann"))], known).changes) == ["ann phone 1>-"])
        #expect(plan([.setAttribute("Phone", to: "1", of: at("ann"))], known).changes.isEmpty)
        #expect(plan([.setAttribute("City", to: "", of: at("ann"))], known).changes.isEmpty)
        for (who, what) in [("nobody", "no such account"), ("syn", "directory-synced")] {
            let changes = plan([.setAttribute("Phone", to: "2", of: at(who))], known).changes
            #expect(changes.map(\.kind) == [.blocked] && changes[0].reason.contains(what))
        }
        #expect(plan([.setAttribute("Phone", to: "2", of: at("ann"))], [:]).changes.map(\.kind) == [.blocked])
    }

    @Test func `Lines share calls by twenty-five`() {
        for (count, calls) in [(0, 0), (1, 3), (25, 3), (26, 6), (75, 9), (76, 12)] {
            let lines = (0..<count).map { Change(kind: .attribute, person: "", account: "\($0)", reason: "", evidence: "", calls: 0) }
            #expect(Planner.sharedCalls(lines) == calls)
        }
        // No account is twice in a call.
        let lines = (0..<9).map { Change(kind: .attribute, person: "", account: "\($0 / 3)", reason: "", evidence: "", calls: 0) }
        #expect(Planner.sharedCalls(lines) == 9)
    }

    @Test func `Mapping an attribute takes effect on accounts that exist, so that it is stopped once`() {
        var scene = scene([("ann", ["Phone": "1"])])
        scene.people.append(person("new", ["Phone": "2"]))
        scene.guards.lastAccepted = 2
        scene.attributes.read = [at("ann"): reading([:])]
        let result = Guards.policyChange(scene.plan.changes, policy: "other", context: scene.guards)
        #expect(result?.value == 1 && result?.tripped == true)
    }

    @Test func `A value that flips back and forth waits, and the others go on`() {
        var scene = scene([("ann", ["Phone": "1", "City": "Rome"])])
        scene.attributes.read = [at("ann"): reading(["Phone": "2"])]
        let now = Int(Scene.instant.timeIntervalSince1970)
        let past = [("1", 7_200), ("2", 3_600)].map {
            AppliedValue(subject: "id-ann", attribute: "attribute:phone", value: $0.0, at: now - $0.1, plan: "p-1")
        }
        let settled = Hysteresis.standard.settled(scene.plan.changes, history: past, now: now)
        #expect(settled.map(\.kind) == [.attribute, .undecided])
        #expect(settled.last?.reason.hasPrefix("Phone flips back and forth") == true)
    }

    @Test func `Plans that were kept by versions without the kind are read as before`() throws {
        var scene = scene([("ann", ["Phone": "1"])])
        scene.people[0].accountAttributes = nil
        scene.people[0].name = "Ann Lee"
        let written = try PlanFile(scene.plan).written()
        var text = String(decoding: written, as: UTF8.self)
        #expect(text.contains(#""attribute" : 0"#))
        text = text.replacingOccurrences(of: #"    "attribute" : 0,\n"#.replacingOccurrences(of: "\\n", with: "\n"), with: "")
        #expect(try PlanFile(reading: Data(text.utf8)).plan == scene.plan)
    }

    @Test func `An undo gives the value back that was there before`() {
        var scene = scene([("ann", ["Phone": "1", "City": "", "Room": "3"])])
        scene.attributes.read = [at("ann"): reading(["City": "Rome", "Room": "2"])]
        let plan = scene.plan
        #expect(summary(plan.changes) == ["ann City Rome>-", "ann Phone ->1", "ann Room 2>3"])
        var undo = UndoPlanner(plan: plan, lines: [1, 2, 3], observed: scene.observed)
        #expect(undo.attributesToRead == [at("ann")])
        #expect(undo.changes().map(\.kind) == [.blocked, .blocked, .blocked])
        undo.attributes = [at("ann"): reading(["Phone": "1", "Room": "4"])]
        let changes = undo.changes()
        #expect(summary(changes) == ["ann City ->Rome", "ann Phone 1>-"])
        #expect(changes.last?.reason.contains("Room was changed since: it is 4") == true)
        undo.attributes = [at("ann"): reading(["City": "Rome", "Room": "2"])]
        #expect(undo.changes().isEmpty)
    }

    /// Random wishes against random tenants: applying the lines makes the next plan empty, and nothing but the wishes changes.
    @Test(arguments: 1...40) func `After the lines the tenant is as wanted`(seed: Int) {
        var random = Seeded(seed)
        let names = ["Phone", "City", "Room", "Zürich 王"]
        var scene = Scene(Flavour.allCases[seed % 3])
        var tenant: [String: [String: String]] = [:]
        for number in 0..<12 {
            scene.settled("p\(number)")
            var (wish, has): ([String: String], [String: String]) = ([:], [:])
            for name in names {
                if random.next() % 3 > 0 { wish[name] = ["", "1", "2"][Int(random.next() % 3)] }
                if random.next() % 2 > 0 { has[EmailAddress.fold(name)] = ["1", "2"][Int(random.next() % 2)] }
            }
            scene.people[number].accountAttributes = wish
            tenant[at("p\(number)")] = has
        }
        let before = tenant
        scene.attributes.read = tenant.mapValues(reading)
        for change in scene.plan.changes {
            #expect(change.kind == .attribute && change.differences.count == 1)
            let key = EmailAddress.fold(change.counterpart ?? "")
            #expect(tenant[change.account]?[key] == change.differences[0].from)
            tenant[change.account]?[key] = change.differences[0].to
        }
        scene.attributes.read = tenant.mapValues(reading)
        #expect(scene.plan.changes.isEmpty)
        #expect(scene.planner.attributeFindings.different.isEmpty)
        for person in scene.people {
            for name in names.map(EmailAddress.fold) {
                let wish = person.accountAttributes?.first { EmailAddress.fold($0.key) == name }?.value
                let has = tenant[person.address]?[name]
                #expect(has ?? "" == wish ?? before[person.address]?[name] ?? "")
            }
        }
    }
}
