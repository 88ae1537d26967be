import SCIM

/// Attributes of users whose values are found by index, beside those that have a column: `scim_values`, one row for each value.
enum IndexedValues {
    struct Attribute: Sendable {
        /// As the table has it.
        let name: String
        /// Nil is the core schema.
        let urn: String?
        let attribute: String
        let subAttribute: String?
        /// Kept as it is, not folded.
        let isCaseExact: Bool
    }

    struct Entry: Hashable {
        let attribute: String
        let value: ExactText
    }

    static let attributes = [
        Attribute(name: "emails.value", urn: nil, attribute: "emails", subAttribute: "value", isCaseExact: false),
        Attribute(name: "phoneNumbers.value", urn: nil, attribute: "phoneNumbers", subAttribute: "value", isCaseExact: false),
        Attribute(
            name: "employeeNumber", urn: UserResource.enterpriseSchema, attribute: "employeeNumber", subAttribute: nil, isCaseExact: false),
        Attribute(
            name: "manager.value", urn: UserResource.enterpriseSchema, attribute: "manager", subAttribute: "value", isCaseExact: true),
    ]

    /// What the table is to hold of a resource. Each value once, however often it has it.
    static func entries(_ resource: Resource, type: String) -> Set<Entry> {
        guard type == UserResource.resourceType else { return [] }
        var entries: Set<Entry> = []
        for attribute in attributes {
            let holder = attribute.urn.map { resource.object[$0]?.object } ?? resource.object
            guard let value = holder?[attribute.attribute] else { continue }
            for element in value.array ?? [value] {
                let part = attribute.subAttribute.map { element.object?[$0] } ?? element
                guard let text = part?.text else { continue }
                entries.insert(Entry(attribute: attribute.name, value: ExactText(attribute.isCaseExact ? text : foldedKey(text))))
            }
        }
        return entries
    }
}
