import MusterStore
import SCIM
import Testing

@testable import SCIMStore

@Suite struct ResourceStoreTests {
    /// Runs a body in one transaction of a new store.
    private func transact<T: Sendable>(_ body: @escaping @Sendable (ResourceStore) throws -> T) async throws -> T {
        let store = try SQLiteStore.temporary(migrations: ResourceSchema.migrations)
        return try await store.write("t") { try body(ResourceStore($0, tenant: "t")) }
    }

    private static func user(_ id: String, _ name: String) -> UserResource {
        UserResource(
            id: id, externalId: "x-\(id)", userName: name, name: PersonName(familyName: "F", givenName: "G"), displayName: "Ünal \(id)",
            emails: [MultiValue(value: name, type: "work", primary: true)], enterprise: EnterpriseUser(department: "Sales"))
    }

    @Test func storesWhatItWasGiven() async throws {
        try await transact { store in
            let user = Self.user("1", "Zoe@Example.com")
            try store.insert([user], now: 5)
            #expect(try store.user("1") == user)
            #expect(try store.userID(named: "ZOE@example.COM") == "1")
            #expect(try store.userIDs(email: "zoe@example.com") == ["1"])
            let row = try #require(try store.row("1"))
            #expect(row.displayName == "Ünal 1" && row.displayNameFolded == "ünal 1" && row.givenName == "G" && row.externalID == "x-1")
            #expect(row.active && row.version == 1 && row.created == 5)
            #expect(try store.user("2") == nil && store.group("1") == nil)
        }
    }

    @Test func replaceRaisesTheVersionAndMovesTheIndexes() async throws {
        try await transact { store in
            try store.insert([Self.user("1", "a@x.example")], now: 1)
            var user = Self.user("1", "b@x.example")
            user.active = false
            #expect(try store.replace(user, now: 2))
            #expect(try store.userID(named: "a@x.example") == nil && store.userIDs(email: "a@x.example").isEmpty)
            #expect(try store.userIDs(email: "b@x.example") == ["1"])
            let row = try #require(try store.row("1"))
            #expect(!row.active && row.version == 2 && row.created == 1 && row.modified == 2)
            #expect(try !store.replace(Self.user("9", "c@x.example"), now: 3))
        }
    }

