import Foundation
import Mimecast
import Planning
import Synchronization
import TestSupport
import Testing

@testable import Lifecycle

/// Who made a change, from the store: own lines and audit events; and what no read shows.
struct AttributionStoreTests {
    private static func change(_ type: String, _ local: String, object: String = "", group: String = "") -> ObservedChange {
        ObservedChange(type: type, account: at(local), object: object, group: group)
    }

    @Test func `Somebody else's change is named with its audit event`() async throws {
        try await withBench { bench in
            try await bench.read()
            let from = bench.seconds
            bench.pass(hours: 0.5)
            bench.vendor.state.withLock { $0.tenant.rows[0].isDisabled = true }
            bench.log("User Disabled", "User \(at("ann")) disabled", by: "eve@acme.example")
            bench.pass(hours: 0.5)
            try await bench.read()
            let found = try await bench.attribution(Self.change("account.disabled", "ann"), from: from, to: bench.seconds)
            #expect((found.whose, found.actor, found.audit) == (.other, "eve@acme.example", "audit-0"))
            #expect(found.application == "Console")
            // A real change is told by the read, not by the log.
            #expect(try await bench.told().filter { $0.type == "account.disabled" && $0.undone }.isEmpty)
            let nobody = try await bench.attribution(Self.change("account.disabled", "bob"), from: from, to: bench.seconds)
            #expect(nobody == .unknown)
        }
    }

    @Test(arguments: [true, false]) func `An own apply is ours, with its audit event and without`(isLogged: Bool) async throws {
        try await withBench { bench in
            let people = ["ann", "bob", "carl", "dora"].map { Person(address: at($0)) }
            try await bench.read()
            let from = bench.seconds
            let plan = try await bench.plan(
                people.map { person in
                    var person = person
                    if person.address == at("ann") { person.active = false }
                    return person
                })
            bench.pass(hours: 0.1)
            #expect(try await bench.carryOut(plan).isWhole)
            if isLogged { bench.log("User Disabled", "User \(at("ann")) disabled", by: "admin@acme.example") }
            bench.pass(hours: 0.1)
            try await bench.read()
            let found = try await bench.attribution(Self.change("account.disabled", "ann"), from: from, to: bench.seconds)
            #expect((found.whose, found.actor, found.plan) == (.own, "pat", plan.file.id))
            #expect(found.line == plan.plan.work.first { $0.kind == .disable }?.line)
            #expect((found.audit != nil) == isLogged)
        }
    }

    @Test func `Made and undone between two reads shows once, marked so`() async throws {
        try await withBench { bench in
            try await bench.read()
            bench.pass(hours: 0.2)
            bench.log("User Disabled", "User \(at("ann")) disabled", by: "eve@acme.example", id: "d")
            bench.log(
                "Profile Group Log Entry", "\(at("dora")) added to group Staff", category: "profile_group_logs", at: bench.seconds + 5,
                id: "j")
            bench.log(
                "Profile Group (unlink) Log Entry", "\(at("dora")) removed from group Staff", category: "profile_group_logs",
                at: bench.seconds + 6, id: "l")
            bench.log("New User", "User \(at("tim")) created", at: bench.seconds + 7, id: "c")
            bench.log("User Deleted", "User \(at("tim")) deleted", at: bench.seconds + 8, id: "r")
            bench.log("User Enabled", "User \(at("ann")) enabled", at: bench.seconds + 60, id: "e")
            // Bob is disabled all the time, and carl's log makes no sense with what is shown.
            bench.log("User Enabled", "User \(at("bob")) enabled", at: bench.seconds + 61, id: "be")
            bench.log("User Enabled", "User \(at("carl")) enabled", at: bench.seconds + 62, id: "ce")
            bench.pass(hours: 0.2)
            try await bench.read()
            let expected = [
                "account.disabled \(at("ann")) undone eve@acme.example d", "group.joined \(at("dora")) undone admin@acme.example j",
                "group.left \(at("dora")) undone admin@acme.example l", "account.created \(at("tim")) undone admin@acme.example c",
                "account.removed \(at("tim")) undone admin@acme.example r", "account.enabled \(at("ann")) undone admin@acme.example e",
            ]
            #expect(try await bench.told().filter(\.undone).map(\.text) == expected)
            bench.pass(hours: 0.2)
            try await bench.read()
            try await bench.read()
            #expect(try await bench.told().filter(\.undone).count == expected.count)
        }
    }

