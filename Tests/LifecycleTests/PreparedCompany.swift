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
    private let lane: WriteChannel
    private let folder: TemporaryFolder
    private let hash: String

    init(_ company: MixedCompany, over lane: WriteChannel) async throws {
        self.company = company
        self.lane = lane
        folder = try TemporaryFolder()
        let store = try SQLiteStore(path: folder.file("muster.db"), migrations: StateSchema.migrations)
        hash = try await company.prepare(Bench(FakeVendor(company.dialect), over: lane, store: store)).file.hash
        try store.close()
    }

    func again<T>(_ body: (Bench, StoredPlan) async throws -> T) async throws -> T {
        let copy = try TemporaryFolder()
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
            try FileManager.default.copyItem(atPath: folder.file(name), toPath: copy.file(name))
        }
        let store = try SQLiteStore(path: copy.file("muster.db"), migrations: StateSchema.migrations)
        defer { try? store.close() }
        let bench = Bench(FakeVendor(company.dialect, tenant: company.tenant), over: lane, store: store)
        return try await body(bench, bench.stored(hash))
    }
}
