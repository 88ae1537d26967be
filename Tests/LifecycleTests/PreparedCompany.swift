import Foundation
import HTTPTransport
import Mimecast
import MimecastClient
import MusterStore
import Planning
import TestSupport

@testable import Lifecycle

/// A company whose plan waits to be applied, to be had again and again at the cost of a copied file.
final class PreparedCompany: Sendable {
    let company: MixedCompany
    let lane: WriteChannel
    let hash: String
    private let folder: TemporaryFolder

    init(_ company: MixedCompany, over lane: WriteChannel) async throws {
        self.company = company
        self.lane = lane
        folder = try TemporaryFolder()
        let store = try SQLiteStore(path: folder.file("muster.db"), migrations: StateSchema.migrations)
        hash = try await company.prepare(Bench(FakeVendor(company.dialect), over: lane, store: store)).file.hash
        try store.close()
    }

    func again<T>(_ body: (Bench, StoredPlan, SQLiteStore) async throws -> T) async throws -> T {
        let copy = try TemporaryFolder()
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
            try FileManager.default.copyItem(atPath: folder.file(name), toPath: copy.file(name))
        }
        let store = try SQLiteStore(path: copy.file("muster.db"), migrations: StateSchema.migrations)
        defer { try? store.close() }
        let bench = Bench(FakeVendor(company.dialect, tenant: company.tenant), over: lane, store: store)
        return try await body(bench, bench.stored(hash), store)
    }

    /// What a process that is killed now would leave: a store and a vendor of their own, and the plan as it stands there.
    func survivor<T>(of bench: Bench, _ store: SQLiteStore, _ body: (Bench, SQLiteStore) async throws -> T) async throws -> T {
        let copy = try TemporaryFolder()
        try await store.copy(to: copy.file("muster.db"))
        // The store first: whatever the vendor does after it was sent before it.
        let vendor = bench.vendor.fork()
        let left = try SQLiteStore(path: copy.file("muster.db"), migrations: StateSchema.migrations)
        defer { try? left.close() }
        return try await body(Bench(vendor, over: lane, store: left), left)
    }
}
