/// Over which of the vendor's ways changes are written. Reads are the API's in any case, the read-back too.
public enum WriteChannel: String, Sendable, Codable, CaseIterable {
    /// The API of the tenant's generation and dialect.
    case api
    /// SCIM 2.0, below the same base URL; what it cannot carry goes by the API. Needs a v2 application.
    case scim
}
