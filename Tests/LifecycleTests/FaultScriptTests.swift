import HTTPTransport
import Mimecast
import MimecastClient
import MusterStore
import Planning
import Synchronization
import Testing
import TestSupport

@testable import Lifecycle

/// Misfortunes by script, each of which has to strike as often as it says: the run ends right, or it stops and names its cause.
struct FaultScriptTests {
    private static func look(_ dialect: Dialect) -> String {
        dialect == .guide ? "/api/user/get-internal-users" : "/api/user/update-user"
    }

    private func plan(_ bench: Bench) async throws -> (MixedCompany, StoredPlan) {
        let company = MixedCompany(bench.vendor.dialect, changes: 14)
        return (company, try await company.prepare(bench))
    }

    private func expectDone(_ bench: Bench, _ company: MixedCompany, at location: SourceLocation = #_sourceLocation) async throws {
        #expect(bench.vendor.pendingFaults == 0, "a fault that never struck proves nothing", sourceLocation: location)
        let effects = bench.vendor.effects
        #expect(Set(effects).count == effects.count && effects.count == company.lines, sourceLocation: location)
        let next = try await bench.plan(company.after)
        #expect(next.plan.isEmpty, "\(next.plan.changes.map(\.account))", sourceLocation: location)
    }

    @Test(arguments: ChangeKinds.lanes)
    func `A burst of 429 is waited out, on writes and on reads`(dialect: Dialect, lane: WriteChannel) async throws {
        try await withBench(dialect, over: lane) { bench in
            let (company, plan) = try await plan(bench)
            bench.vendor.play(.limited(seconds: 2), skip: 3, times: 3)
            bench.vendor.play(.limited(seconds: 3), path: "/api/directory/get-group-members", times: 2)
            #expect(try await bench.apply(plan).isWhole)
            #expect(bench.clock.sleeps.contains(.seconds(2)) && bench.clock.sleeps.contains(.seconds(3)))
            try await expectDone(bench, company)
        }
    }

    @Test(arguments: ChangeKinds.lanes)
    func `A 429 without an end stops the run, and it goes on later`(dialect: Dialect, lane: WriteChannel) async throws {
        try await withBench(dialect, over: lane) { bench in
            let (company, plan) = try await plan(bench)
            bench.vendor.play(.limited(seconds: 1), skip: 5, times: 10_000)
            let stopped = try await bench.apply(plan)
            #expect(stopped.stopCode == ClientError.Code.rateLimited.rawValue, "\(stopped)")
            #expect([stopped.done, stopped.failed, stopped.deferred] == [5, 0, company.lines])
            bench.vendor.state.withLock { $0.faults = [] }
            #expect(try await bench.apply(bench.stored(plan.file.hash)).isWhole)
            try await expectDone(bench, company)
        }
    }

    @Test(arguments: ChangeKinds.lanes)
    func `Reads that answer 500 now and then are asked again`(dialect: Dialect, lane: WriteChannel) async throws {
        try await withBench(dialect, over: lane) { bench in
            let (company, plan) = try await plan(bench)
            bench.vendor.play(.lostAfter, skip: 2)
            if dialect == .guide { bench.vendor.play(.status(500), path: Self.look(dialect), times: 2) }
            bench.vendor.play(.status(503), path: "/api/directory/get-group-members", times: 2)
            let receipt = try await bench.apply(plan)
            #expect(receipt.isWhole && receipt.settled == 1, "\(receipt)")
            try await expectDone(bench, company)
        }
    }

    @Test(arguments: [Dialect.guide, .portal])
    func `A read that lags behind the write it is to settle sends again, and is refused as done`(dialect: Dialect) async throws {
        try await withBench(dialect) { bench in
            let plan = try await bench.plan([Person(address: at("new"))])
            bench.vendor.forget()
            bench.vendor.play(.lostAfter)
            bench.vendor.play(.stale(bench.vendor.tenant), path: Self.look(dialect))
            let receipt = try await bench.apply(plan)
            #expect(receipt.isWhole && receipt.settled >= 1, "\(receipt)")
            #expect(bench.vendor.pendingFaults == 0)
            #expect(bench.vendor.writes.count == 2 && bench.vendor.effects.count == 1)
        }
    }

    @Test(arguments: ChangeKinds.lanes)
    func `A read-back that lags behind is looked at once more`(dialect: Dialect, lane: WriteChannel) async throws {
        try await withBench(dialect, over: lane) { bench in
            let (company, plan) = try await plan(bench)
            bench.vendor.play(.stale(company.tenant), path: "/api/directory/get-group-members")
            if dialect == .guide { bench.vendor.play(.stale(company.tenant), path: Self.look(dialect)) }
            #expect(try await bench.apply(plan).isWhole)
            try await expectDone(bench, company)
        }
    }

    @Test(arguments: [Dialect.guide, .portal])
    func `A read-back that goes on lagging fails its lines with the cause, and the next plan finds them done`(dialect: Dialect) async throws
    {
        try await withBench(dialect) { bench in
            let people = ["ann", "bob", "carl", "dora"].map { Person(address: at($0), externalID: $0) }
            _ = try await bench.plan(people)
            let source = people + [Person(address: at("new"), externalID: "n", groups: ["Staff"])]
            let plan = try await bench.plan(source)
            bench.vendor.play(.stale(bench.vendor.tenant), path: "/api/directory/get-group-members", times: 2)
            let receipt = try await bench.apply(plan)
            #expect(receipt.failures.map(\.reason) == ["answered as done, but read back: not a member"])
            #expect(receipt.verified == 1 && bench.vendor.pendingFaults == 0)
            #expect(try await bench.plan(source).plan.isEmpty)
        }
    }

