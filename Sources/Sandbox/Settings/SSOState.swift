/// How a tenant's single sign-on does, which SCIM stands on (guide).
public enum SSOState: String, Codable, Sendable, CaseIterable {
    case active
    /// SCIM answers 401.
    case off
    /// SCIM answers as if all were well, and changes nothing.
    case degraded
}
