import Mimecast
import MusterStore

/// A connection to the company's directory as one row of the store.
struct ConnectionRecord: Sendable, Hashable {
    /// The kinds of directory that there are (the vendor's reference and its newer catalogue).
    static let serverTypes = ["active_directory", "azure_active_directory", "google_workspace", "office_365", "domino"]
    /// The form of ids that was recorded.
    static let idPrefix = "MTOKEN:"

    let id: String
    let description: String
    let serverType: String
    let isEnabled: Bool
    /// Why the directory cannot be read; nil where it can.
    let error: String?
    /// Milliseconds since 1970.
    let lastSync: Int?
    /// When the sync that somebody asked for ends; milliseconds since 1970, nil where none runs.
    let syncingUntil: Int?
    /// Accounts that the directory disables are disabled here too.
    let acknowledgesDisabled: Bool

    static let columns = "id, description, server_type, enabled, error, last_sync, syncing_until, acknowledge_disabled"

    init(_ row: any SQLRow) {
        id = row.text(0)
        description = row.text(1)
        serverType = row.text(2)
        isEnabled = row.bool(3)
        error = row.textOrNil(4)
        lastSync = row.intOrNil(5)
        syncingUntil = row.intOrNil(6)
        acknowledgesDisabled = row.bool(7)
    }

    /// A sync reads what changed there.
    var isLive: Bool { isEnabled && error == nil }

    /// As the API shows it.
    ///
    /// - Parameter domain: the company's main one.
    func row(domain: String) -> Connection {
        Connection(
            id: id, enabled: isEnabled, description: description, info: error ?? "", serverType: serverType,
            ldapSettings: serverType == "active_directory" ? Self.settings(domain) : nil, status: error == nil ? "ok" : "error",
            lastSync: lastSync.map { vendorDate(milliseconds: $0) }, syncRunning: syncingUntil != nil, domains: "",
            acknowledgeDisabledAccounts: acknowledgesDisabled)
    }

    private static func settings(_ domain: String) -> LDAPSettings {
        let root = domain.split(separator: ".").map { "DC=\($0)" }.joined(separator: ",")
        return LDAPSettings(
            hostname: "ldap.\(domain)", port: 636, userDn: "CN=Directory Sync,CN=Users,\(root)", rootDn: root, encryptionMode: "strict")
    }
}
