import Mimecast
import Testing

@testable import Planning

/// What holds for every tenant and every source.
struct PropertyTests {
    static let seeds = 0..<200

    @Test(arguments: Flavour.allCases)
    func `After a plan is applied, the next one has no work`(flavour: Flavour) throws {
        var works = 0
        for seed in Self.seeds {
            let scene = Scene.random(flavour, seed: seed)
            let planner = scene.planner
            works += planner.plan().work.count
            let again = try scene.applying(planner).plan
            #expect(again.work.isEmpty, "seed \(seed): \(planner.plan().changes.map(\.short)), then \(again.work.map(\.short))")
        }
        #expect(works > Self.seeds.count, "the random tenants are too quiet to prove anything")
    }

    @Test(arguments: Flavour.allCases)
    func `The plan does not depend on the order of its input`(flavour: Flavour) {
        for seed in Self.seeds {
            let scene = Scene.random(flavour, seed: seed)
            let plan = scene.plan
            let other = scene.shuffled(seed: seed + 1).plan
            #expect(other.changes == plan.changes, "seed \(seed)")
            #expect(other == plan, "seed \(seed)")
        }
    }

    @Test(arguments: Flavour.allCases)
    func `An open domain loses and gains nobody whom the source does not name`(flavour: Flavour) {
        for seed in Self.seeds {
            var scene = Scene.random(flavour, seed: seed)
            scene.isOpen = true
            let named = Set(scene.people.map { EmailAddress.key($0.address) })
            for change in scene.plan.work {
                #expect(change.kind != .create, "seed \(seed)")
                if change.kind == .disable { #expect(named.contains(EmailAddress.key(change.person)), "seed \(seed)") }
            }
        }
    }

    @Test(arguments: Flavour.allCases)
    func `Nobody protected is disabled or deprived of a role`(flavour: Flavour) {
        for seed in Self.seeds {
            let scene = Scene.random(flavour, seed: seed)
            for change in scene.plan.work {
                let account = scene.accounts.first { $0.id != nil ? $0.id == change.accountID : $0.address == change.account }
                guard let account, scene.protected.contains(EmailAddress.key(account.address)) else { continue }
                #expect(change.kind != .disable && change.kind != .remove, "seed \(seed)")
                if let roles = change.values?.adminRoles { #expect(Set(account.adminRoles ?? []).isSubset(of: roles), "seed \(seed)") }
            }
        }
    }

    @Test(arguments: Flavour.allCases)
    func `Nothing that the directory owns is written`(flavour: Flavour) {
        for seed in Self.seeds {
            let scene = Scene.random(flavour, seed: seed)
            let directory = Set(scene.accounts.filter { $0.authority == .ldap }.map(\.address))
            let fields: Set<Change.Kind> = [.update, .rename, .enable, .disable, .remove]
            for change in scene.plan.work {
                if fields.contains(change.kind) { #expect(!directory.contains(change.account), "seed \(seed)") }
                #expect(change.groupID != "g3", "seed \(seed)")
            }
        }
    }

    @Test(arguments: Flavour.allCases)
    func `Every line that is no work says what to do instead, and costs nothing`(flavour: Flavour) {
        for seed in Self.seeds {
            for change in Scene.random(flavour, seed: seed).plan.changes where !change.kind.isWork {
                #expect(change.remedy?.isEmpty == false && change.calls == 0, "seed \(seed)")
            }
        }
    }
}
