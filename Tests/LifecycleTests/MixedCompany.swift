import HTTPTransport
import Mimecast
import MusterStore
import Planning

@testable import Lifecycle

/// A company and a plan of so many mixed changes: as many of each kind as of the others, in several groups. Who is made joins a group as
/// well, and one that the plan makes, and who is renamed is disabled as well, so that lines rest on others. Attributes are the witness's,
/// so that each goes by a call of its own (`AttributeApplyTests` has those that go together).
struct MixedCompany: Sendable {
    let dialect: Dialect
    let changes: Int

    private static let groups = 4

    init(_ dialect: Dialect, changes: Int) {
        self.dialect = dialect
        self.changes = changes
    }

    var kinds: [Change.Kind] {
        [.create] + (dialect == .guide ? [.rename, .remove] : []) + [
            .update, .enable, .disable, .addMember, .createGroup, .removeMember, .addAlias, .removeAlias, .addDelegate, .removeDelegate,
            .purge, .unpurge, .attribute,
        ]
    }

    /// A new group is one line, and who joins it is another.
    var lines: Int { changes + (0..<changes).count { kind($0) == .createGroup } }

    private func kind(_ number: Int) -> Change.Kind { kinds[number % kinds.count] }

    /// The number of the change that has the person to itself.
    private func subject(_ number: Int) -> Int {
        let first = number - number % kinds.count
        return switch kind(number) {
        case .addMember, .createGroup: first
        case .disable: dialect == .guide ? first + 1 : number
        default: number
        }
    }

    private var people: [Int] { (0..<changes).filter { subject($0) == $0 } }
    private func local(_ number: Int) -> String { "p\(number)" }
    private func group(_ number: Int) -> Int { number % Self.groups }

    var tenant: FakeVendor.Tenant {
        var tenant = FakeVendor.Tenant()
        tenant.groups = (0..<Self.groups).map { Group(id: "g\($0)", name: "Group \($0)", authority: .cloud) }
        for number in people where kind(number) != .create {
            tenant.rows.append(
                FakeVendor.Row(
                    id: "id-\(number)", address: at(local(number)), name: "Person \(number)", isDisabled: kind(number) == .enable))
            switch kind(number) {
            case .removeAlias: tenant.rows[tenant.rows.count - 1].aliases = [at("alias\(number)")]
            case .removeMember: tenant.members["g\(group(number))", default: []].insert(at(local(number)))
            case .removeDelegate: tenant.rights.insert("\(at("witness"))>\(at(local(number)))")
            case .purge: tenant.rows[tenant.rows.count - 1].isDisabled = true
            case .unpurge:
                tenant.rows[tenant.rows.count - 1].isDisabled = true
                tenant.purgeListed.insert(at(local(number)))
            default: break
            }
        }
        // Somebody whom nobody speaks of.
        tenant.rows.append(FakeVendor.Row(id: "id-witness", address: at("witness"), name: "Witness"))
        tenant.members["g0", default: []].insert(at("witness"))
        return tenant
    }

    /// As the tenant is: the plan that links everybody.
    var before: [Person] {
        people.filter { kind($0) != .create && kind($0) != .remove }.map { Person(address: at(local($0)), externalID: local($0)) }
    }

    /// As it is to be.
    var after: [Person] {
        var wanted = Dictionary(uniqueKeysWithValues: people.map { ($0, Person(address: at(local($0)), externalID: local($0))) })
        for number in 0..<changes {
            let who = subject(number)
            let groups = wanted[who]?.groups
            switch kind(number) {
            case .create: wanted[who]?.name = "New \(number)"
            case .update: wanted[who]?.name = "Another \(number)"
            case .rename: wanted[who]?.address = at("moved\(number)")
            case .enable: wanted[who]?.active = true
            case .disable: wanted[who]?.active = false
            case .addMember: wanted[who]?.groups = (groups ?? []) + ["Group \(group(number))"]
            case .createGroup: wanted[who]?.groups = (groups ?? []) + ["New-\(number)"]
            // Disabled, and to stay so.
            case .purge, .unpurge: wanted[who]?.active = false
            case .removeMember: wanted[who]?.groups = []
            default: break
            }
        }
        // Whoever is deleted by hand is nobody's of the source.
        return people.filter { kind($0) != .remove }.compactMap { wanted[$0] }
    }

    /// Lines that no source asks for.
    private func extra(_ plan: Plan) -> [Change] {
        people.filter { [.addAlias, .removeAlias, .addDelegate, .removeDelegate, .purge, .unpurge, .remove].contains(kind($0)) }.map {
            number in
            var change = Change(
                kind: kind(number), person: at(local(number)), account: at(local(number)),
                accountID: dialect == .guide ? "id-\(number)" : nil, reason: "test", evidence: "test")
            switch kind(number) {
            case .addDelegate, .removeDelegate: change.counterpart = at("witness")
            case .addAlias, .removeAlias: change.counterpart = at("alias\(number)")
            default: change.removal = kind(number) != .unpurge
            }
            return change
        }
            + (0..<changes).filter { kind($0) == .attribute }.map { number in
                var change = Change(
                    kind: .attribute, person: at("witness"), account: at("witness"), accountID: dialect == .guide ? "id-witness" : nil,
                    reason: "test", evidence: "test",
                    differences: [Change.Difference(field: "Badge \(number)", from: nil, to: "\(number)")], calls: 0)
                change.counterpart = "Badge \(number)"
                return change
            }
    }

    /// Links everybody and plans the changes, approved, with the limits lifted.
    func prepare(_ bench: Bench) async throws -> StoredPlan {
        bench.vendor.tenant = tenant
        _ = try await bench.plan(before)
        try await bench.store.write("CACME") { tx in
            // So that the groups are known as the source's, and the portal, whose list shows no states, asks for them.
            for group in 0..<Self.groups {
                try tx.execute("INSERT INTO managed_groups (tenant, group_id) VALUES ('CACME', $1)", [.text("g\(group)")])
            }
            try tx.execute("UPDATE links SET disabled_by_us = 1")
        }
        for name in ["removals", "removals-24h", "group-leavers", "additions"] { try await bench.raise(name, to: changes) }
        var whole = try await bench.plan(after).plan
        whole.changes += extra(whole)
        for index in whole.changes.indices { whole.changes[index].line = index + 1 }
        let file = try PlanFile(whole)
        try await PlanStore(store: bench.store).save(file, proposer: "pat", links: [], groups: [])
        let plan = try await bench.stored(file.hash)
        try await bench.approve(plan)
        bench.vendor.forget()
        return plan
    }
}
