import Mimecast

extension PortalAccount {
    /// The 27 keys of the recording, with their kinds.
    init(_ directory: TenantDirectory) throws {
        let facts = directory.facts
        self.init(accountCode: facts.code)
        accountName = facts.company
        mimecastId = facts.code
        region = facts.region.rawValue
        type = "full"
        domain = facts.domains.first ?? ""
        userCount = try directory.count([.primary], isInternal: true)
        packages = Package.all.map(\.label)
        maxRetention = facts.retention
        archive = facts.archive
        gateway = true
        adminEmail = facts.adminAddress
        contactEmail = facts.adminAddress
        supportCode = "4711"
        databaseCode = "sandbox"
        passphrase = ""
        contactName = "Sandbox Administrator"
        telephone = ""
        policyInheritance = false
        automatedSegmentPurge = true
        maxRetentionConfirmed = true
        minRetentionEnabled = false
        searchReason = false
        exportApi = false
        exgestAllowQuery = false
        adminSessionTimeout = 60
        contentAdministratorDefaultView = "metadata"
    }
}
