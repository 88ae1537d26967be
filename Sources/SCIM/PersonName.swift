/// The parts of a person's name (RFC 7643, section 4.1.1). An absent part is unassigned.
public struct PersonName: Codable, Sendable, Hashable {
    public var formatted: String?
    public var familyName: String?
    public var givenName: String?

    public init(formatted: String? = nil, familyName: String? = nil, givenName: String? = nil) {
        self.formatted = formatted
        self.familyName = familyName
        self.givenName = givenName
    }
}
