import MimecastClient
import Planning

/// Carries lines of a plan to the vendor, each by at most one write.
///
/// Every lane is under the same rule: what it throws says whether the write may have been carried out
/// (``ClientError/outcomeUnknown``), and it never sends again what may have been.
protocol WriteLane: Sendable {
    /// - Throws: ``ClientError``, or `CancellationError` where nothing was left open.
    func carryOut(_ change: Change) async throws

    /// HTTP calls made so far, those of the tenant's client not counted.
    var calls: Int { get }
}
