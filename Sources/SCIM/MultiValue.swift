/// One value of a multi-valued attribute such as `emails` (RFC 7643, section 2.4).
public struct MultiValue: Codable, Sendable, Hashable {
    public var value: String
    public var type: String?
    /// At most one value of an attribute is the primary one.
    public var primary: Bool?

    public init(value: String, type: String? = nil, primary: Bool? = nil) {
        self.value = value
        self.type = type
        self.primary = primary
    }
}
