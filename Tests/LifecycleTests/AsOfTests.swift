import Foundation
import Mimecast
import Planning
import TestSupport
import Testing

@testable import Lifecycle

/// What was true at an earlier read.
struct AsOfTests {
    private func person(_ bench: Bench, _ name: String, _ seconds: Int? = nil) async throws -> Snapshots.PersonView? {
        try await Snapshots(store: bench.store, tenant: "CACME").person(
            at(name), asOf: seconds.map { Date(timeIntervalSince1970: TimeInterval($0)) })
    }

    @Test func `A person is shown as each read had them`() async throws {
        try await withBench { bench in
            let first = bench.seconds
            try await bench.sync()
            bench.pass(hours: 1)
            bench.vendor.tenant.rows[0].name = "Ann Lee"
            bench.vendor.tenant.members["g1", default: []].insert(at("ann"))
            let second = bench.seconds
            try await bench.sync()
            bench.pass(hours: 1)
            bench.vendor.tenant.rows.removeFirst()
            bench.vendor.tenant.members["g1"]?.remove(at("ann"))
            let third = bench.seconds
            try await bench.sync()

            let before = try #require(try await person(bench, "ann", first + 1_800))
            #expect(before.account?.name != "Ann Lee")
            #expect(before.groups.isEmpty)
            for instant in [second, third - 1] {
                let then = try #require(try await person(bench, "ann", instant))
                #expect(then.account?.name == "Ann Lee")
                #expect(then.groups.count == 1)
                // All of them, whichever is asked for.
                #expect(then.versions.map(\.account.name) == [before.account?.name, "Ann Lee"])
                #expect(then.versions.first?.until == then.versions.last?.since)
                #expect(then.versions.last?.until != nil)
            }
            #expect(try await person(bench, "ann", third) == nil)
            #expect(try await person(bench, "ann") == nil)
            #expect(try await person(bench, "bob", first)?.account == person(bench, "bob")?.account)
            let error = try await lifecycleError { try await person(bench, "ann", first - 1) }
            #expect(error.code == "not-read-then")
            #expect(error.remedy.contains("read first at"))
        }
    }
}
