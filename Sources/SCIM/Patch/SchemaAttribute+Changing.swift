extension SchemaAttribute {
    /// - Throws: 400 `mutability` where an immutable value would change (RFC 7643, section 7), or a required one go (RFC 7644, section
    ///   3.5.2.2).
    func checkChange(from old: JSONValue?, to new: JSONValue?) throws {
        if mutability == .immutable, let old, !(new.map { $0.isSame(as: old) } ?? false) {
            throw SCIMError.mutability("'\(name)' is immutable: once it has a value, that stays.")
        }
        if isRequired, old != nil, new == nil { throw SCIMError.mutability("'\(name)' is required; give it another value instead.") }
    }
}
