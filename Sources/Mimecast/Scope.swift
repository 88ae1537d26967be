/// The guide's permission scopes. The portal's products and roles map onto the same four rights.
public enum Scope: String, Codable, Sendable, CaseIterable, Comparable {
    case userRead = "user/read"
    case userWrite = "user/write"
    case userDelete = "user/delete"
    case accountRead = "account/read"

    public static func < (left: Scope, right: Scope) -> Bool { left.rawValue < right.rawValue }

    /// Reads a blank-separated scope list (RFC 6749, section 3.3).
    ///
    /// - Returns: nil where a word is no scope of the guide.
    public static func parse(_ text: String) -> Set<Scope>? {
        let words = text.split(separator: " ")
        let scopes = words.compactMap { Scope(rawValue: String($0)) }
        return scopes.count == words.count ? Set(scopes) : nil
    }

    /// The list as a token reply carries it.
    public static func format(_ scopes: Set<Scope>) -> String {
        scopes.sorted().map(\.rawValue).joined(separator: " ")
    }
}
