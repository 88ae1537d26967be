/// Where a tenant lives. The wrong region answers 401, exactly as a wrong password does.
///
/// Hosts: v2 has a global gateway and two regional ones; v1 has a host per grid (vendor documents and clients).
public enum Region: String, Codable, Sendable, CaseIterable {
    case global, us, uk, eu, de, ca, za, au, offshore

    /// The base URL for a generation, without a trailing slash.
    public func baseURL(_ generation: Generation) -> String {
        switch generation {
        case .v2:
            switch self {
            case .us: "https://us-api.services.mimecast.com"
            case .uk, .eu: "https://uk-api.services.mimecast.com"
            case .global, .de, .ca, .za, .au, .offshore: "https://api.services.mimecast.com"
            }
        case .v1:
            switch self {
            case .global: "https://api.mimecast.com"
            case .us: "https://us-api.mimecast.com"
            case .uk, .eu: "https://eu-api.mimecast.com"
            case .de: "https://de-api.mimecast.com"
            case .ca: "https://ca-api.mimecast.com"
            case .za: "https://za-api.mimecast.com"
            case .au: "https://au-api.mimecast.com"
            case .offshore: "https://je-api.mimecast.com"
            }
        }
    }
}
