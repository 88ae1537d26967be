import Foundation

/// Where a service provider is: scheme, host, port and a path such as `/scim/v2`. Endpoints are appended to it.
struct SCIMBaseURL: Sendable, Hashable {
    /// Without a slash at the end.
    let text: String

    /// - Parameter text: `https://host[:port][/path][/]`; plain http only for this machine.
    init(_ text: String) throws(SCIMClientError) {
        let trimmed = text.trimmingCharacters(in: .whitespacesAndNewlines)
        guard let parts = URLComponents(string: trimmed), let scheme = parts.scheme?.lowercased(), scheme == "https" || scheme == "http",
            let host = parts.percentEncodedHost?.lowercased(), !host.isEmpty
        else {
            // The text itself is not repeated: it may hold a password.
            throw SCIMClientError(
                .misconfigured, "The SCIM base URL cannot be used.",
                remedy: "Give it as https://host/path, such as https://example.com/scim/v2.")
        }
        guard parts.percentEncodedUser == nil, parts.percentEncodedPassword == nil, parts.percentEncodedQuery == nil,
            parts.percentEncodedFragment == nil
        else {
            throw SCIMClientError(
                .misconfigured, "The SCIM base URL of \(host) has more than a host, a port and a path.",
                remedy: "Leave out user, password, query and fragment.")
        }
        guard scheme == "https" || ["127.0.0.1", "localhost", "::1", "[::1]"].contains(host) else {
            throw SCIMClientError(
                .misconfigured, "The SCIM base URL of \(host) is plain http, which would send the token in clear.",
                remedy: "Use https; plain http is for a server on this machine (127.0.0.1, ::1, localhost).")
        }
        var path = parts.percentEncodedPath
        while path.hasSuffix("/") { path.removeLast() }
        self.text = "\(scheme)://\(host)" + (parts.port.map { ":\($0)" } ?? "") + path
    }

    func url(_ path: String, query: [(String, String)] = []) -> String {
        let pairs = query.map { "\(Self.encode($0.0))=\(Self.encode($0.1))" }
        return text + path + (pairs.isEmpty ? "" : "?" + pairs.joined(separator: "&"))
    }

    /// Everything but RFC 3986's unreserved characters: good for a query and for one segment of a path.
    static func encode(_ text: String) -> String {
        text.utf8.reduce(into: "") { result, byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E:
                result.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                result += "%" + (digits.count == 1 ? "0" : "") + digits
            }
        }
    }
}
