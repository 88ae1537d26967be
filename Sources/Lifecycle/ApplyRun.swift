import Mimecast
import Planning

/// Where one apply stands: the journal's entries as this process knows them.
struct ApplyRun {
    let changes: [Change]
    /// Creations and renames by the address that they make, groups by their names.
    private let foundations: [String: Change]
    private(set) var entries: [Int: Journal.Entry]
    /// What held lines back, for the receipt.
    var holders: [String] = []
    /// Lines of the plan that were left out.
    let held: Int
    var settled = 0
    var stopped: String?
    var stopCode: String?
    /// For the receipt.
    var notices: [String] = []
    /// What somebody else did to the subjects of lines that failed, by line number.
    var conflicts: [Int: Conflict] = [:]

    /// - Parameters:
    ///   - changes: the plan's work; lines without an entry are none of this run's.
    init(changes: [Change], entries: [Int: Journal.Entry]) {
        let held = changes.count { entries[$0.line] == nil }
        let changes = held == 0 ? changes : changes.filter { entries[$0.line] != nil }
        self.changes = changes
        self.held = held
        foundations = Dictionary(
            changes.filter { [.create, .rename, .createGroup].contains($0.kind) }.map {
                if $0.kind == .createGroup { return (Self.groupKey($0.group), $0) }
                return ($0.kind == .rename ? $0.values?.address ?? $0.account : $0.account, $0)
            }
        ) { first, _ in first }
        self.entries = entries
    }

    /// Sent by a run that ended before it could keep the answer.
    var unknown: [Change] { changes.filter { entries[$0.line]?.state == .sent } }

    /// The numbers of the lines that failed, in this run or before.
    var failed: Set<Int> { Set(entries.values.filter { $0.state == .failed }.map(\.line)) }

    var doneCount: Int { count(.answered) + count(.verified) }

    /// The failed line that this one rests on: nobody joins a group under an address that was not made.
    func failedFoundation(of change: Change) -> Change? {
        guard ![.create, .rename, .createGroup].contains(change.kind) else { return nil }
        let group = change.kind == .addMember && change.groupID == nil ? foundations[Self.groupKey(change.group)] : nil
        return [foundations[change.account], group].compactMap { $0 }.first { entries[$0.line]?.state == .failed }
    }

    private static func groupKey(_ name: String?) -> String { "group \(EmailAddress.fold(name ?? ""))" }

    mutating func set(_ line: Int, _ state: Journal.State, note: String? = nil) {
        entries[line]?.state = state
        entries[line]?.note = note
    }

    /// A line that goes out with others.
    mutating func send(_ line: Int, note: String?) {
        set(line, .sent, note: note)
        entries[line]?.attempts += 1
    }

    /// A line on its own, to be carried out beside others; ``take(_:)`` takes it back.
    func line(_ change: Change) -> ApplyLine? { entries[change.line].map { ApplyLine(person: change.person, entry: $0) } }

    mutating func take(_ line: ApplyLine) {
        entries[line.entry.line] = line.entry
        conflicts[line.entry.line] = line.conflict
        settled += line.settled
    }

    /// The kinds of the lines, in the plan's order.
    var kinds: [Change.Kind] {
        changes.reduce(into: []) { kinds, change in if kinds.last != change.kind { kinds.append(change.kind) } }
    }

    func receipt(plan: PlanFile, calls: Int) -> Receipt {
        Receipt(
            receipt: "r-" + plan.id.dropFirst(2), plan: plan.id, done: doneCount, failed: count(.failed),
            deferred: count(.intended) + count(.sent) + (stopped == nil ? 0 : count(.answered)), verified: count(.verified), calls: calls,
            settled: settled,
            failures: changes.compactMap { change in
                guard let entry = entries[change.line], entry.state == .failed else { return nil }
                return Receipt.Failure(
                    line: change.line, person: change.person, reason: entry.note ?? "", conflict: conflicts[change.line])
            }, stopped: stopped, stopCode: stopCode, held: held == 0 ? nil : held,
            heldBy: held == 0 || holders.isEmpty ? nil : holders, notices: notices.isEmpty ? nil : notices)
    }

    private func count(_ state: Journal.State) -> Int { entries.values.count { $0.state == state } }
}

/// Where one line of an apply stands.
struct ApplyLine: Sendable {
    let person: String
    private(set) var entry: Journal.Entry
    /// How often this run has sent it. Those of runs that were killed do not count: they may have died before the call.
    private(set) var sends = 0
    /// How often a read told what became of it.
    var settled = 0
    /// What somebody else did since the plan's read, so that the line was not sent.
    var conflict: Conflict?

    init(person: String, entry: Journal.Entry) {
        self.person = person
        self.entry = entry
    }

    mutating func set(_ state: Journal.State, note: String? = nil) {
        entry.state = state
        entry.note = note
    }

    mutating func send() {
        entry.state = .sent
        entry.attempts += 1
        sends += 1
    }
}
