import Mimecast
import MimecastClient
import Planning

/// Lines about attributes, 25 of them a call: journal first, as with any other line, and one transaction for all of a call's.
///
/// A line goes out with others until its call was made. Whatever is left of it then, such as a line of unknown outcome that a read showed to be absent, goes
/// by a call of its own.
extension Applier {
    /// The note of lines whose call was surely not carried out, and is not to blame for it.
    private static let notSent = "not carried out"

    func carryOutAttributes(_ run: inout ApplyRun, _ journal: Journal) async throws {
        let lane = AttributeLane(client: client)
        // Line numbers by folded names that were refused in this run.
        var refused: [String: Int] = [:]
        var waiting = run.changes.indices.filter { index in
            let change = run.changes[index]
            guard change.kind == .attribute, let entry = run.entries[change.line], entry.state == .intended else { return false }
            return (entry.attempts == 0 || entry.note == Self.notSent) && run.failedFoundation(of: change) == nil
        }
        while !waiting.isEmpty {
            guard !isInterrupted() else { throw Halt.interrupted }
            let (batch, vain) = Self.batch(&waiting, run.changes, refused)
            try await settle(
                vain.mapValues { .failed("not sent, since the vendor refused this attribute in line \($0)", nil) }, &run, journal)
            guard !batch.isEmpty else { continue }
            progress(Progress(done: run.doneCount, of: run.changes.count, text: "attributes of \(batch.count) accounts"))
            for change in try await carryOut(together: batch, lane, &run, journal) where refused[change.attributeKey] == nil {
                refused[change.attributeKey] = change.line
            }
        }
    }

    /// Takes the next lines that can go in one call: no account twice, so that every answer is one line's.
    ///
    /// - Parameters:
    ///   - waiting: places among the changes; those that are taken go.
    ///   - refused: line numbers by the folded names of attributes that the vendor refused.
    /// - Returns: the lines, and those that need not be sent, with the line that was refused.
    private static func batch(
        _ waiting: inout [Int], _ changes: [Change], _ refused: [String: Int]
    ) -> (batch: [Change], vain: [Int: Int]) {
        var (batch, vain, later): ([Change], [Int: Int], [Int]) = ([], [:], [])
        var accounts = Set<String>()
        var seen = 0
        while seen < waiting.count, batch.count < Planner.attributesPerCall {
            let change = changes[waiting[seen]]
            if let line = refused[change.attributeKey] {
                vain[change.line] = line
            } else if accounts.insert(EmailAddress.key(change.account)).inserted {
                batch.append(change)
            } else {
                later.append(waiting[seen])
            }
            seen += 1
        }
        waiting.replaceSubrange(..<seen, with: later)
        return (batch, vain)
    }

    /// - Returns: lines whose attribute the vendor refused by its name.
    private func carryOut(
        together batch: [Change], _ lane: AttributeLane, _ run: inout ApplyRun, _ journal: Journal
    ) async throws -> [Change] {
        try await journal.send(together: batch.map(\.line))
        for change in batch { run.send(change.line, note: nil) }
        let outcomes: [Int: ClientError?]
        do {
            outcomes = try await lane.carryOut(batch)
        } catch let error as ClientError {
            try await takeBack(batch, &run, journal)
            throw Halt(error)
        } catch let error as CancellationError {
            try await takeBack(batch, &run, journal)
            throw error
        }
        var known: [Int: Journal.Outcome] = [:]
        var (unknown, refused): ([Change], [Change]) = ([], [])
        var halt: Halt?
        for change in batch {
            switch outcomes[change.line] {
            case .some(nil): known[change.line] = .answered
            case .some(let error?) where !error.outcomeUnknown && (error.code == .refused || error.code == .notFound):
                known[change.line] = .failed(error.message, error)
                if error.refusesAttributeName { refused.append(change) }
            case .some(let error?) where !error.outcomeUnknown:
                known[change.line] = .takenBack(Self.notSent)
                halt = halt ?? Halt(error)
            default: unknown.append(change)
            }
        }
        try await settle(known, &run, journal)
        if !unknown.isEmpty {
            try await clock.sleep(for: Self.grace)
            let found = try await reading { try await EffectReader(client: client).read(unknown) }
            try await settle(
                Dictionary(
                    uniqueKeysWithValues: unknown.map { change in
                        (change.line, (found[change.line] ?? nil).map { .takenBack("read back: \($0)") } ?? .answered)
                    }), &run, journal)
            run.settled += unknown.count
        }
        if let halt { throw halt }
        return refused
    }

    private func takeBack(_ batch: [Change], _ run: inout ApplyRun, _ journal: Journal) async throws {
        try await settle(Dictionary(uniqueKeysWithValues: batch.map { ($0.line, .takenBack(Self.notSent)) }), &run, journal)
    }

    private func settle(_ outcomes: [Int: Journal.Outcome], _ run: inout ApplyRun, _ journal: Journal) async throws {
        guard !outcomes.isEmpty else { return }
        try await journal.settle(together: outcomes)
        for (line, outcome) in outcomes {
            switch outcome {
            case .answered: run.set(line, .answered)
            case .failed(let note, _): run.set(line, .failed, note: note)
            case .takenBack(let note): run.set(line, .intended, note: note)
            }
        }
    }
}

extension Change {
    /// The folded name of the attribute.
    fileprivate var attributeKey: String { EmailAddress.fold(counterpart ?? "") }
}
