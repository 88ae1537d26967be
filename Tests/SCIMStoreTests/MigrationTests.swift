import Foundation
import MusterStore
import SCIM
import Testing

@testable import SCIMStore

@Suite struct MigrationTests {
    /// A file of the first version, filled by it, and what has become of it now.
    @Test func anOlderFileIsBroughtUpToDate() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("muster-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appendingPathComponent("old.db").path
        // Beside it, as in the sandbox, are tables and figures of others, migrated before the second version was known.
        let others = Migration(
            "others-1",
            ["CREATE TABLE others (a TEXT NOT NULL PRIMARY KEY) STRICT"]
                + Migration.figures([
                    (table: "others", index: "sqlite_autoindex_others_1", rows: "7 1"),
                    (table: "scim_resources", index: "scim_resources_external", rows: "9 9 9 1"),
                ]))
        do {
            let store = try SQLiteStore(path: path, migrations: [ResourceSchema.migrations[0], others])
            try await store.write("t") { tx in
                for (id, number) in [("1", #""Nr-1""#), ("2", "null"), ("3", #""""#), ("4", #""7""#), ("5", #""Ü-5""#)] {
                    let body = """
                        {"active":true,"emails":[{"primary":true,"type":"work","value":"a\(id)@x.example"}],"id":"\(id)","schemas":\
                        ["urn:ietf:params:scim:schemas:core:2.0:User"],"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":\
                        {"department":"D","employeeNumber":\(number)},"userName":"a\(id)@x.example"}
                        """
                    try tx.execute(
                        """
                        INSERT INTO scim_resources (tenant, id, type, user_name_folded, active, version, created, modified, body)
                        VALUES ('t', $1, 'User', $2, 1, 3, 1, 2, $3)
                        """, [.text(id), .text("a\(id)@x.example"), .blob([UInt8](body.utf8))])
                    try tx.execute(
                        "INSERT INTO scim_values VALUES ('t', 'emails.value', $1, $2)", [.text("a\(id)@x.example"), .text(id)])
                }
                try tx.execute("INSERT INTO scim_counts VALUES ('t', 'User', 5)")
            }
            try store.close()
        }
        let store = try SQLiteStore(path: path, migrations: ResourceSchema.migrations + [others, ResourceSchema.figures])
        let provider = StoreProvider(store: store, tenant: "t", registry: .standard, now: { 9 }, newID: { "new" })
        func search(_ filter: String?) async throws -> [String] {
            let filter = try filter.map { try Filter.parse($0, urns: ResourceType.user.urns) }
            let page = try await provider.search(ResourceQuery(types: [.user], filter: filter))
            #expect(page.total == page.entries.count)
            return page.entries.map(\.id)
        }
        #expect(try await search(nil) == ["1", "2", "3", "4", "5"])
        let enterprise = UserResource.enterpriseSchema
        #expect(try await search("\(enterprise):employeeNumber eq \"NR-1\"") == ["1"])
        #expect(try await search("\(enterprise):employeeNumber sw \"7\"") == ["4"])
        #expect(try await search(#"emails eq "a2@x.example" and active eq true"#) == ["2"])
        // SQL folds ASCII alone: the others are found after the user is written again, and rows that are none of theirs go.
        #expect(try await search("\(enterprise):employeeNumber eq \"\u{FC}-5\"") == [])
        try await store.write("t") {
            try $0.execute("INSERT INTO scim_values VALUES ('t', 'employeeNumber', $1, '5')", [.text("\u{DC}-5")])
        }
        var written = Fixture.user("a5@x.example", [("title", .string("T"))])
        written.object[enterprise] = .object(JSONObject([("employeeNumber", .string("\u{DC}-5"))]))
        _ = try await provider.modify(.user, id: "5", .any, .replace(written, members: nil), Wanted())
        #expect(try await search("\(enterprise):employeeNumber eq \"\u{FC}-5\"") == ["5"])
        let values = try await store.read {
            try $0.all("SELECT value_folded FROM scim_values WHERE resource_id = '5' AND attribute = 'employeeNumber'") { $0.text(0) }
        }
        #expect(values.map { Array($0.utf8) } == [Array("\u{FC}-5".utf8)])
        // What was written by the first version is read and changed as it is.
        try await store.write("t") { tx in
            let resources = ResourceStore(tx, tenant: "t")
            var user = try #require(try resources.user("1"))
            #expect(user.enterprise?.employeeNumber == "Nr-1" && user.emails?.first?.primary == true)
            user.enterprise?.employeeNumber = "Nr-9"
            try resources.replace(user, now: 10)
        }
        #expect(try await search("\(enterprise):employeeNumber eq \"nr-9\"") == ["1"])
        #expect(try await search("\(enterprise):employeeNumber eq \"nr-1\"") == [])
        let figures = try await store.read { tx in
            Dictionary(
                uniqueKeysWithValues: try tx.all("SELECT idx, stat FROM sqlite_stat1 WHERE idx IS NOT NULL") { ($0.text(0), $0.text(1)) })
        }
        #expect(figures["sqlite_autoindex_others_1"] == "7 1" && figures["scim_resources_external"] == "1000000 1000000 500000 1")
        #expect(figures["scim_resources_listed"] != nil)
        try store.close()
        // Nothing is left to be done.
        _ = try SQLiteStore(path: path, migrations: ResourceSchema.migrations + [others, ResourceSchema.figures])
    }

    /// The second version kept in one column what a resource says of `active` and how things are.
    @Test func aFileOfTheSecondVersionKeepsWhoIsActive() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("muster-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appendingPathComponent("old.db").path
        do {
            let store = try SQLiteStore(path: path, migrations: ResourceSchema.migrations.prefix(2) + [ResourceSchema.figures])
            try await store.write("t") { tx in
                for active in 0...2 {
                    try tx.execute(
                        """
                        INSERT INTO scim_resources (tenant, id, type, user_name_folded, active, version, created, modified, body)
                        VALUES ('t', $1, 'User', $1, $2, 1, 1, 1, $3)
                        """, [.text("\(active)"), .int(active), .blob([UInt8](#"{"id":"\#(active)"}"#.utf8))])
                }
            }
            try store.close()
        }
        let store = try SQLiteStore(path: path, migrations: ResourceSchema.migrations + [ResourceSchema.figures])
        let rows = try await store.read { tx in
            try tx.all("SELECT active, active_said FROM scim_resources ORDER BY id") { [$0.int(0), $0.int(1)] }
        }
        #expect(rows == [[0, 0], [1, 1], [1, 2]])
        let figures = try await store.read {
            try $0.all("SELECT stat FROM sqlite_stat1 WHERE idx = 'scim_resources_disabled'") { $0.text(0) }
        }
        #expect(figures.count == 1)
    }

    /// An index without figures would be taken for one that finds ten rows.
    @Test func everyIndexHasFigures() async throws {
        let store = try SQLiteStore.temporary(migrations: ResourceSchema.migrations + [ResourceSchema.figures])
        let (indexes, figures) = try await store.read { tx in
            (
                try tx.all("SELECT name FROM sqlite_schema WHERE type = 'index' AND name LIKE 'scim%'") { $0.text(0) },
                Set(try tx.all("SELECT idx FROM sqlite_stat1 WHERE idx IS NOT NULL") { $0.text(0) })
            )
        }
        #expect(indexes.count >= 8 && Set(indexes).isSubset(of: figures))
    }
}
