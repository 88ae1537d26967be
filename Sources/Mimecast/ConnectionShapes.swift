/// A connection to the customer's directory, which brings the directory-synced accounts and groups. `id` starts with `MTOKEN:`.
///
/// The names and their kinds are those of the vendor's reference and of a recorded answer; which of them other kinds of directory
/// have is not documented, so all but four may be missing.
public struct Connection: Codable, Sendable, Hashable {
    public var id: String
    public var enabled: Bool
    public var description: String?
    public var info: String?
    /// `active_directory` was recorded.
    public var serverType: String?
    /// Where the directory is; on-premises directories alone have it.
    public var ldapSettings: LDAPSettings?
    /// `ok` was recorded.
    public var status: String?
    /// The last sync that worked.
    public var lastSync: String?
    public var syncRunning: Bool
    /// Which of the internal domains are synced, with commas between them; empty is all (documented as a text, not as a list).
    public var domains: String?
    /// Accounts that the directory disables are disabled here too.
    public var acknowledgeDisabledAccounts: Bool?

    public init(
        id: String, enabled: Bool, description: String? = nil, info: String? = nil, serverType: String? = nil,
        ldapSettings: LDAPSettings? = nil, status: String? = nil, lastSync: String? = nil, syncRunning: Bool, domains: String? = nil,
        acknowledgeDisabledAccounts: Bool? = nil
    ) {
        self.id = id
        self.enabled = enabled
        self.description = description
        self.info = info
        self.serverType = serverType
        self.ldapSettings = ldapSettings
        self.status = status
        self.lastSync = lastSync
        self.syncRunning = syncRunning
        self.domains = domains
        self.acknowledgeDisabledAccounts = acknowledgeDisabledAccounts
    }
}

/// Where the directory is, without its password (the vendor's reference; `alternateHostname` is the newer REST call's).
public struct LDAPSettings: Codable, Sendable, Hashable {
    public var hostname: String?
    public var alternateHostname: String?
    public var port: Int?
    public var userDn: String?
    public var rootDn: String?
    public var encryptionMode: String?

    public init(
        hostname: String? = nil, alternateHostname: String? = nil, port: Int? = nil, userDn: String? = nil, rootDn: String? = nil,
        encryptionMode: String? = nil
    ) {
        self.hostname = hostname
        self.alternateHostname = alternateHostname
        self.port = port
        self.userDn = userDn
        self.rootDn = rootDn
        self.encryptionMode = encryptionMode
    }
}

/// A directory sync runs on after its answer: `syncStatus` is `started`. `type` is the connection's `serverType` in capitals
/// (`ACTIVE_DIRECTORY` was recorded).
public struct SyncReply: Codable, Sendable, Hashable {
    public var type: String
    public var syncStatus: String

    public init(type: String, syncStatus: String = "started") {
        self.type = type
        self.syncStatus = syncStatus
    }
}
