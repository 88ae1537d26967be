/// The tenant as the guide shows it.
public struct GuideAccount: Codable, Sendable, Hashable {
    public var accountCode: String
    public var companyName: String?
    public var maxUsers: Int?

    public init(accountCode: String, companyName: String?, maxUsers: Int?) {
        self.accountCode = accountCode
        self.companyName = companyName
        self.maxUsers = maxUsers
    }
}

/// The tenant as it was recorded: 27 keys, their kinds as in the facts. A client needs only the first of them.
public struct PortalAccount: Codable, Sendable, Hashable {
    public var accountCode: String
    public var accountName: String?
    public var mimecastId: String?
    public var region: String?
    public var type: String?
    public var domain: String?
    public var userCount: Int?
    public var packages: [String]?
    public var maxRetention: Int?
    public var archive: Bool?
    public var gateway: Bool?
    public var adminEmail: String?
    public var contactEmail: String?
    public var supportCode: String?
    public var databaseCode: String?
    public var passphrase: String?
    public var contactName: String?
    public var telephone: String?
    public var policyInheritance: Bool?
    public var automatedSegmentPurge: Bool?
    public var maxRetentionConfirmed: Bool?
    public var minRetentionEnabled: Bool?
    public var searchReason: Bool?
    public var exportApi: Bool?
    public var exgestAllowQuery: Bool?
    public var adminSessionTimeout: Int?
    public var contentAdministratorDefaultView: String?

    public init(accountCode: String) { self.accountCode = accountCode }
}

public struct DomainKey: Codable, Sendable, Hashable {
    public var domain: String?

    public init(domain: String? = nil) { self.domain = domain }
}

public struct InternalDomain: Codable, Sendable, Hashable {
    public var id: String?
    public var domain: String
    public var sendOnly: Bool?
    public var local: Bool?
    public var inboundType: String?

    public init(id: String?, domain: String, sendOnly: Bool? = false, local: Bool? = true, inboundType: String? = "any") {
        self.id = id
        self.domain = domain
        self.sendOnly = sendOnly
        self.local = local
        self.inboundType = inboundType
    }
}
