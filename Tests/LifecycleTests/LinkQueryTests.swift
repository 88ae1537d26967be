import MusterStore
import TestSupport
import Testing

@testable import Lifecycle

/// A link is found by an index, whatever it is asked for by: a walk of all links for each person made plans of large tenants endless.
@Suite struct LinkQueryTests {
    @Test(arguments: [
        ("account = 'a'", "PRIMARY KEY (tenant=? AND account=?)"), ("external_id = 'a'", "link_external (tenant=? AND external_id=?)"),
        ("account_id = 'a'", "link_account_id (tenant=? AND account_id=?)"),
        ("settled_row = 1", "link_settled (tenant=? AND settled_row=?)"),
        ("settled_row IS NULL", "link_settled (tenant=? AND settled_row=?)"),
    ])
    func aLinkIsFoundByAnIndex(condition: String, plan: String) async throws {
        try await withTemporaryStore(migrations: StateSchema.migrations) { store in
            let steps = try await store.read { tx in
                try tx.all(
                    "EXPLAIN QUERY PLAN SELECT settled_row, \(LinkTable.fields) FROM links WHERE tenant = $1 AND \(condition)", ["t"]
                ) {
                    $0.text(3)
                }
            }
            #expect(steps.count == 1 && steps.allSatisfy { $0.hasSuffix(plan) }, "\(steps)")
        }
    }
}
