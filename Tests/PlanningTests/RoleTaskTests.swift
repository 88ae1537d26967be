import Mimecast
import Testing

@testable import Planning

/// Roles that a dialect shows and cannot write.
struct RoleTaskTests {
    private func scene(_ flavour: Flavour, wanted: [String]?, active: Bool? = nil) -> Scene {
        var scene = Scene(flavour)
        scene.account("ann")
        scene.account("bob")
        scene.people = [Person(address: at("ann"), active: active, adminRoles: wanted), Person(address: at("bob"))]
        return scene
    }

    @Test(arguments: [Flavour.portal, .v1])
    func `Who should have a role, and who should not, is a task for a human until a read shows it done`(flavour: Flavour) throws {
        typealias Case = (wanted: [String]?, role: String?, isTask: Bool)
        let cases: [Case] = [
            (["Help Desk"], nil, true), (["Help Desk"], "help desk", false), (["Help Desk", "Auditor"], "Auditor", false),
            (["Help Desk"], "Auditor", true), ([], "Auditor", true), ([], nil, false), (nil, "Auditor", false),
        ]
        for (wanted, role, isTask) in cases {
            var scene = scene(flavour, wanted: wanted)
            #expect(scene.planner.rolesToRead == (wanted == nil ? [] : [at("ann")]))
            scene.roles = wanted == nil ? [:] : [at("ann"): role]
            let plan = scene.plan
            #expect(plan.changes.map(\.kind) == (isTask ? [.blocked] : []), "\(wanted ?? []) \(role ?? "-")")
            #expect(plan.isEmpty && plan.work.isEmpty)
            if isTask {
                let line = try #require(plan.changes.first)
                #expect(line.remedy?.contains("Account > Roles") == true && line.remedy?.contains(at("ann")) == true)
                #expect(!plan.notices.contains { $0.contains("adminRoles") })
            }
        }
    }

    @Test func `Where roles can be written, or the person leaves, nothing is asked for`() {
        #expect(scene(.guide, wanted: ["Help Desk"]).planner.rolesToRead.isEmpty)
        #expect(scene(.portal, wanted: ["Help Desk"], active: false).planner.rolesToRead.isEmpty)
        // Not read: said once, as before.
        #expect(scene(.portal, wanted: ["Help Desk"]).plan.notices.contains { $0.contains("adminRoles") })
    }
}
