import MimecastClient
import MusterStore
import Planning

/// Lines that go out in one call: one transaction before it, and one after.
extension Journal {
    /// What became of a line.
    enum Outcome: Sendable {
        case answered
        /// For good; with what the vendor said, where it did.
        case failed(String, ClientError?)
        /// Surely not carried out: it may be sent again.
        case takenBack(String)
    }

    /// Before the call. From here on the tenant is not what the last read saw.
    func send(together lines: [Int]) async throws {
        try await write { [self] tx in
            for line in lines {
                try set(line, .sent, nil, .lineSent, tx)
                try OwnActs.note(plan.plan.changes[line - 1], plan: plan.file.id, who: who, at: instant, tx)
            }
            try SnapshotStore.outdate(tenant: plan.plan.tenant, tx)
        }
    }

    /// After it, or after a read.
    func settle(together outcomes: [Int: Outcome]) async throws {
        try await write { [self] tx in
            for (line, outcome) in outcomes.sorted(by: { $0.key < $1.key }) {
                switch outcome {
                case .answered: try set(line, .answered, nil, .lineAnswered, tx)
                case .takenBack(let note): try set(line, .intended, note, .lineTakenBack, tx)
                case .failed(let note, let error):
                    try set(line, .failed, note, .lineFailed, tx)
                    try AttributeTable.learn(
                        plan.plan.changes[line - 1], refusedBy: error, tenant: plan.plan.tenant, at: instant, tx)
                }
            }
        }
    }
}
