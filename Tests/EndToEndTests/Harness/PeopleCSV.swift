import Foundation

/// An export of people: at first exactly what the tenant has, then as a test wants it.
struct PeopleCSV: Sendable {
    struct Person: Sendable {
        var email: String
        var externalID: String
        var name: String
        /// An empty cell where nil.
        var active: Bool?
        /// An empty cell where nil: nothing is said.
        var groups: [String]?
    }

    var people: [Person]

    init(_ users: [TenantUser]) {
        people = users.map { Person(email: $0.address, externalID: "hr-\($0.address)", name: $0.name, active: nil, groups: nil) }
    }

    subscript(_ email: String) -> Person {
        get { people.first { $0.email == email } ?? Person(email: email, externalID: "hr-\(email)", name: "", active: nil, groups: nil) }
        set {
            if let index = people.firstIndex(where: { $0.email == email }) { people[index] = newValue } else { people.append(newValue) }
        }
    }

    mutating func remove(_ email: String) { people.removeAll { $0.email == email } }

    var text: String {
        let lines = people.map { person in
            [
                person.email, person.externalID, person.name, person.active.map { $0 ? "true" : "false" } ?? "",
                (person.groups ?? []).joined(separator: ";"),
            ].map(Self.cell).joined(separator: ",")
        }
        return (["email,externalId,name,active,groups"] + lines).joined(separator: "\r\n") + "\r\n"
    }

    static func cell(_ text: String) -> String {
        text.contains(where: { [",", "\"", "\n", "\r\n"].contains($0) }) ? "\"\(text.replacing("\"", with: "\"\""))\"" : text
    }
}
