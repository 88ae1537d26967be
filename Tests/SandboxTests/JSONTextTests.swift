import Foundation
import Mimecast
import Testing

@testable import Sandbox

/// What the sandbox writes is what Foundation's encoder would write, but for the order of members.
@Suite struct JSONTextTests {
    private func check<Value: Codable & Equatable>(_ value: Value) throws {
        let own = Data(try JSONText.encode(value))
        let decoder = JSONDecoder()
        #expect(try decoder.decode(Value.self, from: own) == value)
        #expect(try decoder.decode(JSON.self, from: own) == decoder.decode(JSON.self, from: JSONEncoder().encode(value)))
    }

    @Test func writesWhatFoundationWrites() throws {
        try check(
            GuideUser(
                id: "eN_-", emailAddress: "zoë@x.example", name: "\"a\\b/c\"\u{0}\u{1F}\n\t\u{7F}\u{2028}李😀", alias: [],
                adminRoles: ["a", "b"], groups: nil))
        try check(UserState(emailAddress: "", name: nil, accountLocked: true, accountDisabled: false))
        try check([Int.min, 0, Int.max])
        try check(
            JSON.object([
                "a": .array([.null, .bool(true), .number(-1.5), .number(1e300), .number(7), .array([]), .object([:])]), "": .null,
            ]))
        try check([String: [String]]())
        try check(PageReply(pageSize: 5, totalCount: nil, next: "t"))
        try check([String?]([nil, "x"]))
    }

    @Test func membersAreInOrder() throws {
        let text = String(decoding: try JSONText.encode(DeletedUser(id: "1")), as: UTF8.self)
        #expect(text == #"{"id":"1","status":"deleted"}"#)
    }

    @Test func refusesWhatIsNoNumber() {
        #expect(throws: EncodingError.self) { try JSONText.encode([Double.nan]) }
    }
}
