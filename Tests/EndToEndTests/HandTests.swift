import Foundation
import Mimecast
import TestSupport
import Testing

/// Single operations by hand, and the graph, with the built program.
@Suite struct HandTests {
    @Test(arguments: [Flavour.guide, .portal])
    func aLifeByHand(_ flavour: Flavour) async throws {
        try await Desk.with(flavour) { desk in
            let address = "nova.by.hand@\(desk.sandbox.domain)"
            func muster(_ arguments: String..., expect: Int32) async throws -> Outcome {
                let outcome = try await desk.binary.run(arguments + desk.flags)
                try #require(outcome.exit == expect, "\(outcome)")
                return outcome
            }
            _ = try await muster("users", "create", address, "--name", "Nova By Hand", "--group", "Sales", expect: 0)
            #expect(try await desk.tenant.user(address)?.groups == ["Sales"])
            _ = try await muster("users", "update", address, "--name", "Nova Again", "--reason", "typing error", expect: 0)
            #expect(try await desk.tenant.user(address)?.name == "Nova Again")
            _ = try await muster("groups", "remove", "sales", address, expect: 0)
            _ = try await muster("groups", "add", "Sales", address, "--no-sync", expect: 65)
            _ = try await muster("groups", "add", "Sales", address, expect: 0)
            // A removal wants a human's word, by hand, too.
            let stopped = try await muster("users", "disable", address, "--json", expect: 3)
            let plan = try #require(stopped.document?["plan"]?.text)
            #expect(try await desk.tenant.user(address)?.isActive == true)
            try await desk.muster("approve", plan, expect: 0)
            try await desk.muster("apply", plan, expect: 0)
            #expect(try await desk.tenant.user(address)?.isActive == false)
            _ = try await muster("users", "enable", address, expect: 0)
            #expect(try await desk.tenant.user(address)?.isActive == true)

            let gone = try await muster("users", "delete", address, "--json", expect: flavour == .guide ? 3 : 1)
            if flavour == .guide {
                let plan = try #require(gone.document?["plan"]?.text)
                try await desk.muster("approve", plan, expect: 0)
                try await desk.muster("apply", plan, expect: 0)
                #expect(try await desk.tenant.user(address) == nil)
            }
            let unknown = try await muster("users", "disable", "nobody.there@\(desk.sandbox.domain)", "--json", expect: 65)
            #expect(unknown.error?["code"]?.text == "no-such-account")
            _ = try await muster("users", "create", "no-address", expect: 64)
        }
    }

    @Test func listsAndGraphsAreOfTheLastRead() async throws {
        try await Desk.with { desk in
            try await desk.muster("users", "list", expect: 65)
            try await desk.muster("sync", expect: 0)
            let users = try await desk.tenant.users()
            let list = try await desk.muster("users", "list", "--json", expect: 0).out.split(separator: "\n")
            #expect(list.count >= users.count)
            let groups = try await desk.muster("groups", "list", "--json", expect: 0).document?["groups"]?.list ?? []
            let sales = try #require(groups.first { $0["name"]?.text == "Sales" })
            let members = try await desk.muster("groups", "members", "sales", "--json", expect: 0).document
            #expect(members?["members"]?.list.count == sales["members"]?.int)
            let person = try users.pick()
            #expect(try await desk.muster("users", "get", person.address, expect: 0).out.contains("status"))
            #expect(try await desk.muster("account", "--json", expect: 0).document?["tenant"]?.text == desk.code)

            let graph = try await desk.muster("graph", "export", "--format", "json", expect: 0).document
            #expect(graph?["nodes"]?.list.count ?? 0 > users.count)
            let xml = try desk.folder.write(
                try await desk.muster("graph", "export", "--format", "graphml", expect: 0).out, to: "tenant.graphml")
            let script = "import sys, xml.etree.ElementTree as t; print(len(t.parse(sys.argv[1]).findall('.//{*}node')))"
            let parsed = try await desk.binary.start(["python3", "-c", script, xml], program: "/usr/bin/env").outcome()
            #expect(Int(parsed.out.trimmingCharacters(in: .whitespacesAndNewlines)) == graph?["nodes"]?.list.count, "\(parsed)")
            try await desk.muster("graph", "export", "--format", "svg", expect: 64)
        }
    }
}
