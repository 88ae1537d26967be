/// The path of a PATCH operation (RFC 7644, section 3.5.2): `members`, `name.familyName`, `emails[type eq "work"].value`,
/// `urn:…:enterprise:2.0:User:department`.
public struct PatchPath: Sendable, Hashable {
    /// The attribute in front of the brackets; without brackets, with its sub-attribute.
    public var attribute: AttributePath
    /// What stands in the brackets.
    public var filter: Filter?
    /// What stands behind the brackets; always nil without them.
    public var subAttribute: String?

    public init(_ attribute: AttributePath, filter: Filter? = nil, subAttribute: String? = nil) {
        self.attribute = attribute
        self.filter = filter
        self.subAttribute = subAttribute
    }
}
