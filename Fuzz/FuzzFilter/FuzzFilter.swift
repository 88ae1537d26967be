import FuzzDriver
import SCIM

/// A filter as it comes: parsed, printed and parsed again, and asked of a resource.
@main enum FuzzFilter {
    static func main() {
        drive { start, count in
            FuzzFilter.body(String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self))
            return 0
        }
    }

    static func body(_ text: String) {
        guard let user = SchemaRegistry.standard.type(named: "User"), let filter = try? Filter.parse(text, urns: user.urns) else { return }
        let printed = filter.description
        guard let again = try? Filter.parse(printed, urns: user.urns) else {
            preconditionFailure("what was printed cannot be read: \(printed)")
        }
        precondition(again == filter, "another filter after printing: \(printed)")
        guard let matcher = try? FilterMatcher(filter, type: user) else { return }
        _ = try? matcher.matches(
            FilterSubject(
                type: user,
                object: [
                    "id": "1", "userName": "Name@Example.com", "active": true, "name": ["familyName": "Family"],
                    "emails": [["value": "a@example.com", "type": "work", "primary": true], ["value": "b@example.com"]],
                ], created: 1_700_000_000_000, modified: 1_700_000_000_001, version: "1"))
    }
}
