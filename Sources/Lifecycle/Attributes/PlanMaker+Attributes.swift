import MimecastClient
import MusterStore
import Planning

extension PlanMaker {
    /// As many marks as one transaction keeps.
    private static let lot = 10_000

    /// Asks for the attributes that the plan depends on, and no list shows.
    func readAttributes(_ input: inout Planner.Input, _ planner: inout Planner) async throws {
        guard
            input.asks.contains(where: { $0.attributeOwner != nil })
                || input.desired.people.contains(where: { $0.accountAttributes != nil })
        else { return }
        let code = tenant.code
        let (accepted, refused) = try await store.read { tx in
            (try AttributeTable.accepted(tenant: code, tx), try AttributeTable.refused(tenant: code, tx))
        }
        input.attributes = AttributeKnowledge(accepted: accepted, refused: refused, isWhole: readsAllAttributes)
        planner = Planner(input)
        let unread = planner.attributesToRead
        guard !unread.isEmpty else { return }
        // Where the source shrank, the plan is stopped whatever the attributes are.
        guard !planner.plan().isSourceShrunk else { return }
        do {
            input.attributes.read = try await AttributeReader(client: client).read(unread, progress: progress)
        } catch let error as ClientError where [.forbidden, .refused, .notFound].contains(error.code) {
            input.desired.notices.append("Attributes were not compared: \(error.message)")
        }
        planner = Planner(input)
    }

    /// Keeps what the reads proved, so that the next plan need not ask again.
    func keepFindings(_ planner: Planner) async throws {
        let (accepted, different) = planner.attributeFindings
        let code = tenant.code
        if readsAllAttributes { try await store.write(code) { try AttributeTable.forgetRefusals(tenant: code, $0) } }
        guard !accepted.isEmpty || !different.isEmpty else { return }
        for start in stride(from: 0, to: max(accepted.count, 1), by: Self.lot) {
            let marks = Array(accepted[start..<min(start + Self.lot, accepted.count)])
            try await store.write(code) { try AttributeTable.keep(marks, different: start == 0 ? different : [], tenant: code, $0) }
        }
    }
}
