import FuzzDriver
import SCIM

/// A PATCH as it comes, applied to a user: what comes out can be stored, and sending it again changes nothing that was not asked for.
@main enum FuzzPatch {
    static func main() {
        drive { start, count in
            FuzzPatch.body(Array(UnsafeBufferPointer(start: start, count: count)))
            return 0
        }
    }

    static func body(_ bytes: [UInt8]) {
        guard let body = try? JSONValue.parse(bytes).object, let user = SchemaRegistry.standard.type(named: "User"),
            let operations = try? PatchOperation.list(body, type: user)
        else { return }
        let before = Resource([
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "id": "1", "userName": "name@example.com", "active": true,
            "name": ["familyName": "Family"], "emails": [["value": "a@example.com", "type": "work", "primary": true]],
        ])
        let bytesBefore = JSONValue.object(before.object).serialized
        for creates in [false, true] {
            let change = ResourceChange.patch(operations, PatchOptions(createsMissingElements: creates))
            guard let after = try? change.applied(to: before, type: user) else { continue }
            let stored = JSONValue.object(after.resource.object).serialized
            guard let again = try? JSONValue.parse(stored).object else { preconditionFailure("what came out cannot be stored") }
            precondition(again["id"]?.text == "1" && again["userName"]?.text?.isEmpty == false, "what must stay is gone")
            precondition(again["emails"]?.array?.filter { $0.object?["primary"]?.bool == true }.count ?? 0 <= 1, "two primaries")
        }
        precondition(JSONValue.object(before.object).serialized == bytesBefore, "the resource itself changed")
    }
}
