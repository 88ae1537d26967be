import MusterStore
import SCIM
import Testing

@testable import SCIMStore

/// The texts that the store runs, as SQLite plans them.
@Suite struct QueryPlanTests {
    private static let migrations = ResourceSchema.migrations + [ResourceSchema.figures]

    private func plan(_ statement: String, _ arguments: [SQLValue], _ store: SQLiteStore) async throws -> [String] {
        try await store.read { try $0.all("EXPLAIN QUERY PLAN " + statement, arguments) { $0.text(3) } }
    }

    /// The statements of a search's first page, with what is asked behind it.
    private func statements(_ filter: String?, _ type: ResourceType, sort: (String, Bool)? = nil) throws -> [SearchStretch.Statement] {
        let query = ResourceQuery(
            types: [type], filter: try filter.map { try Filter.parse($0, urns: type.urns) },
            sort: try sort.map { ResourceQuery.Sort(try AttributePath.parse($0.0, urns: type.urns), isAscending: $0.1) })
        let tenant = SQLValue.text("t")
        return try ResourceSearch.stretches(query).flatMap { stretch in
            let statement = stretch.statement
            let place: PageKey.Place =
                switch statement.part == .unassigned ? .id : statement.order {
                case .id: .id
                case .userName, .displayName: .text(ExactText("x"))
                case .created, .modified: .number(5)
                }
            let key = PageKey(stretch: 0, place: place, id: "x")
            return [
                statement.page(tenant, after: nil, limit: 101), statement.page(tenant, after: key, limit: 101),
                statement.place(tenant, after: nil, offset: 5, hasHidden: true), statement.count(tenant, after: key),
                statement.countAll(tenant), statement.countHidden(tenant),
            ]
        }
    }

