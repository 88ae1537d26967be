import Foundation
import Mimecast
import TestSupport
import Testing

/// With `--json`, stdout is one document with the contract's fields, and nothing else.
@Suite struct JSONTests {
    static let kinds = [
        "create", "update", "rename", "enable", "disable", "remove", "addMember", "removeMember", "blocked", "undecided",
    ]

    @Test(arguments: Flavour.allCases)
    func everyVerbOfTheCircleWritesItsDocument(_ flavour: Flavour) async throws {
        try await Desk.with(flavour, people: 60) { desk in
            var scene = try await Scene(desk)
            let plan = try await scene.next()

            let sync = try #require(try await desk.synced(expect: 0).document)
            #expect(sync["snapshot"]?.text?.hasPrefix("s-") == true)
            #expect(sync["closed"]?.bool == true)
            #expect(sync.at("accounts", "internal")?.int == scene.csv.people.count - 1)
            #expect(sync["accounts"]?.members.keys.contains("external") == true)
            for name in ["groups", "memberships", "calls"] { #expect((sync[name]?.int ?? 0) > 0, "\(name)") }
            let domains = sync["domains"]?.list ?? []
            #expect(domains.count == 2)
            for domain in domains {
                #expect(["domain", "pages", "rows", "claimed", "state"].filter { domain.members[$0] == nil } == [])
                #expect(domain["state"]?.text == "closed")
            }

            let shown = try #require(try await desk.muster("show", plan, "--json", expect: 0).document)
            try expectPlan(shown)
            let approved = try #require(try await desk.muster("approve", plan, "--json", "--as", "ada", expect: 0).document)
            #expect(approved["who"]?.text == "ada")
            #expect(approved["hash"] == shown["hash"])

            let applied = try #require(try await desk.muster("apply", plan, "--json", expect: 0).document)
            expectReceipt(applied, done: scene.kinds.count)
            let person = try #require(try await desk.muster("show", scene.joiner, "--json", expect: 0).document)
            #expect(person["history"]?.list.first?["kind"]?.text == "create")
            let tenant = try #require(try await desk.muster("show", desk.code, "--json", expect: 0).document)
            #expect(tenant["code"]?.text == desk.code)
            #expect(tenant["unfinished"]?.list == [])
        }
    }

    private func expectPlan(_ plan: JSON) throws {
        #expect(plan["plan"]?.text?.hasPrefix("p-") == true)
        #expect(plan["hash"]?.text?.count == 64)
        // The contract's kinds, and those that came after it.
        let counted = Set(plan["counts"]?.members.keys.map { $0 } ?? [])
        #expect(counted.isSuperset(of: Self.kinds))
        let changes = plan["changes"]?.list ?? []
        #expect(plan["counts"]?.members.values.compactMap(\.int).reduce(0, +) == changes.count)
        for (index, change) in changes.enumerated() {
            #expect(change["line"]?.int == index + 1)
            #expect(["line", "kind", "person", "reason", "authority", "reversible"].filter { change.members[$0] == nil } == [])
        }
        let guards = plan["guards"]?.list ?? []
        #expect(!guards.isEmpty)
        for result in guards {
            #expect(["name", "value", "limit", "tripped"].filter { result.members[$0] == nil } == [])
        }
        #expect(plan["orphans"]?.int == 0)
        #expect((plan.at("cost", "calls")?.int ?? 0) > 0)
        #expect(plan.at("cost", "seconds")?.int != nil)
    }

    private func expectReceipt(_ receipt: JSON, done: Int) {
        #expect(receipt["receipt"]?.text?.hasPrefix("r-") == true)
        #expect(receipt["done"]?.int == done)
        #expect(receipt["failed"]?.int == 0)
        #expect(receipt["deferred"]?.int == 0)
        #expect(receipt["verified"]?.int == done)
        #expect((receipt["calls"]?.int ?? 0) >= done)
    }

    @Test func theOtherVerbsWriteADocumentToo() async throws {
        try await Desk.with { desk in
            let calls: [[String]] = [
                [], ["tenants", "list"], ["guards", "list"], ["sync"], ["resume"],
                ["guards", "raise", "removals=9", "--for", "1h", "--reason", "test"], ["tenants", "show", desk.code],
            ]
            for call in calls {
                let outcome = try await desk.binary.run(call + ["--json"])
                #expect(outcome.exit == 0, "\(outcome)")
                #expect(outcome.document != nil, "\(outcome)")
                #expect(outcome.err == "", "\(outcome)")
            }
            let resumed = try await desk.muster("resume", "--json", expect: 0)
            #expect(["receipt", "done", "failed", "deferred", "verified", "calls"].filter { resumed.document?.members[$0] == nil } == [])
            let users = try await desk.tenant.users()
            let resolved = try await desk.muster(
                "resolve", "someone.else@\(desk.sandbox.domain)", "--account", users[0].address, "--json", expect: 0)
            #expect(resolved.document?["account"]?.text == users[0].address)
            var csv = PeopleCSV(users)
            csv["nova@\(desk.sandbox.domain)"].name = "Nova"
            let plan = try await desk.plan(csv, expect: 2)
            let rejected = try await desk.muster("reject", plan["plan"]?.text ?? "", "--json", expect: 0)
            #expect(rejected.document?["decision"]?.text == "rejected")
        }
    }

    @Test func aWatchWritesALineForEachRead() async throws {
        try await Desk.with { desk in
            let watch = try desk.binary.start(["sync", "--every", "1s", "--json"])
            try await eventually("it has read twice") { watch.standardOutput.filter { $0 == "\n" }.count >= 2 }
            watch.send(signal: SIGINT)
            let lines = try await watch.outcome().out.split(separator: "\n")
            #expect(lines.count >= 2)
            for line in lines {
                let document = try JSONDecoder().decode(JSON.self, from: Data(line.utf8))
                #expect(document["closed"]?.bool == true || document.at("error", "code")?.text == "interrupted")
            }
        }
    }

    @Test func errorsAreDocumentsWithCauseAndRemedy() async throws {
        let folder = try TemporaryFolder()
        let muster = MusterBinary(folder: folder.path)
        let csv = try folder.write("email\na@b.example\n", to: "people.csv")
        let calls: [(arguments: [String], exit: Int32, code: String)] = [
            (["nonsense"], 64, "usage"), (["plan"], 64, "usage"), (["sync", "--nonsense"], 64, "usage"), (["tenants"], 64, "usage"),
            (["guards"], 64, "usage"), (["plan", "--from", "nowhere.csv"], 65, "source-unreadable"),
            (["guards", "raise", "removals", "--for", "1h", "--reason", "x"], 64, "usage"),
            (["guards", "raise", "removals=1", "--for", "9d", "--reason", "x"], 64, "usage"), (["sync", "--every", "soon"], 64, "usage"),
            (["sync"], 64, "no-tenant"), (["plan", "--from", csv], 64, "no-tenant"), (["show", "C0A0"], 65, "no-such-tenant"),
            (["show", "p-none"], 65, "no-such-plan"), (["approve", "p-none"], 65, "no-such-plan"),
            (["reject", "p-none"], 65, "no-such-plan"),
            (["apply", "p-none"], 65, "no-such-plan"), (["resume", "p-none"], 65, "no-such-plan"),
            (["tenants", "show", "C0A0"], 65, "no-such-tenant"), (["tenants", "remove", "C0A0"], 65, "no-such-tenant"),
            (["sync", "--tenant", "C0A0"], 65, "no-such-tenant"), (["sync", "--store", "postgres:x"], 64, "usage"),
            (["tenants", "add", "C0A0", "--client-id", "x", "--client-secret", "env:X"], 64, "usage"),
            (["demo", "--people", "1"], 64, "usage"), (["sandbox", "--listen", "nowhere"], 64, "usage"),
            (["sandbox", "--credentials-out", "/nowhere/at/all.env"], 73, "sandbox-credentials-not-writable"),
        ]
        for call in calls {
            let outcome = try await muster.run(call.arguments + ["--json"])
            #expect(outcome.exit == call.exit, "\(outcome)")
            #expect(outcome.document?.members.count == 1, "\(outcome)")
            #expect(outcome.error?["code"]?.text == call.code, "\(outcome)")
            #expect(outcome.error?["message"]?.text?.isEmpty == false, "\(outcome)")
            #expect(outcome.error?["remedy"]?.text?.isEmpty == false, "\(outcome)")
            // Without --json the same goes to stderr, and stdout stays empty.
            let plain = try await muster.run(call.arguments)
            #expect(plain.exit == call.exit || call.arguments.count == 1, "\(plain)")
            if plain.exit != 0 { #expect(plain.out == "" && !plain.err.isEmpty, "\(plain)") }
        }
    }
}

extension Desk {
    func synced(expect: Int32, at location: SourceLocation = #_sourceLocation) async throws -> Outcome {
        let outcome = try await binary.run(["sync", "--json"] + flavour.flags)
        try #require(outcome.exit == expect, "\(outcome)", sourceLocation: location)
        return outcome
    }
}
