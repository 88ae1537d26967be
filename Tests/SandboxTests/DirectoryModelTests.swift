import Foundation
import Mimecast
import MusterStore
import SCIMStore
import Testing

@testable import Sandbox

/// Random changes of the company's directory with random failures in between come to the same as all of them in order.
@Suite struct DirectoryModelTests {
    /// What a sync is to do, in the simplest words.
    struct Model: Equatable {
        struct Person: Equatable {
            var isSynced: Bool
            var isActive = true
            /// Of the directory.
            var groups: Set<String> = []
        }

        var people: [String: Person]
        var groups: Set<String>

        mutating func apply(_ change: DirectoryChange) {
            switch change {
            case .create(let address, _, let wanted):
                guard address.hasSuffix("@quillhaven.example"), !address.hasPrefix("abuse@") else { return }
                people[address, default: Person(isSynced: true)].isSynced = true
                people[address]?.groups.formUnion(groups.intersection(wanted))
            case .disable(let address): synced(address) { $0.isActive = false }
            case .enable(let address): synced(address) { $0.isActive = true }
            case .rename(let address, let new, _):
                guard let new, let person = people[address], person.isSynced, people[new] == nil, !new.hasPrefix("abuse@") else { return }
                people[address] = nil
                people[new] = person
            case .delete(let address):
                synced(address) { person in
                    person.isSynced = false
                    person.groups = []
                }
            case .addMember(let address, let group):
                guard groups.contains(group) else { return }
                synced(address) { $0.groups.insert(group) }
            case .removeMember(let address, let group): synced(address) { $0.groups.remove(group) }
            case .createGroup(let name): groups.insert(name)
            case .deleteGroup(let name):
                groups.remove(name)
                for address in people.keys { people[address]?.groups.remove(name) }
            }
        }

        private mutating func synced(_ address: String, _ change: (inout Person) -> Void) {
            guard var person = people[address], person.isSynced else { return }
            change(&person)
            people[address] = person
        }
    }

    private static let names = (1...10).map { "hand\($0)@quillhaven.example" } + ["abuse@quillhaven.example", "hand@elsewhere.example"]
    private static let groups = ["North", "South", "East"]

    private func draw(_ random: inout SplitMix64) -> DirectoryOperation {
        let address = random.pick(Self.names)
        let group = random.pick(Self.groups)
        let connection = random.pick([nil, "Second", "Third"])
        var operation =
            switch random.below(14) {
            case 0, 1, 2: DirectoryOperation(op: .create, emailAddress: address, groups: [group, "Nowhere"])
            case 3: DirectoryOperation(op: .disable, emailAddress: address)
            case 4: DirectoryOperation(op: .enable, emailAddress: address)
            case 5, 6: DirectoryOperation(op: .rename, emailAddress: address, newAddress: random.pick(Array(Self.names.prefix(11))))
            case 7: DirectoryOperation(op: .delete, emailAddress: address)
            case 8, 9: DirectoryOperation(op: .addMember, emailAddress: address, group: group)
            case 10, 11: DirectoryOperation(op: .removeMember, emailAddress: address, group: group)
            case 12: DirectoryOperation(op: .createGroup, group: group)
            default: DirectoryOperation(op: .deleteGroup, group: group)
            }
        operation.via = .directory
        operation.connection = connection
        return operation
    }

    private func state(_ tenant: LivingTenant) async throws -> Model {
        try await tenant.read { directory in
            var model = Model(people: [:], groups: [])
            for name in Self.groups where try directory.directoryGroup(named: name) != nil { model.groups.insert(name) }
            for address in Self.names {
                guard let key = EmailAddress(address), let account = try directory.account(key) else { continue }
                let groups = try directory.resources.groups(of: account.id).compactMap { try directory.group(id: $0)?.name }
                model.people[address] = Model.Person(
                    isSynced: account.source == .ldap, isActive: account.resource.active, groups: Set(groups))
            }
            return model
        }
    }

