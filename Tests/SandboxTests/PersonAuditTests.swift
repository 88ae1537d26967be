import Foundation
import Mimecast
import MusterStore
import NIOHTTP1
import Testing

@testable import Sandbox

/// Every change of a person leaves an audit event, and what changes nothing leaves none.
@Suite(.serialized) struct PersonAuditTests {
    @Test func everyChangeIsRecorded() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("sandbox-person-audit-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appendingPathComponent("box.db").path
        try await SandboxHarness.run({ $0.dataPath = path }) { box async throws in
            let store = try SQLiteStore(path: path, migrations: SandboxSchema.migrations)
            let before = try await store.read { tx in try tx.first("SELECT max(number) FROM sb_audit") { $0.intOrNil(0) ?? 0 } ?? 0 }
            let people = Company.generate(people: 60, domains: 2, seed: 1).people.filter { $0.source == .cloud && $0.adminRoles.isEmpty }
            let (one, two) = (people[0].address, people[1].address)
            func call(_ name: String, _ item: String) async throws -> Reply { try await box.item(.portal, "/api/user/\(name)", item) }
            let alias = #"{"alias":"new.alias@\#(box.domain)","aliasFor":"\#(one)"}"#
            let phone = #"{"emailAddress":"\#(one)","attributes":[{"name":"phone","value":"1"}]}"#
            let right = #"{"primaryAddress":"\#(one)","delegateAddress":"\#(two)"}"#
            let purge = #"{"emailAddresses":["\#(one)"]}"#
            // Twice each: the second time there is nothing to do, or it is refused.
            for (name, item) in [("update-alias", alias), ("remove-alias", alias), ("update-attributes", phone)] {
                for _ in 0..<2 { _ = try await call(name, item) }
            }
            let id = try #require(try await call("add-delegate-user", right).data.first?["id"]?.text)
            _ = try await call("add-delegate-user", right)
            for _ in 0..<2 { _ = try await call("remove-delegate-user", #"{"id":"\#(id)"}"#) }
            for name in ["add-to-purge-list", "remove-from-purge-list"] {
                for _ in 0..<2 { _ = try await call(name, purge) }
            }
            let token = try await box.token(.portal)
            let accepted = try await box.send(
                .POST, "/api/user/import-users", headers: [("authorization", "Bearer \(token)")],
                body: "x@\(box.domain)\ny@\(box.domain)\nnobody\n")
            let importID = try #require(accepted.data.first?["id"]?.text)
            #expect(try await box.send(.POST, "/control/clock", body: #"{"advance":60}"#).status == 200)
            #expect(try await call("get-import-status", #"{"id":"\#(importID)"}"#).data.first?["status"]?.text == "completed")
            let events = try await store.read { tx in
                try tx.all(
                    """
                    SELECT type, actor, info FROM sb_audit
                    WHERE number > $1 AND category = 'user_account_and_role_logs' ORDER BY number
                    """, [.int(before)]
                ) { [$0.text(0), $0.text(1), $0.text(2)] }
            }
            #expect(
                events.map(\.[0]) == [
                    "User Alias Added", "User Alias Removed", "Existing User Changed", "Delegate User Added", "Delegate User Removed",
                    "User Added To Purge List", "User Removed From Purge List", "New User", "New User", "Users Imported",
                ])
            #expect(events.allSatisfy { $0[1] == box.value("ADMIN_EMAIL") })
            #expect(events.last?[2].hasPrefix("2 of 3 users imported, Date: ") == true)
        }
    }
}
