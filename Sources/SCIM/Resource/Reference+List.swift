extension Reference {
    /// Reads what a client sent for `members`: objects with a `value`, or bare ids. Who occurs twice counts once; null and "" as the whole
    /// list are nobody.
    ///
    /// - Throws: 400 `invalidValue`.
    public static func list(_ json: JSONValue) throws -> [Reference] {
        if json.isUnassigned || json.text?.isEmpty == true { return [] }
        guard let elements = json.array else { throw SCIMError.invalidValue("members is a list: send [ ] around the value.") }
        var references: [Reference] = []
        references.reserveCapacity(elements.count)
        var seen = Set<ExactText>(minimumCapacity: elements.count)
        for element in elements {
            guard let id = element.text ?? element.object?.value(ofAttribute: "value")?.text, !id.isEmpty else {
                throw SCIMError.invalidValue("Each of members is an object whose value is the member's id.")
            }
            if id.utf8.count > longestID { throw SCIMError.invalidValue("A member's id has at most \(longestID) bytes.") }
            guard seen.insert(ExactText(id)).inserted else { continue }
            references.append(Reference(id, type: element.object?.value(ofAttribute: "type")?.text))
        }
        return references
    }

    private static let longestID = 1024
}
