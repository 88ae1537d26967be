import Mimecast
import Planning
import Testing

/// What the step from one version to the next is.
struct EventStepTests {
    private let ann = Account(
        id: "1", address: "ann@acme.example", name: "Ann", aliases: ["a@acme.example"], adminRoles: ["Basic"], status: .active,
        authority: .ldap)

    private func types(_ change: (inout Account) -> Void) -> [String] {
        var new = ann
        change(&new)
        return AccountSteps.drafts(from: ann, to: new).map { draft in
            let data = draft.data
            let value =
                data.after?.role ?? data.before?.role ?? data.after?.alias ?? data.before?.alias ?? data.fields?.joined(separator: ",")
            return draft.type.rawValue + (value.map { " \($0)" } ?? "")
        }
    }

    @Test func `Each difference is an event of its own kind`() {
        let table: [([String], (inout Account) -> Void)] = [
            ([], { _ in }),
            (["account.changed name"], { $0.name = "Ann Lee" }),
            ([], { $0.firstName = "A" }),
            (["account.renamed"], { $0.address = "ann.lee@acme.example" }),
            (["account.changed address"], { $0.address = "Ann@acme.example" }),
            (["account.changed internal"], { $0.isInternal = false }),
            (["account.plain"], { $0.authority = .cloud }),
            (["account.disabled"], { $0.status = .disabled }),
            ([], { $0.status = nil }),
            (["role.taken Basic", "role.granted Super"], { $0.adminRoles = ["Super"] }),
            (["role.granted Super"], { $0.adminRoles = ["Super", "Basic"] }),
            ([], { $0.adminRoles = nil }),
            (["alias.removed a@acme.example"], { $0.aliases = [] }),
            ([], { $0.aliases = ["A@ACME.example"] }),
            (["alias.added b@acme.example"], { $0.aliases = ["b@acme.example", "a@acme.example"] }),
            (
                ["account.renamed", "account.changed name", "account.plain", "account.disabled", "alias.added b@acme.example"],
                {
                    $0.address = "x@acme.example"
                    $0.name = "X"
                    $0.authority = .cloud
                    $0.status = .disabled
                    $0.aliases?.append("b@acme.example")
                }
            ),
        ]
        for (expected, change) in table { #expect(types(change) == expected) }
    }

    @Test func `Who comes and who goes is told whole, and the way back is an event of its own`() {
        #expect(AccountSteps.drafts(from: nil, to: ann).map(\.type) == [.accountCreated])
        #expect(AccountSteps.drafts(from: nil, to: ann).first?.data.after == EventData.Values(ann))
        #expect(AccountSteps.drafts(from: ann, to: nil).first?.data.before == EventData.Values(ann))
        var other = ann
        other.authority = .cloud
        #expect(AccountSteps.drafts(from: other, to: ann).map(\.type) == [.accountChanged])
        other = ann
        other.status = .disabled
        #expect(AccountSteps.drafts(from: other, to: ann).map(\.type) == [.accountEnabled])
    }

    @Test func `What a list did not show is filled in by what showed it last`() {
        var unshown = ann
        (unshown.status, unshown.aliases, unshown.adminRoles) = (nil, nil, nil)
        #expect(AccountSteps.drafts(from: ann, to: unshown).isEmpty)
        #expect(AccountSteps.drafts(from: unshown, to: ann).isEmpty)
        #expect(AccountSteps.showsMore(ann, than: unshown))
        #expect(!AccountSteps.showsMore(unshown, than: ann))
        #expect(AccountSteps.told(unshown, by: ann) == ann)
    }

    @Test func `Ids tell apart what differs and repeat what is the same`() throws {
        var new = ann
        new.name = "Ann Lee"
        let there = try #require(AccountSteps.drafts(from: ann, to: new).first)
        let back = try #require(AccountSteps.drafts(from: new, to: ann).first)
        let id = try there.id(tenant: "C1", start: "1@10")
        #expect(id.count == 32)
        #expect(try there.id(tenant: "C1", start: "1@10") == id)
        var ids = Set([id])
        ids.insert(try back.id(tenant: "C1", start: "1@10"))
        ids.insert(try there.id(tenant: "C1", start: "3@30"))
        ids.insert(try there.id(tenant: "C2", start: "1@10"))
        #expect(ids.count == 4)
        // Who did it is no part of what it is.
        var by = there
        by.data.by = EventData.By(actor: "pat")
        #expect(try by.id(tenant: "C1", start: "1@10") == id)
    }

    @Test func `Whoever takes an address comes after whoever leaves it`() {
        let order = RenameOrder.sorted([("a", "b"), ("x", "y"), ("b", "c"), ("c", "d"), ("m", "n"), ("n", "m")])
        #expect(Set(order) == Set(0..<6))
        #expect((order.firstIndex(of: 3) ?? 9) < (order.firstIndex(of: 2) ?? 0))
        #expect((order.firstIndex(of: 2) ?? 9) < (order.firstIndex(of: 0) ?? 0))
    }

    @Test func `Seats tell when a line is crossed, and an open read only raises them`() {
        func seats(_ present: Int) -> SeatCount { SeatCount(contracted: 100, present: present) }
        #expect(TenantSteps.seats(from: nil, to: seats(50), isWhole: true).drafts.isEmpty)
        #expect(TenantSteps.seats(from: nil, to: seats(90), isWhole: true).level == .near)
        #expect(TenantSteps.seats(from: .near, to: seats(100), isWhole: true).drafts.isEmpty)
        #expect(TenantSteps.seats(from: .near, to: seats(101), isWhole: false).drafts.map(\.type) == [.seatsCrossed])
        #expect(TenantSteps.seats(from: .over, to: seats(50), isWhole: false) == (.over, []))
        let down = TenantSteps.seats(from: .over, to: seats(50), isWhole: true)
        #expect(down.level == .free)
        #expect(down.drafts.first?.data.before?.level == "over")
        #expect(TenantSteps.seats(from: nil, to: SeatCount(present: 5), isWhole: true) == (nil, []))
    }

    @Test func `Proofs and connections tell when they turn`() {
        func proof(_ state: DomainProof.State) -> Completeness {
            Completeness(domains: [DomainProof(domain: "acme.example", pages: 1, rows: 1, claimed: 1, state: state, reason: "r")])
        }
        #expect(TenantSteps.proofs(from: nil, to: proof(.closed)).isEmpty)
        #expect(TenantSteps.proofs(from: nil, to: proof(.open)).map(\.type) == [.proofOpened])
        #expect(TenantSteps.proofs(from: proof(.open), to: proof(.open)).isEmpty)
        #expect(TenantSteps.proofs(from: proof(.open), to: proof(.closed)).map(\.type) == [.proofClosed])
        func link(_ failed: Bool) -> [TenantSteps.Connection] { [.init(id: "1", name: "Leeds", failed: failed, reason: "in error")] }
        #expect(TenantSteps.connections(from: nil, to: link(false)).isEmpty)
        #expect(TenantSteps.connections(from: nil, to: link(true)).map(\.type) == [.integrationFailed])
        #expect(TenantSteps.connections(from: link(true), to: nil).isEmpty)
        #expect(TenantSteps.connections(from: link(true), to: link(false)).map(\.type) == [.integrationRecovered])
        #expect(TenantSteps.connections(from: link(true), to: []).first?.data.after?.status == "gone")
    }

    @Test func `A word with stars names the types that fit, and a wrong one has a neighbour`() {
        #expect(EventType.named("account.*").count == 7)
        #expect(EventType.named("*").count == EventType.allCases.count)
        #expect(EventType.named("*.removed") == [.accountRemoved, .groupRemoved, .aliasRemoved, .delegateRemoved])
        #expect(EventType.named("Role.Granted") == [.roleGranted])
        #expect(EventType.named("account").isEmpty)
        #expect(EventType.nearest("acount.disabled") == "account.disabled")
    }
}