    @Test(arguments: [Dialect.guide, .portal])
    func `A sync whose pages are repeated, cut and refused by turns closes in the end`(dialect: Dialect) async throws {
        try await withBench(dialect) { bench in
            bench.vendor.state.withLock { state in
                state.pageSize = 2
                state.lieAboutCount = { list, _, count in list == 1 ? count + 1 : count }
            }
            bench.vendor.play(.limited(seconds: 1), path: "/api/user/get-internal-users", skip: 1)
            bench.vendor.play(.status(503), path: "/api/user/get-internal-users", skip: 1)
            let report = try await bench.sync()
            #expect(report.closed && report.accounts.internal == 4)
            #expect(bench.vendor.pendingFaults == 0)
            #expect(bench.vendor.state.withLock(\.lists) == 2)
        }
    }

    // MARK: A colleague at the console meanwhile

    struct Meddling: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var kind: Change.Kind
        /// The start of the reason for which the line fails; nil where it does not.
        var cause: String?
        var dialects = [Dialect.guide, .portal]
        var act: @Sendable (inout FakeVendor.Tenant) -> Void
    }

    static let meddlings: [Meddling] = [
        Meddling(testDescription: "makes the joiner's account", kind: .create, cause: "") {
            _ = $0.create(FakeVendor.Row(id: "id-theirs", address: at("new"), name: "Theirs"))
        },
        Meddling(testDescription: "deletes the account that is to be updated", kind: .update, cause: "") { _ = $0.delete(at("ann")) },
        Meddling(testDescription: "gives another name", kind: .update, cause: "not sent") {
            _ = $0.update(at("ann")) { $0.name = "Annie" }
        },
        Meddling(testDescription: "gives the same name", kind: .update) { _ = $0.update(at("ann")) { $0.name = "Ann Lee" } },
        Meddling(testDescription: "gives the leaver's account to somebody", kind: .remove, cause: "not sent", dialects: [.guide]) {
            _ = $0.update(at("dora")) { $0.name = "Nora" }
        },
        Meddling(testDescription: "deletes the account that is to be disabled", kind: .disable, cause: "") { _ = $0.delete(at("ann")) },
        Meddling(testDescription: "disables the leaver first", kind: .disable) { _ = $0.update(at("ann")) { $0.isDisabled = true } },
        Meddling(testDescription: "enables the person first", kind: .enable) { _ = $0.update(at("bob")) { $0.isDisabled = false } },
        Meddling(testDescription: "adds the member first", kind: .addMember, cause: "") { $0.members["g1"]?.insert(at("ann")) },
        Meddling(testDescription: "takes the member out first", kind: .removeMember, cause: "") { $0.members["g1"] = [] },
        Meddling(testDescription: "deletes the group", kind: .addMember, cause: "") {
            $0.groups = []
            $0.members = [:]
        },
        Meddling(testDescription: "gives the new address to somebody else", kind: .rename, cause: "", dialects: [.guide]) {
            _ = $0.create(FakeVendor.Row(id: "id-theirs", address: at("ann.lee"), name: "Theirs"))
        },
        Meddling(testDescription: "hands the account to the directory", kind: .update, cause: "") { tenant in
            if let index = tenant.index(at("ann")) { tenant.rows[index].isLDAP = true }
        },
    ]

    @Test(arguments: meddlings, [Dialect.guide, .portal])
    func `What a colleague does meanwhile is not undone: the line is done already, or fails with its cause`(
        meddling: Meddling, dialect: Dialect
    ) async throws {
        guard meddling.dialects.contains(dialect) else { return }
        try await withBench(dialect) { bench in
            let line = try #require(ChangeKinds.change(meddling.kind, dialect))
            let other = Change(
                kind: .update, person: at("dora"), account: at("dora"), accountID: dialect == .guide ? "id-dora" : nil, reason: "test",
                evidence: "test", values: Change.Values(name: "Dora Day"))
            let plan = try await bench.plan(changes: [line, other])
            bench.vendor.state.withLock { meddling.act(&$0.tenant) }
            var expected = bench.vendor.tenant
            _ = expected.update(at("dora")) { $0.name = "Dora Day" }
            bench.vendor.forget()
            let receipt = try await bench.apply(plan)
            #expect(bench.vendor.tenant == expected, "nothing but the other line")
            if let cause = meddling.cause {
                #expect(
                    receipt.failures.map(\.line) == [1] && receipt.failures.allSatisfy { $0.reason.hasPrefix(cause) && !$0.reason.isEmpty })
                #expect([receipt.done, receipt.failed, receipt.deferred] == [1, 1, 0])
                // What the plan saw, what is there now, and since when it can have changed.
                let conflict = try #require(receipt.failures.first?.conflict)
                #expect(conflict.expected != conflict.found && conflict.seen <= bench.seconds, "\(conflict)")
            } else {
                #expect(receipt.isWhole && receipt.done == 2, "\(receipt)")
            }
        }
    }
}
