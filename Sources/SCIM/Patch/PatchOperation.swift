/// One operation of a PATCH (RFC 7644, section 3.5.2).
public struct PatchOperation: Sendable, Hashable {
    public enum Verb: String, Sendable, Hashable { case add, remove, replace }

    public var verb: Verb
    /// Nil: the value is an object whose members say where they go.
    public var path: PatchPath?
    /// Nil where no value was sent.
    public var value: JSONValue?

    public init(_ verb: Verb, _ path: PatchPath? = nil, value: JSONValue? = nil) {
        self.verb = verb
        self.path = path
        self.value = value
    }
}
