import GRDB
import Synchronization

/// Counts what changes a store, before whoever changed it hears of it.
final class CommitCount: Sendable {
    private let count = Atomic<UInt64>(0)

    var value: UInt64 { count.load(ordering: .acquiring) }

    func raise() { count.add(1, ordering: .acquiringAndReleasing) }
}

/// Gathers the writes that wait at the same time into one durable commit, a savepoint each.
///
/// A commit costs a flush to disk however much is in it; a server under load pays it once for all that came meanwhile.
actor CommitQueue {
    private struct Job: Sendable {
        let isAside: Bool
        /// Runs the body and keeps its outcome; throws what the body throws, so that its savepoint is taken back.
        let run: @Sendable (any Transaction) throws -> any Sendable
        let finish: @Sendable (Result<any Sendable, any Error>) -> Void
    }

    private let pool: DatabasePool
    private let statements: PreparedStatements
    private let readers: Readers
    private let commits: CommitCount
    private var waiting: [Job] = []
    private var isDraining = false
    /// How many commits in a row readers were left alone.
    private var aside = 0
    /// The log that writes go to first grows for as long as readers keep their views.
    private static let mostAside = 32

    init(pool: DatabasePool, statements: PreparedStatements, readers: Readers, commits: CommitCount) {
        self.pool = pool
        self.statements = statements
        self.readers = readers
        self.commits = commits
    }

    /// - Parameter isAside: readers may go on with the views that they have: in a large file that is mapped, a new one costs milliseconds.
    @discardableResult
    func commit<T: Sendable>(isAside: Bool = false, _ body: @escaping @Sendable (any Transaction) throws -> T) async throws -> T {
        let outcome: any Sendable = try await withCheckedThrowingContinuation { continuation in
            waiting.append(Job(isAside: isAside, run: body, finish: { continuation.resume(with: $0) }))
            if !isDraining {
                isDraining = true
                Task { await drain() }
            }
        }
        guard let value = outcome as? T else {
            throw StoreError(.failed, "A write answered with another type.", remedy: "Report this.")
        }
        return value
    }

    private func drain() async {
        while !waiting.isEmpty {
            let batch = waiting
            waiting = []
            let isAside = aside < Self.mostAside && batch.allSatisfy(\.isAside)
            aside = isAside ? aside + 1 : 0
            if !isAside { readers.settle() }
            do {
                if batch.count == 1, let job = batch.first {
                    // Alone, a body needs no savepoint: the transaction takes its changes back.
                    let outcome = try await pool.write { [statements] db in try job.run(SQLiteTransaction(db, statements)) }
                    if !isAside { raise() }
                    job.finish(.success(outcome))
                    continue
                }
                let outcomes = try await pool.write { [statements] db in
                    try batch.map { job -> Result<any Sendable, any Error> in
                        var outcome: Result<any Sendable, any Error>?
                        do {
                            try db.inSavepoint {
                                outcome = .success(try job.run(SQLiteTransaction(db, statements)))
                                return .commit
                            }
                        } catch {
                            // A full disk rolls the whole transaction back: then nobody's work was kept.
                            guard db.isInsideTransaction else { throw error }
                            outcome = .failure(error)
                        }
                        return outcome ?? .failure(CancellationError())
                    }
                }
                if !isAside { raise() }
                for (job, outcome) in zip(batch, outcomes) { job.finish(outcome) }
            } catch {
                for job in batch { job.finish(.failure(error)) }
            }
        }
        isDraining = false
    }

    /// Before anybody hears of the commit.
    private func raise() {
        commits.raise()
        readers.settle()
    }
}
