import Foundation
import Mimecast
import Testing

@Suite struct KeptTests {
    private func read<Shape: Codable & Sendable>(_ text: String, as shape: Shape.Type) throws -> Kept<Shape> {
        try JSONDecoder().decode(Kept<Shape>.self, from: Data(text.utf8))
    }

    private let user = """
        {"id":"1","emailAddress":"a@example.com","name":null,"status":"active","department":"Sales","tags":["x",{"y":1}],"since":12}
        """

    @Test func whatTheShapeDoesNotKnowIsThere() throws {
        let kept = try read(user, as: GuideUser.self)
        #expect(kept.emailAddress == "a@example.com")
        #expect(kept.extra.keys.sorted() == ["department", "since", "tags"])
        #expect(kept.extra["department"]?.text == "Sales")
        #expect(kept.raw["status"]?.text == "active")
    }

    @Test func sendingBackLosesNothing() throws {
        var kept = try read(user, as: GuideUser.self)
        #expect(try JSON(of: kept)["tags"] == kept.raw["tags"])
        kept.name = "Ann"
        kept.status = nil
        let sent = try JSON(of: kept)
        #expect(sent["name"]?.text == "Ann", "what was null can be set")
        #expect(sent["status"] == nil, "what was taken out stays out")
        #expect(sent["department"]?.text == "Sales")
        #expect(sent["since"] == .number(12))
    }

    @Test func rowsInARowKeepTheirsToo() throws {
        let body = """
            {"userCount":2,"took":7,"users":[{"emailAddress":"a@example.com","alias":false,"lastSeen":"May"},{"emailAddress":"b@example.com"}]}
            """
        var kept = try read(body, as: UserList.self)
        #expect(kept.extra == ["took": .number(7)])
        let rows = try kept.rows("users", as: PortalUser.self)
        #expect(rows.map(\.emailAddress) == ["a@example.com", "b@example.com"])
        #expect(rows.map(\.extra) == [["lastSeen": .string("May")], [:]])
        #expect(try kept.rows("others", as: PortalUser.self).isEmpty)
        kept.users[1].name = "B"
        let sent = try JSON(of: kept)
        guard case .array(let users)? = sent["users"] else { throw Missing() }
        #expect(users[0]["lastSeen"]?.text == "May")
        #expect(users[1]["name"]?.text == "B")
        kept.users.removeLast()
        guard case .array(let fewer)? = try JSON(of: kept)["users"] else { throw Missing() }
        #expect(fewer.count == 1)
    }

    @Test func whatWasMadeHereIsItself() throws {
        let kept = Kept(DomainKey(domain: "example.com"))
        #expect(kept.extra.isEmpty)
        #expect(try JSON(of: kept) == .object(["domain": .string("example.com")]))
    }

    private struct Missing: Error {}
}
