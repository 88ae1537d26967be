import Mimecast
import MimecastClient

/// Rows of one read that go into the store together.
struct Lot: Sendable {
    /// So many that rows which are neighbours in a table are often of one lot, and so few that nobody minds the memory.
    private static let size = 20_000

    var accounts: [ObservedAccount] = []
    var taken: [ObservedTaken] = []
    var groups: [ObservedGroup] = []
    var members: [ObservedMember] = []

    private var count: Int { accounts.count + taken.count + groups.count + members.count }
    var isEmpty: Bool { count == 0 }
    var isFull: Bool { count >= Self.size }

    mutating func append(_ lot: Lot) {
        accounts += lot.accounts
        taken += lot.taken
        groups += lot.groups
        members += lot.members
    }
}

/// What became of a lot.
private struct KeptLot: Sendable {
    var accounts = KeptRows()
    var taken = KeptRows()
    var groups = KeptRows()
    var members = KeptRows()
}

extension SnapshotStore {
    /// Takes rows as they are read. While a lot of them is compared and kept, the next ones are fetched.
    ///
    /// - Parameters:
    ///   - part: the domain or list that they are read from, so that this part can be read again.
    ///   - read: reads them. What it handed over before it throws is kept.
    /// - Returns: how many rows had been seen before in this read.
    @discardableResult
    func take(
        part: String = "", into reading: inout Reading, _ read: (_ add: (Lot) async throws -> Void) async throws -> Void
    ) async throws -> Int {
        let part = reading.label(of: part)
        return try await withThrowingTaskGroup(of: KeptLot.self) { group in
            var lot = Lot()
            var repeated = 0
            func wait() async throws {
                guard let kept = try await group.next() else { return }
                reading.accounts.note(kept.accounts)
                reading.taken.note(kept.taken)
                reading.groups.note(kept.groups)
                reading.members.note(kept.members)
                repeated += kept.accounts.repeated + kept.taken.repeated + kept.groups.repeated + kept.members.repeated
            }
            /// One lot at a time: the next one's rows are compared with it, too.
            func send() async throws {
                try await wait()
                guard !lot.isEmpty else { return }
                group.addTask { [lot, reading] in
                    KeptLot(
                        accounts: try await self.keep(lot.accounts, part: part, of: reading, reading.accounts),
                        taken: try await self.keep(lot.taken, part: part, of: reading, reading.taken),
                        groups: try await self.keep(lot.groups, of: reading, reading.groups),
                        members: try await self.keep(lot.members, of: reading, reading.members))
                }
                lot = Lot()
            }
            do {
                try await read { rows in
                    lot.append(rows)
                    if lot.isFull { try await send() }
                }
            } catch {
                try? await send()
                try? await wait()
                throw error
            }
            try await send()
            try await wait()
            return repeated
        }
    }
}