    @Test(arguments: UInt64(1)...12)
    func failuresDoNotChangeTheOutcome(seed: UInt64) async throws {
        var random = SplitMix64(seed: seed)
        let tenant = try await LivingTenant(people: 3)
        try await tenant.operate(
            DirectoryOperation(op: .addConnection, description: "Second"), DirectoryOperation(op: .addConnection, description: "Third"),
            DirectoryOperation(op: .create, emailAddress: Self.names[0]), DirectoryOperation(op: .create, emailAddress: Self.names[1]))
        var model = try await state(tenant)
        #expect(model.people.count == 2)
        for _ in 0..<40 {
            var operations = (0..<random.below(6)).map { _ in draw(&random) }
            for operation in operations { model.apply(try await tenant.read { try operation.change($0) }) }
            if random.chance(30) {
                var failure = DirectoryOperation(op: .setConnection, connection: random.pick([nil, "Second", "Third"]))
                if random.chance(50) { failure.enabled = random.chance(60) } else { failure.status = random.pick([.ok, .error]) }
                operations.append(failure)
            }
            try await tenant.operate(operations)
            guard random.chance(60) else { continue }
            let isPaused = try await tenant.read { try !$0.connections().allSatisfy(\.isLive) }
            let before = try await state(tenant)
            if random.chance(50) {
                try await tenant.sync()
            } else {
                try await tenant.write { _ = try $0.startSync() }
                try await tenant.advance(hours: 0.01)
            }
            let after = try await state(tenant)
            if isPaused {
                // Nothing is taken away during a pause, while what is added goes on: no count falls, and nobody more is disabled.
                #expect(Self.synced(after) >= Self.synced(before) && after.groups.isSuperset(of: before.groups))
                #expect(Self.memberships(after) >= Self.memberships(before) && Self.disabled(after) <= Self.disabled(before))
            } else {
                #expect(after == model)
            }
        }
        for connection in [nil, "Second", "Third"] {
            try await tenant.operate(DirectoryOperation(op: .setConnection, connection: connection, enabled: true, status: .ok))
        }
        try await tenant.sync()
        #expect(try await state(tenant) == model)
        #expect(try await tenant.read { try $0.changes() }.isEmpty)
        try await expectKeptCounts(tenant)
    }

    private static func synced(_ model: Model) -> Int { model.people.values.count(where: \.isSynced) }
    private static func disabled(_ model: Model) -> Int { model.people.values.count { !$0.isActive } }
    private static func memberships(_ model: Model) -> Int { model.people.values.reduce(0) { $0 + $1.groups.count } }

    /// What is kept about groups is what counting finds.
    private func expectKeptCounts(_ tenant: LivingTenant) async throws {
        let wrong = try await tenant.read { directory in
            try directory.tx.all(
                """
                SELECT r.display_name FROM scim_resources r WHERE r.tenant = $1 AND r.type = 'Group' AND r.members <>
                    (SELECT count(*) FROM scim_members m WHERE m.tenant = r.tenant AND m.group_id = r.id)
                UNION ALL
                SELECT p.id FROM sb_groups p WHERE p.tenant = $1 AND p.folders <>
                    (SELECT count(*) FROM sb_groups g WHERE g.tenant = p.tenant AND g.parent_id = p.id)
                """, [directory.tenant]
            ) { $0.text(0) }
        }
        #expect(wrong.isEmpty)
    }
}

/// What waits and what goes on, without a store.
@Suite struct SyncPlanTests {
    private func waiting(_ changes: [(String, DirectoryChange)], live: Set<String> = ["one"], isPaused: Bool = true) -> [Int] {
        let entries = changes.enumerated().map { SyncPlan.Entry(number: $0, connection: $1.0, change: $1.1) }
        let plan = SyncPlan.split(entries, live: live, isPaused: isPaused)
        #expect(plan.pass.count + plan.wait.count == changes.count)
        return plan.wait.map(\.number)
    }

    @Test func nothingWaitsWhileAllIsWell() {
        #expect(waiting([("one", .delete(address: "a@b.example")), ("one", .deleteGroup(name: "G"))], isPaused: false) == [])
    }

    @Test func whatConcernsTheSameWaitsBehind() {
        let (a, b, c) = ("a@b.example", "A@B.example", "c@b.example")
        #expect(
            waiting([
                ("one", .disable(address: a)), ("one", .rename(address: b, newAddress: c, name: nil)),
                ("one", .create(address: c, name: nil, groups: [])), ("one", .create(address: "d@b.example", name: nil, groups: [])),
            ]) == [0, 1, 2])
    }

    @Test func membershipsOfOthersGoOnAndGroupsWait() {
        #expect(
            waiting([
                ("one", .removeMember(address: "a@b.example", group: "G")), ("one", .addMember(address: "c@b.example", group: "g")),
                ("one", .createGroup(name: "g")), ("one", .addMember(address: "d@b.example", group: "G")),
            ]) == [0, 2, 3])
        #expect(waiting([("one", .deleteGroup(name: "G")), ("one", .addMember(address: "a@b.example", group: "G"))]) == [0, 1])
    }

    @Test func aDeadConnectionKeepsItsChanges() {
        #expect(
            waiting([
                ("two", .enable(address: "a@b.example")), ("one", .enable(address: "a@b.example")),
                ("one", .enable(address: "c@b.example")),
            ]) == [0, 1])
    }
}
