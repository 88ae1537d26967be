import Mimecast
import MusterStore
import Planning

/// What all reads from one to another show of an object, by the versions that are stored.
struct ShownStates: Sendable {
    let tenant: String
    /// Numbers of reads.
    let from: Int
    let to: Int

    /// There or not, on or off; nil where the reads differ, do not show it, or cannot be told apart (two groups of one name).
    func state(of object: UndonePairs.Object, _ tx: any Transaction) throws -> Bool? {
        switch object.matter {
        case .existence where object.subject.hasPrefix("group:"):
            let spans = try spans("observed_groups", "id, since, until, name", [], tx).filter {
                AuditTrace.key(ofGroup: $0.value ?? "") == object.subject
            }
            return covered(spans)
        case .existence:
            let spans = try accounts(object.subject, "account_id", tx)
            return Set(spans.map(\.value)).count > 1 ? nil : covered(spans)
        case .activity:
            let spans = try accounts(object.subject, "status", tx)
            guard covered(spans) == true, Set(spans.map(\.value)).count == 1, let status = spans.first?.value else { return nil }
            return status == Account.Status.active.rawValue
        case .alias:
            let spans = try accounts(object.subject, "aliases", tx)
            guard covered(spans) == true else { return nil }
            let lists = spans.map(\.value)
            if lists.allSatisfy({ $0 == nil }) {
                return covered(try self.spans("observed_taken", "key, since, until, NULL", [("key", object.object)], tx))
            }
            let holds = Set(try lists.map { try has(object.object, $0) })
            guard holds.count == 1, let only = holds.first else { return nil }
            return only
        case .member:
            let groups = try spans("observed_groups", "id, since, until, name", [], tx).filter {
                EmailAddress.fold($0.value ?? "") == EmailAddress.fold(object.object)
            }
            guard covered(groups) == true, Set(groups.map(\.key)).count == 1, let group = groups.first?.key else { return nil }
            return covered(
                try spans("observed_members", "key, since, until, NULL", [("group_id", group), ("key", object.subject)], tx))
        }
    }

    /// A version that some of the reads show.
    private struct Span {
        var key: String
        var since: Int
        var until: Int?
        var value: String?
    }

    private func accounts(_ key: String, _ column: String, _ tx: any Transaction) throws -> [Span] {
        try spans("observed_accounts", "key, since, until, \(column)", [("key", key)], tx)
    }

    private func spans(
        _ table: String, _ columns: String, _ keys: [(column: String, value: String)], _ tx: any Transaction
    ) throws -> [Span] {
        let conditions = keys.enumerated().map { " AND \($1.column) = $\($0 + 4)" }.joined()
        return try tx.all(
            "SELECT \(columns) FROM \(table) WHERE tenant = $1 AND since <= $2 AND (until IS NULL OR until > $3)\(conditions) ORDER BY since",
            [.text(tenant), .int(to), .int(from)] + keys.map { .text($0.value) }
        ) { Span(key: $0.text(0), since: $0.int(1), until: $0.intOrNil(2), value: $0.textOrNil(3)) }
    }

    /// Whether one version after the other covers all reads (true), or none does (false).
    private func covered(_ spans: [Span]) -> Bool? {
        guard var last = spans.first else { return false }
        guard last.since <= from else { return nil }
        for span in spans.dropFirst() {
            guard span.since == last.until else { return nil }
            last = span
        }
        return last.until == nil ? true : nil
    }

    private func has(_ alias: String, _ list: String?) throws -> Bool? {
        guard let list else { return nil }
        return try StoredJSON.value([String].self, list).contains { EmailAddress.key($0).utf8.elementsEqual(alias.utf8) }
    }
}
