import Foundation

/// Where a server is: scheme, host, port and perhaps a path. Calls are appended to it.
package struct ServiceURL: Sendable, Hashable {
    /// `https://host:port`, without a slash at the end.
    package let origin: String
    /// Empty, or with a slash in front and none at the end.
    package let path: String

    /// - Parameters:
    ///   - text: `https://host[:port][/path][/]`; plain http only for this machine.
    ///   - name: what it is called in messages.
    ///   - example: for whoever gave another.
    package init(_ text: String, name: String = "base URL", example: String) throws(UnusableURL) {
        let trimmed = text.trimmingCharacters(in: .whitespacesAndNewlines)
        guard let parts = URLComponents(string: trimmed), let scheme = parts.scheme?.lowercased(), scheme == "https" || scheme == "http",
            let host = parts.percentEncodedHost?.lowercased(), !host.isEmpty
        else {
            // The text itself is not repeated: it may hold a password.
            throw UnusableURL(message: "The \(name) cannot be used.", remedy: "Give it as \(example).")
        }
        guard parts.percentEncodedUser == nil, parts.percentEncodedPassword == nil, parts.percentEncodedQuery == nil,
            parts.percentEncodedFragment == nil
        else {
            throw UnusableURL(
                message: "The \(name) of \(host) has more than a host, a port and a path.",
                remedy: "Leave out user, password, query and fragment.")
        }
        guard scheme == "https" || Self.isThisMachine(host) else {
            throw UnusableURL(
                message: "The \(name) of \(host) is plain http, which would send what is secret in clear.",
                remedy: "Use https; plain http is for a server on this machine (127.0.0.1, ::1, localhost).")
        }
        origin = "\(scheme)://\(host)" + (parts.port.map { ":\($0)" } ?? "")
        var path = parts.percentEncodedPath
        while path.hasSuffix("/") { path.removeLast() }
        self.path = path
    }

    /// The request target of a call: path and query, as it is sent and signed.
    package func target(_ path: String, query: [(String, String)] = []) -> String {
        let pairs = query.map { "\(Self.encode($0.0))=\(Self.encode($0.1))" }
        return self.path + path + (pairs.isEmpty ? "" : "?" + pairs.joined(separator: "&"))
    }

    /// Form and query encoding: everything but RFC 3986's unreserved characters.
    package static func encode(_ text: String) -> String {
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

    private static func isThisMachine(_ host: String) -> Bool {
        ["127.0.0.1", "localhost", "::1", "[::1]"].contains(host)
    }
}

/// Why a base URL cannot be used, and what to give instead.
package struct UnusableURL: Error, Sendable, Hashable {
    package let message: String
    package let remedy: String
}
