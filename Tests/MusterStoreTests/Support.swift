import Foundation
import MusterStore

let noteMigration = Migration(
    "001-notes",
    ["CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE, body BLOB) STRICT", "CREATE TABLE extra (id INTEGER) STRICT"])

/// A folder that is removed when the test lets go of it.
final class TemporaryFolder {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appendingPathComponent("muster-store-tests-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    func file(_ name: String = "store.db") -> String { url.appendingPathComponent(name).path }
}

/// What a body throws on purpose.
struct Refusal: Error, Equatable {
    var number = 0
}

extension SQLiteStore {
    func add(_ text: String) async throws {
        try await write("t") { tx in _ = try tx.execute("INSERT INTO note (text) VALUES ($1)", [.text(text)]) }
    }

    func notes() async throws -> [String] {
        try await read { tx in try tx.all("SELECT text FROM note ORDER BY id") { $0.text(0) } }
    }
}

/// The code of the store error that `body` ends with.
func storeError(_ body: () async throws -> Void) async -> StoreError? {
    do {
        try await body()
        return nil
    } catch {
        return error as? StoreError
    }
}
