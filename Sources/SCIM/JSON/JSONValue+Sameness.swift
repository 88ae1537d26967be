extension JSONValue {
    /// Whether two values say the same: members in any order, texts and digits byte for byte.
    public func isSame(as other: JSONValue) -> Bool {
        switch (self, other) {
        case (.null, .null): true
        case (.bool(let left), .bool(let right)): left == right
        case (.number(let left), .number(let right)): ExactText.areEqual(left.literal, right.literal)
        case (.string(let left), .string(let right)): ExactText.areEqual(left, right)
        case (.array(let left), .array(let right)):
            left.count == right.count && zip(left, right).allSatisfy { $0.isSame(as: $1) }
        case (.object(let left), .object(let right)): left.isSame(as: right)
        default: false
        }
    }
}

extension JSONObject {
    /// Whether two objects say the same: members in any order, texts and digits byte for byte.
    public func isSame(as other: JSONObject) -> Bool {
        guard members.count == other.members.count else { return false }
        for (index, member) in members.enumerated() {
            // Mostly they are in the same order.
            let beside = other.members[index]
            let value = ExactText.areEqual(beside.name, member.name) ? beside.value : other[member.name]
            guard let value, member.value.isSame(as: value) else { return false }
        }
        return true
    }
}