    @Test func `What straddles a read is found by the next`() async throws {
        try await withBench { bench in
            try await bench.read()
            bench.pass(hours: 0.2)
            // Disabled before a read begins and enabled again before it comes to the person: that read shows nothing of it.
            bench.log("User Disabled", "User \(at("ann")) disabled", at: bench.seconds - 5, id: "d")
            bench.log("User Enabled", "User \(at("ann")) enabled", at: bench.seconds + 5, id: "e")
            try await bench.read()
            #expect(try await bench.told().filter(\.undone).isEmpty)
            bench.pass(hours: 0.2)
            try await bench.read()
            #expect(try await bench.told().filter(\.undone).map(\.audit) == ["d", "e"])
        }
    }

    @Test func `What two reads show is not undone`() async throws {
        try await withBench { bench in
            try await bench.read()
            for (type, isDisabled) in [("Disabled", true), ("Enabled", false), ("Disabled", true)] {
                bench.pass(hours: 0.2)
                bench.vendor.state.withLock { $0.tenant.rows[0].isDisabled = isDisabled }
                bench.log("User \(type)", "User \(at("ann")) \(type.lowercased())")
                bench.pass(hours: 0.2)
                try await bench.read()
            }
            #expect(try await bench.told().filter(\.undone).isEmpty)
        }
    }

    @Test func `History from before the log was first read is no news`() async throws {
        try await withBench { bench in
            bench.log("User Disabled", "User \(at("ann")) disabled", at: bench.seconds - 86_400)
            bench.log("User Enabled", "User \(at("ann")) enabled", at: bench.seconds - 86_000)
            bench.log("Delegate User Added", "\(at("bob")) may open the mailbox of \(at("ann"))", at: bench.seconds - 80_000)
            for _ in 0..<3 {
                try await bench.read()
                bench.pass(hours: 0.2)
            }
            #expect(try await bench.told().filter { $0.undone || $0.type.hasPrefix("delegate") }.isEmpty)
        }
    }

    @Test func `A list without states: the log tells who was disabled`() async throws {
        try await withBench(.portal) { bench in
            try await bench.read()
            bench.pass(hours: 0.1)
            bench.log("User Disabled", "User \(at("ann")) disabled", by: "eve@acme.example", id: "d")
            _ = try await bench.tail().read()
            #expect(
                try await bench.told().filter { $0.type == "account.disabled" }.map(\.text) == [
                    "account.disabled \(at("ann")) eve@acme.example d"
                ])
        }
    }

    @Test func `Rights over mailboxes: by the journal where they are ours, by the log where they are not, never twice`() async throws {
        try await withBench { bench in
            try await bench.read()
            let maker = PlanMaker(client: bench.client(), tenant: bench.tenant(), store: bench.store, protected: [], now: bench.now)
            let work = HandWork(asks: [.addDelegate(at("bob"), of: at("ann"))])
            let plan = try await bench.stored(try await maker.make(work, proposer: "pat").hash)
            #expect(try await bench.carryOut(plan).isWhole)
            #expect(try await bench.told().filter { $0.type == "delegate.added" }.map(\.text) == ["delegate.added \(at("ann")) pat - own"])
            // The vendor logs it, too.
            bench.log("Delegate User Added", "\(at("bob")) may open the mailbox of \(at("ann"))", id: "o")
            bench.log(
                "Delegate User Removed", "\(at("bob")) may no longer open the mailbox of \(at("ann"))", by: "eve@acme.example", id: "x")
            bench.pass(hours: 0.1)
            try await bench.read()
            #expect(
                try await bench.told().filter { $0.type.hasPrefix("delegate") }.map(\.text) == [
                    "delegate.added \(at("ann")) pat - own", "delegate.removed \(at("ann")) eve@acme.example x",
                ])
        }
    }

    @Test func `Events are CloudEvents without nulls`() async throws {
        try await withBench(.portal) { bench in
            try await bench.read()
            bench.log("Delegate User Added", "\(at("bob")) may open the mailbox of \(at("ann"))", id: "o")
            try await bench.read()
            let body = try #require(try await bench.told().last { $0.type == "delegate.added" }?.body)
            let event = try JSONDecoder().decode(JSON.self, from: Data(body.utf8))
            #expect(event["specversion"] == .string("1.0"))
            #expect(event["source"] == .string("/tenants/CACME"))
            #expect(event["subject"] == .string(at("ann")))
            #expect(event["data"]?["after"] == .object(["delegate": .string(at("bob"))]))
            #expect(!body.contains("null"))
        }
    }
}
