import Foundation
import MusterStore
import Synchronization

/// Copies of everything that the sandbox keeps, by name: beside the data file as `PATH.snapshot-NAME`, or, where there is none, in
/// files without a name for as long as the process lives.
final class SnapshotShelf: Sendable {
    struct Entry: Codable, Sendable {
        var name: String
        /// When it was made, by the machine's clock; ISO 8601.
        var made: String
        var bytes: Int
    }

    private struct Nameless: Sendable {
        let copy: StoreCopy
        let made: Date
    }

    /// What stays as it is at a restore: the request log tells what was asked of this sandbox, and goes on.
    private static let keeping: Set<String> = ["sb_requests"]

    private let store: SQLiteStore
    private let path: String?
    private let nameless = Mutex<[String: Nameless]>([:])

    /// - Parameter path: the data file; nil is a temporary one.
    init(_ store: SQLiteStore, path: String?) {
        self.store = store
        self.path = path
        // What a process left that was killed at making one.
        for file in files where file.hasSuffix(".part") || file.hasSuffix(".part-journal") {
            try? FileManager.default.removeItem(atPath: folder + "/" + file)
        }
    }

    /// The store as it is now, for a fault that shows the past.
    func past() async throws -> StoreCopy { try await store.copy() }

    /// Takes the place of one of the same name.
    func take(_ name: String) async throws -> Entry {
        let name = try Self.checked(name)
        if let path {
            try await store.copy(to: "\(path).snapshot-\(name)")
        } else {
            let copy = try await store.copy()
            nameless.withLock { $0[name] = Nameless(copy: copy, made: Date()) }
        }
        guard let entry = all.first(where: { $0.name == name }) else { throw Self.unknown(name) }
        return entry
    }

    /// - Parameter check: looks at the result before it is committed; what it throws takes everything back.
    func restore(_ name: String, check: @escaping @Sendable (any Transaction) throws -> Void) async throws {
        let name = try Self.checked(name)
        guard all.contains(where: { $0.name == name }) else { throw Self.unknown(name) }
        if let path {
            try await store.restore(from: "\(path).snapshot-\(name)", keeping: Self.keeping, check: check)
        } else if let copy = nameless.withLock({ $0[name]?.copy }) {
            try await store.restore(from: copy, keeping: Self.keeping, check: check)
        }
    }

    func remove(_ name: String) throws {
        let name = try Self.checked(name)
        guard all.contains(where: { $0.name == name }) else { throw Self.unknown(name) }
        if let path {
            try FileManager.default.removeItem(atPath: "\(path).snapshot-\(name)")
        } else {
            nameless.withLock { $0[name] = nil }
        }
    }

    /// By name.
    var all: [Entry] {
        guard let path else {
            return nameless.withLock { $0.map { Entry(name: $0, made: $1.made.ISO8601Format(), bytes: $1.copy.bytes) } }
                .sorted { $0.name < $1.name }
        }
        let prefix = Self.prefix(path)
        return files.filter { Self.isName($0.dropFirst(prefix.count)) }.sorted().map { file in
            let facts = try? FileManager.default.attributesOfItem(atPath: folder + "/" + file)
            return Entry(
                name: String(file.dropFirst(prefix.count)), made: (facts?[.modificationDate] as? Date)?.ISO8601Format() ?? "",
                bytes: facts?[.size] as? Int ?? 0)
        }
    }

    private var folder: String { URL(fileURLWithPath: path ?? "").deletingLastPathComponent().path }

    private var files: [String] {
        guard let path else { return [] }
        let prefix = Self.prefix(path)
        return ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).filter { $0.hasPrefix(prefix) }
    }

    private static func prefix(_ path: String) -> String { URL(fileURLWithPath: path).lastPathComponent + ".snapshot-" }

    private static func checked(_ name: String) throws -> String {
        guard isName(name) else {
            throw CallRefusal(422, "invalid_name", "A snapshot's name has 1 to 64 letters (a to z), digits, - and _")
        }
        return name
    }

    /// Part of a file's name: nothing that could lead elsewhere, and no dot, which a half-made one has.
    private static func isName(_ name: some StringProtocol) -> Bool {
        (1...64).contains(name.utf8.count)
            && name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                    UInt8(ascii: "-"), UInt8(ascii: "_"):
                    true
                default: false
                }
            }
    }

    private static func unknown(_ name: String) -> CallRefusal { CallRefusal(404, "not_found", "There is no snapshot \(name)") }
}
