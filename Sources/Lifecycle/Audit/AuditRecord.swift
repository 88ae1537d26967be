import Crypto
import Foundation

/// One line of the record: who did what, when; bound to the line before it by that one's hash.
///
/// As text it is JSON with sorted keys, without blanks, slashes not escaped. Its hash is SHA-256 over that text, in lower-case hex.
public struct AuditRecord: Sendable, Hashable, Codable {
    public enum Action: String, Sendable, Codable, CaseIterable {
        case tenantAdded = "tenant-added"
        case tenantRemoved = "tenant-removed"
        /// The tenant was read, and the read became the current one.
        case snapshotTaken = "snapshot-taken"
        case planMade = "plan-made"
        case planApproved = "plan-approved"
        case planRejected = "plan-rejected"
        case guardRaised = "guard-raised"
        /// A human said which account a person has.
        case accountChosen = "account-chosen"
        /// A human let a change go on that flips back and forth.
        case flappingReleased = "flapping-released"
        case applyBegun = "apply-begun"
        /// A call is about to leave. What became of it stands in a later line.
        case lineSent = "line-sent"
        case lineAnswered = "line-answered"
        /// A read, or the answer, showed that nothing was carried out; the line may be sent again.
        case lineTakenBack = "line-taken-back"
        case lineFailed = "line-failed"
        /// Read back, and as planned.
        case lineVerified = "line-verified"
        case applyFinished = "apply-finished"
        /// What reads showed long ago, and events of that time, were thrown away.
        case historyPruned = "history-pruned"
        /// Somebody subscribed: what changes leaves for a URL from here on.
        case hookAdded = "hook-added"
        case hookRemoved = "hook-removed"
        case hookSecretRotated = "hook-secret-rotated"
        case hookReplayed = "hook-replayed"
        /// The receiver said that it wants no more.
        case hookGone = "hook-gone"
        case hookEnabled = "hook-enabled"
        case deadLettersDropped = "dead-letters-dropped"
    }

    /// What the first line has for the hash before it.
    public static let beginning = String(repeating: "0", count: 64)

    /// The place in the tenant's record: 1, 2, 3, without a gap.
    public var number: Int
    public var tenant: String
    /// RFC 3339, UTC, whole seconds.
    public var at: String
    /// Who acted, as `--as` or the system says.
    public var actor: String
    public var action: Action
    /// What it was done to: a plan's id, an address, a tenant's code.
    public var subject: String
    /// Particulars; never a secret.
    public var detail: [String: String]
    /// The hash of the line before.
    public var previous: String

    func text() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }

    static func hash(_ text: String) -> String { SHA256.hash(data: Data(text.utf8)).map { String(format: "%02x", $0) }.joined() }
}
