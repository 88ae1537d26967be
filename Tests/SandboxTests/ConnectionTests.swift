import Foundation
import Mimecast
import NIOHTTP1
import Testing

@testable import Sandbox

/// The calls about the company's directory, over HTTP.
@Suite(.serialized) struct ConnectionTests {
    private static let path = "/api/directory/get-connection"
    private static let sync = "/api/directory/execute-sync"

    private func operate(_ box: SandboxHarness, _ operations: String) async throws -> Reply {
        try await box.send(.POST, "/control/directory", body: #"{"operations":[\#(operations)]}"#)
    }

    private func advance(_ box: SandboxHarness, _ seconds: Int) async throws {
        #expect(try await box.send(.POST, "/control/clock", body: #"{"advance":\#(seconds)}"#).status == 200)
    }

    @Test(arguments: App.allCases)
    func aConnectionAsRecorded(app: App) async throws {
        try await SandboxHarness.run { box async throws in
            let reply = try await box.call(app, Self.path)
            #expect(reply.status == 200 && reply.fail.isEmpty && reply.pagination == nil && reply.data.count == 1)
            let row = try #require(reply.data.first)
            #expect(
                Set(row.members.keys) == [
                    "enabled", "id", "description", "info", "serverType", "ldapSettings", "status", "lastSync", "syncRunning", "domains",
                    "acknowledgeDisabledAccounts",
                ])
            #expect(row["id"]?.text?.hasPrefix("MTOKEN:") == true && row["serverType"]?.text == "active_directory")
            #expect(row["status"]?.text == "ok" && row["enabled"]?.bool == true && row["syncRunning"]?.bool == false)
            #expect(row["domains"]?.text == "" && row["lastSync"]?.text?.hasSuffix("+0000") == true)
            #expect(
                Set(row["ldapSettings"]?.members.keys.map { $0 } ?? []) == ["hostname", "port", "userDn", "rootDn", "encryptionMode"])
        }
    }

    @Test func anEmptyTenantHasOneToo() async throws {
        try await SandboxHarness.run({ $0.seed = .empty }) { box async throws in
            #expect(try await box.call(.portal, Self.path).data.count == 1)
        }
    }

    @Test func aSyncRunsOnAfterItsAnswer() async throws {
        try await SandboxHarness.run { box async throws in
            let new = "new.hand@\(box.domain)"
            let queued = try await operate(box, #"{"op":"create","via":"directory","emailAddress":"\#(new)","name":"New Hand"}"#)
            #expect(queued.json["done"]?.int == 1)
            let before = try await box.call(.portal, Self.path).data.first?["lastSync"]?.text
            let started = try await box.call(.portal, Self.sync)
            #expect(started.data.first?.members == ["type": .string("ACTIVE_DIRECTORY"), "syncStatus": .string("started")])
            #expect(started.data.count == 1 && started.fail.isEmpty)
            #expect(try await box.call(.v1, Self.path).data.first?["syncRunning"]?.bool == true)
            #expect(try await box.call(.guide, Self.sync).code == FailureCode.syncRunning)
            try await advance(box, 60)
            let row = try #require(try await box.call(.portal, Self.path).data.first)
            #expect(row["syncRunning"]?.bool == false && row["lastSync"]?.text != before)
            let users = try await box.item(.guide, "/api/user/get-internal-users", #"{"emailAddress":"\#(new)"}"#)
            #expect(users.data.first?["source"]?.text == "ldap")
            #expect(try await box.call(.portal, Self.sync, "{}").data.count == 1)
            let effects = try await box.log("?path=\(Self.sync)").compactMap { $0["effect"]?.text }
            #expect(effects == ["updated", "refused", "updated"])
        }
    }

    @Test func connectionsFailAndAreSwitchedOff() async throws {
        try await SandboxHarness.run { box async throws in
            let done = try await operate(
                box,
                """
                {"op":"addConnection","description":"Cloud people","serverType":"azure_active_directory"},
                {"op":"setConnection","connection":"Cloud people","enabled":false},
                {"op":"setConnection","status":"error","error":"Unable to connect"}
                """)
            #expect(done.json["done"]?.int == 3)
            let rows = try await box.call(.portal, Self.path).data
            #expect(rows.compactMap { $0["status"]?.text } == ["error", "ok"])
            #expect(rows.compactMap { $0["enabled"]?.bool } == [true, false])
            #expect(rows.first?["info"]?.text == "Unable to connect" && rows.last?["ldapSettings"] == nil)
            // A sync of the failing one starts and ends without having read anything.
            #expect(try await box.call(.portal, Self.sync).data.count == 1)
            try await advance(box, 60)
            let later = try await box.call(.portal, Self.path).data
            #expect(later.first?["syncRunning"]?.bool == false && later.first?["lastSync"] == rows.first?["lastSync"])
            #expect(try await operate(box, #"{"op":"setConnection","enabled":false}"#).status == 200)
            let none = try await box.call(.portal, Self.sync)
            #expect(none.status == 200 && none.data.isEmpty && none.fail.isEmpty)
        }
    }

    @Test func oneItemAtMostAndFaultsRefuse() async throws {
        try await SandboxHarness.run { box async throws in
            #expect(try await box.call(.portal, Self.sync, #"{"data":[{},{}]}"#).code == FailureCode.tooManyItems)
            try await box.script(#"{"match":{"path":"\#(Self.sync)"},"kind":"refuse","code":"err_test"}"#)
            #expect(try await box.call(.portal, Self.sync).code == "err_test")
            #expect(try await box.call(.portal, Self.path).data.first?["syncRunning"]?.bool == false)
            #expect(try await operate(box, #"{"op":"setConnection","connection":"none such","enabled":true}"#).status == 422)
            #expect(try await operate(box, #"{"op":"create","via":"post","emailAddress":"a@b.example"}"#).status == 400)
        }
    }
}
