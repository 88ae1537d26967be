import Mimecast
import MimecastClient
import Planning

/// Many new accounts by one file: `import-users`, whose rows the vendor carries out after its answer, and `get-import-status`.
///
/// A file names accounts and their display names, never a group, so that `clearGroup` has nothing to clear: it is never sent.
struct ImportLane: Sendable {
    /// People of one file (our choice: a file of some hundred kilobytes, and no transaction of the journal that others wait for long).
    static let mostRows = 2_000
    /// How long one run waits for an import; the next one goes on with it (our choice).
    static let patience = Duration.seconds(1_800)
    /// Between two looks: at first, and at most.
    private static let (firstWait, longestWait) = (Duration.seconds(1), Duration.seconds(15))

    let client: TenantClient
    let clock: any Clock<Duration>

    /// Sends a file once.
    ///
    /// - Returns: the import's id.
    /// - Throws: ``ClientError``, as the write of a line does.
    func send(_ changes: [Change]) async throws -> String {
        try await client.importUsers(Self.file(changes), ImportOrder(fileType: "csv")).id
    }

    /// What became of an import.
    enum Outcome: Sendable {
        case ended(ImportStatus)
        /// The vendor knows none of this id.
        case unknown
        /// It goes on, and this run waits no longer.
        case running
    }

    /// Waits until an import has come to its end.
    func outcome(of id: String, isInterrupted: () -> Bool) async throws -> Outcome {
        var waited = Duration.zero
        var wait = Self.firstWait
        while !isInterrupted(), waited < Self.patience {
            do {
                guard let answer = try await client.importStatus(of: [id]).first else { return .unknown }
                let status = try answer.get().shape
                if Self.hasEnded(status) { return .ended(status) }
            } catch let error as ClientError where error.code == .refused || error.code == .notFound {
                return .unknown
            }
            try await clock.sleep(for: wait)
            waited += wait
            wait = min(wait * 2, Self.longestWait)
        }
        return .running
    }

    /// The words for it are not recorded: an import that has one of those that go on is waited for.
    private static func hasEnded(_ status: ImportStatus) -> Bool {
        let word = status.status.lowercased()
        if ["complete", "finish", "done", "success", "fail", "error", "partial", "cancel"].contains(where: { word.contains($0) }) {
            return true
        }
        guard let total = status.totalUsers, let succeeded = status.successfulImportedUsers else { return false }
        return total > 0 && succeeded >= total
    }

    /// RFC 4180, with the columns that the vendor's manual names. A password is no one's but the person's.
    static func file(_ changes: [Change]) -> [UInt8] {
        let rows = changes.map { change in [change.account, change.values?.name ?? change.account].map(cell).joined(separator: ",") }
        return Array((["email,name"] + rows).joined(separator: "\r\n").utf8) + Array("\r\n".utf8)
    }

    private static func cell(_ text: String) -> String {
        text.contains { $0 == "," || $0 == "\"" || $0.isNewline } ? "\"\(text.replacing("\"", with: "\"\""))\"" : text
    }
}
