import Mimecast
import MimecastClient
import Planning

/// Lines that go out together, by a file: journal first, as with any other line, and one transaction for all of them.
///
/// The file is sent once. Whoever is not there when the import has ended, or when nobody can tell what became of it, is sent by a call of
/// their own, whose answer says why: an account is made once, however many ask for it.
extension Applier {
    /// How often it is looked who is there of a file whose answer was lost, and how long between (our choice: what comes later
    /// still finds the accounts made, and passes them over).
    private static let looks: [Duration] = [.seconds(1), .seconds(3), .seconds(6), .seconds(10)]

    /// Sends what the plan makes by files and has not sent yet.
    func carryOutImports(_ run: inout ApplyRun, _ journal: Journal) async throws {
        var waiting = run.changes.filter { change in
            guard change.route == .file, let entry = run.entries[change.line] else { return false }
            return Journal.ImportNote.mayGo(entry)
        }[...]
        while !waiting.isEmpty {
            guard !isInterrupted() else { throw Halt.interrupted }
            let batch = Array(waiting.prefix(ImportLane.mostRows))
            waiting = waiting.dropFirst(batch.count)
            try await carryOut(import: batch, &run, journal)
        }
    }

    private func carryOut(import batch: [Change], _ run: inout ApplyRun, _ journal: Journal) async throws {
        let lines = batch.map(\.line)
        progress(Progress(done: run.doneCount, of: run.changes.count, text: "a file of \(batch.count) people"))
        try await journal.sendImport(lines)
        for line in lines { run.send(line, note: Journal.ImportNote.sent) }
        let lane = ImportLane(client: client, clock: clock)
        let id: String
        do {
            id = try await lane.send(batch)
        } catch let error as ClientError where error.outcomeUnknown {
            try await settle(import: batch, id: nil, &run, journal)
            return
        } catch let error as ClientError {
            // Nothing was carried out. Where it is the file that is not taken, each goes by itself.
            let isTheFiles = error.code == .refused || error.code == .notFound
            let note = isTheFiles ? "\(Journal.ImportNote.missing) a file: \(error.message)" : Journal.ImportNote.refused
            try await settle(batch, missing: Dictionary(uniqueKeysWithValues: lines.map { ($0, note) }), "", &run, journal)
            guard isTheFiles else { throw Halt(error) }
            return
        }
        try await journal.keepImport(id, lines)
        for line in lines { run.set(line, .sent, note: Journal.ImportNote.text(id)) }
        try await settle(import: batch, id: id, &run, journal)
    }

    /// Settles lines that an earlier run sent by files.
    func settleImports(_ run: inout ApplyRun, _ journal: Journal) async throws {
        let sent = run.unknown.filter { Journal.ImportNote.isImport(run.entries[$0.line]) }
        let imports = Dictionary(grouping: sent) { Journal.ImportNote.id(run.entries[$0.line]) ?? "" }
        for (id, batch) in imports.sorted(by: { $0.key < $1.key }) {
            try await settle(import: batch, id: id.isEmpty ? nil : id, &run, journal)
            run.settled += batch.count
        }
    }

    private func settle(import batch: [Change], id: String?, _ run: inout ApplyRun, _ journal: Journal) async throws {
        let outcome = try await outcome(of: id)
        if let outcome, outcome.totalUsers == batch.count, outcome.successfulImportedUsers == batch.count {
            try await settle(batch, missing: [:], "import \(outcome.id)", &run, journal)
            return
        }
        let lists = try await SnapshotStore(store: store, tenant: tenant.code).report()
        var found: [Int: String?] = [:]
        // An import that has ended has made whom it makes; one that nobody can ask after may be on its way still.
        for wait in outcome == nil ? Self.looks : [Self.grace] {
            try await clock.sleep(for: wait)
            found = try await reading { try await EffectReader(client: client, lists: lists).read(batch) }
            if found.values.allSatisfy({ $0 == nil }) { break }
        }
        let name = id.map { "the import \($0)" } ?? "a file whose answer was lost"
        var missing: [Int: String] = [:]
        for change in batch {
            if let difference = found[change.line] ?? nil { missing[change.line] = "\(Journal.ImportNote.missing) \(name): \(difference)" }
        }
        try await settle(batch, missing: missing, id.map { "import \($0), settled by reading" } ?? "settled by reading", &run, journal)
    }

    /// - Returns: how an import ended; nil where nobody can say.
    /// - Throws: ``Halt`` where it goes on: the lines stay sent, and the next run asks again.
    private func outcome(of id: String?) async throws -> ImportStatus? {
        guard let id else { return nil }
        let lane = ImportLane(client: client, clock: clock)
        switch try await reading({ try await lane.outcome(of: id, isInterrupted: isInterrupted) }) {
        case .ended(let status): return status
        case .unknown: return nil
        case .running:
            if isInterrupted() { throw Halt.interrupted }
            throw Halt(reason: "The import \(id) goes on at the vendor.", code: "import-running")
        }
    }

    private func settle(
        _ batch: [Change], missing: [Int: String], _ note: String, _ run: inout ApplyRun, _ journal: Journal
    ) async throws {
        try await journal.settleImport(batch.map(\.line), missing: missing, note: note)
        for change in batch {
            run.set(change.line, missing[change.line] == nil ? .answered : .intended, note: missing[change.line] ?? note)
        }
    }
}