    /// Which index the resources are found by, in every statement of a look-up.
    @Test(arguments: [
        (#"userName eq "a""#, "scim_resources_user_name (tenant=? AND type=? AND user_name_folded=?)"),
        (#"externalId eq "a""#, "scim_resources_external (tenant=? AND type=? AND external_id=?)"),
        (#"id eq "a""#, "id=?)"),
        (#"emails.value eq "a""#, "id=?)"),
        (#"emails eq "a""#, "id=?)"),
        (#"emails[type eq "work" and value eq "a"]"#, "id=?)"),
        (#"displayName eq "a""#, "scim_resources_display (tenant=? AND type=? AND display_name_folded=?"),
        (#"id eq "a" and title eq "b""#, "id=?)"),
        (
            #"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:employeeNumber eq "a""#,
            "id=?)"
        ),
    ])
    func lookUpsAreByIndex(_ filter: String, _ index: String) async throws {
        do {
            let store = try SQLiteStore.temporary(migrations: Self.migrations)
            for statement in try statements(filter, .user) {
                // Hidden ones are few, and have an index for themselves.
                if statement.sql.contains("hidden = 1") { continue }
                let plan = try await plan(statement.sql, statement.arguments, store)
                #expect(plan.contains { $0.contains(index) && $0.hasPrefix("SEARCH r ") }, "\(statement.sql)\n\(plan)")
                #expect(plan.allSatisfy { !$0.hasPrefix("SCAN") }, "\(statement.sql)\n\(plan)")
            }
        }
    }

    @Test func lookUpsOfValuesWalkTheirIndex() async throws {
        let store = try SQLiteStore.temporary(migrations: Self.migrations)
        for filter in [#"emails.value eq "a""#, #"emails[value eq "a" and type eq "work"]"#] {
            for statement in try statements(filter, .user) {
                let plan = try await plan(statement.sql, statement.arguments, store)
                #expect(plan.contains("SEARCH v USING PRIMARY KEY (tenant=? AND attribute=? AND value_folded=?)"), "\(plan)")
            }
        }
        for statement in try statements(#"members.value eq "a""#, .group) where !statement.sql.contains("hidden = 1") {
            let plan = try await plan(statement.sql, statement.arguments, store)
            #expect(
                plan.contains { $0.contains("m USING COVERING INDEX scim_members_member (tenant=? AND member_id=?)") }, "\(plan)")
            #expect(plan.contains { $0.contains("SEARCH r USING") && $0.contains("id=?)") }, "\(plan)")
        }
    }

    /// Pages in an index's order are never sorted, and the places of deep ones are found in the index alone.
    @Test(arguments: [
        (nil, "scim_resources_listed"), ("id", "scim_resources_listed"), ("userName", "scim_resources_user_name"),
        ("displayName", "scim_resources_display"), ("meta.created", "scim_resources_created"),
        ("meta.lastModified", "scim_resources_modified"),
    ])
    func pagesWalkAnIndex(_ sort: String?, _ index: String) async throws {
        do {
            let store = try SQLiteStore.temporary(migrations: Self.migrations)
            for isAscending in [true, false] {
                for statement in try statements(nil, .user, sort: sort.map { ($0, isAscending) })
                where statement.sql.contains("ORDER BY") && !statement.sql.contains("IS NULL") {
                    let plan = try await plan(statement.sql, statement.arguments, store)
                    #expect(plan.count == 1 && plan.first?.contains(index) == true, "\(statement.sql)\n\(plan)")
                    if statement.sql.contains("OFFSET"), index == "scim_resources_listed" {
                        #expect(plan.first?.contains("COVERING") == true, "\(plan)")
                    }
                }
            }
        }
    }

    @Test(arguments: [
        (#"userName sw "a""#, "scim_resources_user_name"), (#"userName co "a""#, "scim_resources_user_name"),
        (#"displayName sw "a""#, "scim_resources_display"), (#"meta.lastModified gt "2026-01-01T00:00:00Z""#, "scim_resources_modified"),
        (#"meta.created le "2026-01-01T00:00:00Z" and active eq true"#, "scim_resources_created"),
    ])
    func rangesWalkTheirIndexInItsOrder(_ filter: String, _ index: String) async throws {
        let store = try SQLiteStore.temporary(migrations: Self.migrations)
        for statement in try statements(filter, .user) where !statement.sql.contains("hidden = 1") {
            let plan = try await plan(statement.sql, statement.arguments, store)
            #expect(plan.count == 1 && plan.first?.contains(index) == true, "\(statement.sql)\n\(plan)")
        }
        // What is counted is counted in the index alone.
        if !filter.contains("and") {
            let count = try #require(statements(filter, .user).first { $0.sql.contains("count(*)") && !$0.sql.contains("hidden") })
            #expect(try await plan(count.sql, count.arguments, store).first?.contains("COVERING INDEX") == true)
        }
    }

    @Test(arguments: [
        (UniqueKey.Column.id, "sqlite_autoindex_scim_resources_1 (tenant=? AND id=?)"),
        (.userName, "scim_resources_user_name (tenant=? AND type=? AND user_name_folded=?)"),
    ])
    func oneResourceIsFoundByTheIndexOfItsKey(_ column: UniqueKey.Column, _ index: String) async throws {
        let store = try SQLiteStore.temporary(migrations: Self.migrations)
        let statements = UniqueKey.Statements(column)
        let arguments = [SQLValue](repeating: .text("x"), count: 3)
        let resource = "SEARCH r USING INDEX \(index)"
        #expect(try await plan(statements.alone, arguments, store) == [resource])
        #expect(
            try await plan(statements.withGroups, arguments, store) == [
                resource, "SEARCH m USING COVERING INDEX scim_members_member (tenant=? AND member_id=?) LEFT-JOIN",
            ])
    }

    @Test func whatIsBesideIsFoundByIndex() async throws {
        let id = SQLValue.text("x")
        let texts: [(String, [SQLValue], [String])] = [
            (
                ResourceStore.membershipsOfOne, [id, id],
                ["SEARCH scim_members USING COVERING INDEX scim_members_member (tenant=? AND member_id=?)"]
            ),
            (
                ResourceStore.membershipsOfRun, [id, id, id],
                ["SEARCH m USING COVERING INDEX scim_members_member (tenant=? AND member_id>? AND member_id<?)"]
            ),
            (
                ResourceStore.membersOfGroup, [id, id],
                [
                    "SEARCH m USING PRIMARY KEY (tenant=? AND group_id=?)",
                    "SEARCH r USING INDEX sqlite_autoindex_scim_resources_1 (tenant=? AND id=?)",
                ]
            ),
        ]
        do {
            let store = try SQLiteStore.temporary(migrations: Self.migrations)
            for (text, arguments, expected) in texts {
                let plan = try await plan(text, arguments, store)
                #expect(plan == expected, "\(text)")
            }
        }
    }

    @Test func listsOfIdsAreLookedUp() async throws {
        let store = try SQLiteStore.temporary(migrations: Self.migrations)
        for list in [ResourceStore.memberships, ResourceStore.displays, ResourceStore.membersOfGroups, ResourceStore.membersNamed] {
            for text in list.texts {
                let arguments = (0..<(text.filter { $0 == "$" }.count)).map { _ in SQLValue.text("x") }
                let plan = try await plan(text, arguments, store)
                #expect(plan.allSatisfy { $0.hasPrefix("SEARCH") }, "\(text)\n\(plan)")
            }
        }
    }
}
