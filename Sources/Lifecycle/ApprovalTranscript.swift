import Foundation
import Planning

/// The lines of the record about a plan, as they stand beside its file: a third party checks them without the store.
///
/// Each line is one of `muster audit export`: its own text with its SHA-256 in front. It names the plan's hash, who said what and when, and the
/// hash of the line before it, which was the record's head.
public enum ApprovalTranscript {
    /// More decisions about one plan are none.
    static let most = 1_000

    public struct Entry: Sendable, Hashable {
        public let record: AuditRecord
        public let hash: String
    }

    /// The file's name beside a plan's.
    public static func path(_ plan: String) -> String { plan + ".approvals" }

    /// Reads the lines and proves that each is whole and about this plan.
    ///
    /// - Parameter name: how messages call the file.
    public static func read(_ text: String, plan: PlanFile, name: String) throws -> [Entry] {
        let lines = text.split(separator: "\n")
        guard lines.count <= most else {
            throw LifecycleError(
                .input, "not-approvals", "\(name) has more than \(most) lines.", remedy: "Give the file that muster approve wrote.")
        }
        return try lines.enumerated().map { index, line in
            func broken(_ why: String) -> LifecycleError {
                LifecycleError(
                    .store, "approval-broken", "Line \(index + 1) of \(name) does not hold: \(why).",
                    remedy: "Compare it with muster audit export; what was decided stands there, too.")
            }
            guard let (body, hash) = AuditLine.read(line), let record = try? JSONDecoder().decode(AuditRecord.self, from: Data(body.utf8))
            else { throw broken("it is no line of a record") }
            guard AuditRecord.hash(body) == hash else { throw broken("its text was altered: it has another hash") }
            guard [.planApproved, .planRejected].contains(record.action), record.subject == plan.id, record.detail["hash"] == plan.hash,
                record.tenant == plan.plan.tenant
            else { throw broken("it is about another plan") }
            return Entry(record: record, hash: hash)
        }
    }
}
