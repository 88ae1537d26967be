import SCIM
import Testing

@Suite("PATCH of a group's members")
struct PatchMembersTests {
    static let group: JSONValue = ["schemas": [.string(GroupResource.schema)], "id": "g", "displayName": "G"]

    static func changes(_ json: String) throws -> [MembershipChange] {
        let changed = try PatchTests.patched(json, type: .group, of: group)
        #expect(JSONValue.object(changed.resource.object).serialized == group.serialized)
        return changed.members
    }

    static func filter(_ text: String) -> MembershipChange {
        (try? Filter.parse(text, urns: [])).map { .removeMatching($0) } ?? .removeAll
    }

    @Test(
        "Operations become steps; the group itself stays as it is (trap 4)",
        arguments: [
            (#"{"op":"add","path":"members","value":[{"value":"1"},{"value":"2"}]}"#, [.add([Reference("1"), Reference("2")])]),
            (#"{"op":"add","path":"members","value":{"value":"1"}}"#, [.add([Reference("1")])]),
            (#"{"op":"add","path":"members","value":[]}"#, []),
            (#"{"op":"add","path":"members","value":null}"#, []),
            (#"{"op":"add","value":{"members":[{"value":"1"}]}}"#, [.add([Reference("1")])]),
            (#"{"op":"Remove","path":"members","value":[{"value":"1"},{"value":"2"}]}"#, [.remove(["1", "2"])]),
            (#"{"op":"remove","path":"members","value":[]}"#, []),
            (#"{"op":"remove","path":"members"}"#, [.removeAll]),
            (#"{"op":"remove","path":"members","value":null}"#, [.removeAll]),
            (#"{"op":"remove","path":"members[value eq \"1\"]"}"#, [.remove(["1"])]),
            (#"{"op":"remove","path":"members[VALUE eq \"1\" or value eq \"2\" or value eq \"3\"]"}"#, [.remove(["1", "2", "3"])]),
            (#"{"op":"remove","path":"members[type eq \"Group\"]"}"#, [filter(#"type eq "Group""#)]),
            (#"{"op":"remove","path":"members[value eq \"1\" and type eq \"User\"]"}"#, [filter(#"value eq "1" and type eq "User""#)]),
            (#"{"op":"remove","path":"members[not (value eq \"1\")]"}"#, [filter(#"not (value eq "1")"#)]),
            (#"{"op":"replace","path":"members","value":[{"value":"1"}]}"#, [.replaceAll([Reference("1")])]),
            (#"{"op":"replace","path":"members","value":[]}"#, [.removeAll]),
            (#"{"op":"replace","path":"members","value":null}"#, [.removeAll]),
            (#"{"op":"replace","value":{"members":[{"value":"1"}],"id":"g"}}"#, [.replaceAll([Reference("1")])]),
            (#"{"op":"replace","value":{"members":[]}}"#, [.removeAll]),
            (#"{"op":"add","path":"members[value eq \"1\"]","value":{"type":"User"}}"#, [.add([Reference("1", type: "User")])]),
            (#"{"op":"replace","path":"members[value eq \"1\"]","value":{"value":"2"}}"#, [.remove(["1"]), .add([Reference("2")])]),
            (#"{"op":"replace","path":"members[value eq \"1\"]","value":{"value":"1"}}"#, []),
            (#"{"op":"replace","path":"members[value eq \"1\"]","value":null}"#, [.remove(["1"])]),
            (#"{"op":"replace","path":"members[value eq \"1\"].display","value":"x"}"#, []),
            (#"{"op":"remove","path":"members[value eq \"1\"].display"}"#, []),
            (#"{"op":"replace","path":"members.display","value":"x"}"#, []),
            // As Okta sends them: removals and additions in one request, in their order.
            (
                #"{"op":"remove","path":"members[value eq \"1\"]"},{"op":"remove","path":"members[value eq \"2\"]"},"#
                    + #"{"op":"add","path":"members","value":[{"value":"3"}]},{"op":"add","path":"members","value":[{"value":"1"}]},"#
                    + #"{"op":"remove","path":"members[value eq \"3\"]"}"#,
                [.remove(["1", "2"]), .add([Reference("3"), Reference("1")]), .remove(["3"])]
            ),
        ] as [(String, [MembershipChange])])
    func steps(json: String, expected: [MembershipChange]) throws { #expect(try Self.changes(json) == expected) }

    @Test(
        "What is refused",
        arguments: [
            (#"{"op":"replace","path":"members.value","value":"1"}"#, "mutability"),
            (#"{"op":"remove","path":"members.value"}"#, "mutability"),
            (#"{"op":"replace","path":"members[value eq \"1\"].value","value":"2"}"#, "mutability"),
            (#"{"op":"add","path":"members[value eq \"1\"]","value":{"value":"2"}}"#, "mutability"),
            (#"{"op":"add","path":"members[type eq \"User\"]","value":{"value":"2"}}"#, "noTarget"),
            (#"{"op":"remove","path":"members[userName eq \"1\"]"}"#, "invalidFilter"),
            (#"{"op":"remove","path":"members[value eq 1]"}"#, "invalidFilter"),
            (#"{"op":"add","path":"members","value":[{"display":"x"}]}"#, "invalidValue"),
            (#"{"op":"add","path":"members","value":[1]}"#, "invalidValue"),
            (#"{"op":"add","path":"members.nonsense","value":[1]}"#, "invalidPath"),
        ])
    func refuses(json: String, kind: String) throws {
        let error = try #require(throws: SCIMError.self) { try Self.changes(json) }
        #expect(error.kind?.rawValue == kind, "\(error)")
    }
}
