import MusterStore
import Planning

/// Lines that go out together, by a file.
///
/// From its first write on each of them is *sent*, and its note says by what: a file whose answer never came, or the import whose id did.
extension Journal {
    /// What the note of a line says that is sent by a file.
    enum ImportNote {
        static let sent = "import"

        /// How the notes of lines begin that a file did not make: each is sent by itself.
        static let missing = "not made by"
        /// The file was surely not carried out, and is not to blame for it.
        static let refused = "not carried out by a file"

        /// A line goes out by a file once. What was sent before, by whichever way, goes by itself.
        static func mayGo(_ entry: Entry) -> Bool { entry.state == .intended && (entry.attempts == 0 || entry.note == refused) }

        static func text(_ id: String?) -> String { id.map { "\(sent) \($0)" } ?? sent }

        static func isImport(_ entry: Entry?) -> Bool {
            guard let entry, entry.state == .sent, let note = entry.note else { return false }
            return note == sent || note.hasPrefix(sent + " ")
        }

        /// The import's id, where it was kept.
        static func id(_ entry: Entry?) -> String? {
            guard isImport(entry), let note = entry?.note, note.count > sent.count else { return nil }
            return String(note.dropFirst(sent.count + 1))
        }
    }

    /// Before the file goes out.
    func sendImport(_ lines: [Int]) async throws {
        try await write { [self] tx in
            for line in lines { try set(line, .sent, ImportNote.sent, .lineSent, tx) }
            try SnapshotStore.outdate(tenant: plan.plan.tenant, tx)
        }
    }

    /// The vendor has the file: from here on its id tells what becomes of it.
    func keepImport(_ id: String, _ lines: [Int]) async throws {
        try await write { [plan] tx in
            for line in lines {
                try tx.execute(
                    "UPDATE journal SET note = $3 WHERE plan = $1 AND line = $2 AND state = 'sent'",
                    [.text(plan.file.id), .int(line), .text(ImportNote.text(id))])
            }
        }
    }

    /// After it is known what became of them: each line is there, or may be sent by itself.
    ///
    /// - Parameter missing: why a line may be sent by itself, by line.
    func settleImport(_ lines: [Int], missing: [Int: String], note: String) async throws {
        try await write { [self] tx in
            for line in lines {
                if let why = missing[line] {
                    try set(line, .intended, why, .lineTakenBack, tx)
                } else {
                    try set(line, .answered, note, .lineAnswered, tx)
                }
            }
        }
    }
}
