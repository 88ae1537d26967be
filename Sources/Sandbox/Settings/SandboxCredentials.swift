import Foundation

/// What a sandbox hands out to its users, by the names that they have in the environment.
struct SandboxCredentials: Sendable {
    let accountCode: String
    let clientID: String
    let clientSecret: String
    let guideClientID: String
    let guideClientSecret: String
    let appID: String
    let appKey: String
    let accessKey: String
    let secretKey: String
    let adminPassword: String

    /// Derived, so that they survive restarts with the same data file.
    ///
    /// - Parameter tenant: the code of a tenant that was added; nil is the one that the sandbox was started with.
    init(_ keys: KeyRing, tenant: String? = nil) {
        let prefix = tenant.map { "\($0) " } ?? ""
        accountCode = tenant ?? Self.code(keys.bytes("account-code"))
        clientID = String(keys.text(prefix + "portal-client-id").prefix(32))
        clientSecret = keys.text(prefix + "portal-client-secret")
        guideClientID = String(keys.text(prefix + "guide-client-id").prefix(32))
        guideClientSecret = keys.text(prefix + "guide-client-secret")
        appID = keys.uuid(prefix + "v1-application-id")
        appKey = keys.uuid(prefix + "v1-application-key")
        accessKey = keys.text(prefix + "v1-access-key")
        secretKey = keys.base64(prefix + "v1-secret-key")
        adminPassword = String(keys.text(prefix + "admin-password").prefix(20))
    }

    /// An account code from random bytes. CUSB is a grid's prefix (vendor's support pages); letter, digit and number as codes have them.
    static func code(_ bytes: [UInt8]) -> String {
        "CUSB\(bytes[0] % 10)A\(100 + (Int(bytes[1]) * 256 + Int(bytes[2])) % 900)"
    }

    /// The shell lines.
    ///
    /// - Parameter baseURL: where this sandbox answers now, without a trailing slash.
    func lines(baseURL: String, facts: TenantFacts) -> String {
        values(baseURL: baseURL, facts: facts).map { "\($0.name)='\($0.value)'\n" }.joined()
    }

    func values(baseURL: String, facts: TenantFacts) -> [(name: String, value: String)] {
        [
            ("MIMECAST_BASE_URL", baseURL),
            ("MIMECAST_ACCOUNT_CODE", facts.code),
            ("MIMECAST_DOMAIN", facts.domains.first ?? ""),
            ("MIMECAST_CLIENT_ID", clientID),
            ("MIMECAST_CLIENT_SECRET", clientSecret),
            ("MIMECAST_GUIDE_CLIENT_ID", guideClientID),
            ("MIMECAST_GUIDE_CLIENT_SECRET", guideClientSecret),
            ("MIMECAST_APP_ID", appID),
            ("MIMECAST_APP_KEY", appKey),
            ("MIMECAST_ACCESS_KEY", accessKey),
            ("MIMECAST_SECRET_KEY", secretKey),
            ("MIMECAST_ADMIN_EMAIL", facts.adminAddress),
            ("MIMECAST_ADMIN_PASSWORD", adminPassword),
            ("MIMECAST_SCIM_URL", baseURL + SandboxOptions.scimPath),
            ("MIMECAST_CONTROL_URL", baseURL + SandboxOptions.controlPath),
        ]
    }

    /// Writes the file whole or not at all, readable to its owner alone.
    ///
    /// - Throws: ``SandboxError`` of code `credentialsNotWritable`.
    static func write(_ text: String, to path: String) throws {
        let target = URL(fileURLWithPath: path)
        let part = target.deletingLastPathComponent().appendingPathComponent(".\(target.lastPathComponent).\(UUID().uuidString)")
        do {
            // Made with its mode, so that there is no moment at which others can read it; then moved over the old one.
            guard FileManager.default.createFile(atPath: part.path, contents: Data(text.utf8), attributes: [.posixPermissions: 0o600])
            else { throw CocoaError(.fileWriteNoPermission) }
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: part.path)
            guard part.path.withCString({ from in path.withCString { rename(from, $0) } }) == 0 else {
                throw CocoaError(.fileWriteUnknown)
            }
        } catch {
            try? FileManager.default.removeItem(at: part)
            throw notWritable(path)
        }
    }

    /// Finds out before anything is served whether the file can be written.
    static func checkWritable(_ path: String) throws {
        var isFolder: ObjCBool = false
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        guard FileManager.default.isWritableFile(atPath: folder) else { throw notWritable(path) }
        if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue { throw notWritable(path) }
    }

    private static func notWritable(_ path: String) -> SandboxError {
        SandboxError(
            .credentialsNotWritable, "The credentials file \(path) cannot be written.",
            remedy: "Name a file in a folder that exists and can be written (--credentials-out FILE).")
    }
}