    @Test func userNamesAreUniqueInATenant() async throws {
        let store = try SQLiteStore.temporary(migrations: ResourceSchema.migrations)
        try await store.write("t") { try ResourceStore($0, tenant: "t").insert([Self.user("1", "a@x.example")], now: 1) }
        try await store.write("u") { try ResourceStore($0, tenant: "u").insert([Self.user("1", "a@x.example")], now: 1) }
        await #expect(throws: StoreError.self) {
            try await store.write("t") { try ResourceStore($0, tenant: "t").insert([Self.user("2", "A@X.example")], now: 1) }
        }
        let counts = try await store.read { tx in
            [try ResourceStore(tx, tenant: "t").count("User"), try ResourceStore(tx, tenant: "u").count("User")]
        }
        #expect(counts == [1, 1])
    }

    @Test func countsAreKept() async throws {
        try await transact { store in
            try store.insert((0..<5).map { Self.user("u\($0)", "u\($0)@x.example") }, now: 1)
            try store.insert([GroupResource(id: "g", displayName: "G"), GroupResource(id: "h", displayName: "H")], now: 1)
            #expect(try store.count("User") == 5 && store.count("Group") == 2)
            try store.add(["u0", "u1", "u2"], to: "g", now: 1)
            try store.add(["u0", "g"], to: "h", now: 1)
            #expect(try store.row("g")?.members == 3 && store.row("h")?.members == 2)
            #expect(try store.groups(of: "u0") == ["g", "h"])
            #expect(try store.deleteUser("u0", now: 2) && !store.deleteUser("u0", now: 2))
            #expect(try store.count("User") == 4 && store.row("g")?.members == 2 && store.row("h")?.members == 1)
            #expect(try store.remove("u1", from: "g", now: 2) && !store.remove("u1", from: "g", now: 2))
            #expect(try store.row("g")?.members == 1)
            #expect(try store.deleteGroup("g", now: 2))
            #expect(try store.count("Group") == 1 && store.row("h")?.members == 0 && store.groups(of: "u2").isEmpty)
        }
    }

    @Test func aGroupsVersionRisesWithItsMembers() async throws {
        try await transact { store in
            try store.insert([Self.user("u", "u@x.example")], now: 1)
            try store.insert([GroupResource(id: "g", displayName: "G")], now: 1)
            try store.add(["u"], to: "g", now: 2)
            #expect(try store.row("g")?.version == 2 && store.row("g")?.modified == 2)
            try store.add([], to: "g", now: 3)
            #expect(try !store.remove("nobody", from: "g", now: 3) && store.row("g")?.version == 2)
            try store.remove("u", from: "g", now: 4)
            #expect(try store.row("g")?.version == 3 && store.row("g")?.modified == 4)
            try store.add(["u"], to: "g", now: 5)
            try store.deleteUser("u", now: 6)
            let row = try #require(try store.row("g"))
            #expect(row.version == 5 && row.modified == 6 && row.members == 0)
        }
    }

    /// What SCIM clients stored beside it outlives a change by whoever knows a part of it alone.
    @Test func changesThroughAViewKeepTheRest() async throws {
        try await transact { store in
            let body = """
                {"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"id":"1","userName":"a@x.example","name":{"familyName":"F",\
                "middleName":"M"},"emails":[{"value":"home@x.example","type":"home"},{"value":"a@x.example","primary":true,"display":"A"}],\
                "phoneNumbers":[{"value":"+1"}],"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"costCenter":"7"},"x":1.50}
                """
            let object = try #require(try JSONValue.parse([UInt8](body.utf8)).object)
            try store.insert([Resource(object)], type: "User", now: 1)
            var user = try #require(try store.user("1"))
            user.displayName = "A"
            user.name?.givenName = "G"
            user.moveEmail(from: "A@X.example", to: "b@x.example")
            user.enterprise?.department = "D"
            try store.replace(user, now: 2)
            let stored = try #require(try store.resource("1", type: "User"))
            let expected = """
                {"schemas":["urn:ietf:params:scim:schemas:core:2.0:User","urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"],\
                "id":"1","userName":"a@x.example","name":{"familyName":"F","middleName":"M","givenName":"G"},"emails":[\
                {"value":"home@x.example","type":"home"},{"value":"b@x.example","primary":true,"display":"A"}],"phoneNumbers":\
                [{"value":"+1"}],"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"costCenter":"7","department":"D"},\
                "x":1.50,"displayName":"A"}
                """
            #expect(String(decoding: stored.object.serialized, as: UTF8.self) == expected)
            #expect(try store.userIDs(email: "B@x.example") == ["1"] && store.userIDs(email: "a@x.example").isEmpty)
        }
    }

    @Test(arguments: [
        ([], "old@x.example", [MultiValue(value: "new@x.example", type: "work", primary: true)]),
        (
            [MultiValue(value: "a@x.example", type: "home"), MultiValue(value: "OLD@x.example", type: "work")], "old@x.example",
            [MultiValue(value: "a@x.example", type: "home"), MultiValue(value: "new@x.example", type: "work")]
        ),
        (
            [MultiValue(value: "a@x.example", primary: true), MultiValue(value: "old@x.example")], "old@x.example",
            [MultiValue(value: "new@x.example", primary: true), MultiValue(value: "old@x.example")]
        ),
        (
            [MultiValue(value: "a@x.example")], "old@x.example",
            [MultiValue(value: "a@x.example"), MultiValue(value: "new@x.example", type: "work", primary: true)]
        ),
    ])
    func oneEmailMoves(_ emails: [MultiValue], _ old: String, _ expected: [MultiValue]) {
        var user = UserResource(id: "1", userName: old, emails: emails)
        user.moveEmail(from: old, to: "new@x.example")
        #expect(user.emails == expected)
    }

    @Test func pagesByKeyset() async throws {
        try await transact { store in
            try store.insert((0..<25).map { GroupResource(id: "g\($0 % 7)-\($0)", displayName: "Name \($0 % 5)") }, now: 1)
            var after: (name: String, id: String)?
            var seen: [String] = []
            while true {
                let page = try store.groups(after: after, limit: 4)
                guard let last = page.last else { break }
                seen += page.map(\.id)
                after = (last.displayNameFolded ?? "", last.id)
            }
            #expect(seen.count == 25 && Set(seen).count == 25)
            try store.add((0..<10).map { "m\($0)" }, to: "g0-0", now: 1)
            #expect(try store.members(of: "g0-0", after: "m4", limit: 3) == ["m5", "m6", "m7"])
            #expect(try store.isMember("m9", of: "g0-0") && !store.isMember("m10", of: "g0-0"))
        }
    }
}
