/// A named value of an account. In a change the name has to be there, and a value that is absent, null or empty takes the attribute
/// away (our choice); a binary value (`thumbnailPhoto`) is base64.
public struct Attribute: Codable, Sendable, Hashable {
    public var name: String?
    public var value: String?

    public init(name: String?, value: String?) {
        self.name = name
        self.value = value
    }
}

/// Attributes to set or to take away; those that are not named stay.
public struct AttributeChange: Codable, Sendable, Hashable {
    public var emailAddress: String?
    public var attributes: [Attribute]?

    public init(emailAddress: String?, attributes: [Attribute]?) {
        self.emailAddress = emailAddress
        self.attributes = attributes
    }
}

/// An account's attributes. The list was recorded; the address beside it, and the same answer to update-attributes, are our
/// choice.
public struct AttributeList: Codable, Sendable, Hashable {
    public var emailAddress: String?
    public var attributes: [Attribute]

    public init(emailAddress: String? = nil, attributes: [Attribute]) {
        self.emailAddress = emailAddress
        self.attributes = attributes
    }
}
