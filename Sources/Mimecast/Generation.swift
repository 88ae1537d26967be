/// Which of the vendor's two API generations a credential belongs to.
///
/// A credential of one generation means nothing to the other, and neither says so: both answer 401 (guide, "dual-API architecture").
public enum Generation: String, Codable, Sendable, CaseIterable {
    /// HMAC-SHA1 signed calls with an application key, an access key and a secret key.
    case v1
    /// OAuth 2.0 bearer tokens.
    case v2
}

/// The wire dialect of a v2 application. v1 speaks the portal's shapes throughout.
public enum Dialect: String, Codable, Sendable, CaseIterable {
    /// Paths and flat rows as the guide prints them (`create-managed-sender`, `meta.pagination.pageToken`).
    case guide
    /// Paths and nested rows as the vendor's catalogue and recorded replies have them (`create-user`, `meta.pagination.next`).
    case portal
}
