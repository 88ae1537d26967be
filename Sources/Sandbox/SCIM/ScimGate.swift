import Mimecast
import SCIM

/// Who may use SCIM at all, and for what.
enum ScimGate {
    /// - Throws: 403 without the plan, 401 without single sign-on (guide).
    static func check(_ application: ApplicationFacts) throws {
        guard application.plan == .enterprise else {
            throw SCIMError(403, nil, "SCIM comes with the Enterprise plan; this account has another. Write by the REST API, or upgrade.")
        }
        guard application.sso != .off else {
            throw SCIMError(401, nil, "Single sign-on is not active for this account; SCIM needs it. Set it up first, then repeat.")
        }
    }

    /// - Parameter path: below ``SandboxOptions/scimPath``.
    /// - Returns: what a caller must have the right to; nil for what describes the service.
    static func scope(method: String, path: String) -> Scope? {
        if isDescription(path) { return nil }
        switch method {
        case "GET", "HEAD": return .userRead
        case "DELETE": return .userDelete
        case "POST" where path.hasSuffix("/.search"): return .userRead
        default: return .userWrite
        }
    }

    /// The path as faults and the request log know it: with `{id}` in the place of one.
    static func template(_ path: String) -> String {
        // Bytes, because every call passes here.
        let bytes = path.utf8
        guard !isDescription(path), let start = bytes.dropFirst().firstIndex(of: UInt8(ascii: "/")) else {
            return SandboxOptions.scimPath + path
        }
        let id = bytes[bytes.index(after: start)...]
        guard !id.isEmpty, !id.contains(UInt8(ascii: "/")), !id.elementsEqual(".search".utf8) else { return SandboxOptions.scimPath + path }
        return "\(SandboxOptions.scimPath)\(path[..<start])/{id}"
    }

    private static func isDescription(_ path: String) -> Bool {
        // Most paths are none, and every call passes here.
        guard let letter = path.utf8.dropFirst().first, letter == UInt8(ascii: "S") || letter == UInt8(ascii: "R") else { return false }
        return ["/ServiceProviderConfig", "/ResourceTypes", "/Schemas"].contains { name in
            path.hasPrefix(name) && (path.utf8.count == name.utf8.count || path.utf8.dropFirst(name.utf8.count).first == UInt8(ascii: "/"))
        }
    }
}
