import Mimecast
import SCIMStore

/// The catalogue's calls and shapes, for v1 and for v2 applications.
enum PortalRoutes {
    private typealias Calls = Endpoints.Portal

    static let all: [Route] = people + directory + account

    private static let people: [Route] = [
        .reading(Calls.internalUsers, standard: DomainKey()) { directory, key, slice in
            let domain = key.domain.map { EmailAddress.foldDomain($0) }
            if let domain, !directory.isInternal(domain: domain) { throw ItemFailure.forbiddenForAddress("domain") }
            return try directory.portalList(isInternal: true, domain: domain, slice)
        },
        .reading(Calls.externalUsers, standard: DomainKey()) { directory, key, slice in
            try directory.portalList(isInternal: false, domain: key.domain.map { EmailAddress.foldDomain($0) }, slice)
        },
        .writing(Calls.createUser) { directory, item in
            let account = try directory.create(directory.checked(new: item), groups: [])
            return Written(
                row: CreatedUser(id: account.id, emailAddress: account.address), effect: .created, target: account.address)
        },
        .writing(Calls.updateUser) { directory, item in
            let address = try FieldCheck.requiredAddress(item.emailAddress)
            guard let account = try directory.account(address), account.isInternal else { throw ItemFailure.forbiddenForAddress() }
            guard !item.setsNothing else {
                return Written(row: directory.portalState(account), effect: .read, target: account.address)
            }
            let effect = try directory.update(account, directory.checked(item, of: account))
            let now = try directory.account(id: account.id) ?? account
            return Written(row: directory.portalState(now), effect: effect, target: now.address)
        },
        .reading(
            Calls.gatewayUsers, standard: Nothing(),
            encode: { rows, page in try .json(GatewayUserPage(users: rows, pagination: page)) }
        ) { directory, _, slice in
            try directory.gatewayList(slice)
        },
    ]

    private static let directory: [Route] = [
        .reading(Calls.findGroups, standard: GroupQuery()) { directory, query, slice in
            let (groups, next) = try directory.find(query, slice)
            let folders = groups.map {
                Folder(
                    id: $0.id, description: $0.name, source: $0.source.rawValue, parentId: $0.parentID,
                    userCount: $0.resource.members, folderCount: $0.folders)
            }
            return Reading(
                rows: [FolderList(source: query.source, query: query.query, folders: folders)], shown: folders.count, total: nil,
                next: next)
        },
        .reading(Calls.groupMembers, standard: nil) { directory, key, slice in
            let (_, members, next) = try directory.list(membersOf: key, slice)
            return Reading(rows: [MemberList(groupMembers: members)], shown: members.count, total: nil, next: next)
        },
        .writing(Calls.addMember) { directory, item in
            let (account, group) = try directory.addMember(item.emailAddress, to: item.id, notes: item.notes)
            return Written(
                row: PortalMemberReply(
                    id: account.id, folderId: group.id, emailAddress: account.address, internal: account.isInternal),
                effect: .added, target: account.address)
        },
        .writing(Calls.removeMember) { directory, item in
            let (account, group) = try directory.removeMember(item.emailAddress, from: item.id)
            return Written(
                row: PortalMemberReply(
                    id: account.id, folderId: group.id, emailAddress: account.address, internal: account.isInternal),
                effect: .removed, target: account.address)
        },
    ]

    private static let account: [Route] = [
        .reading(Calls.account, standard: Nothing()) { directory, _, _ in
            try .single(PortalAccount(directory))
        },
        .reading(Calls.domains, standard: DomainKey()) { directory, key, slice in
            let wanted = key.domain.map { EmailAddress.foldDomain($0) }
            let all = directory.facts.domains.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
                .filter { wanted == nil || wanted == $0 }
            if wanted != nil, all.isEmpty { throw ItemFailure.forbiddenForAddress("domain") }
            let after = slice.after.first ?? ""
            let (domains, next) = slice.page(Array(all.filter { after.utf8.lexicographicallyPrecedes($0.utf8) }.prefix(slice.fetch))) {
                [$0]
            }
            let rows = domains.map { InternalDomain(id: KeyRing.id("domain \(directory.facts.code) \($0)"), domain: $0) }
            return Reading(rows: rows, shown: rows.count, total: nil, next: next, pagination: .ifNeeded)
        },
    ]
}

extension PortalAccount {
    /// The 27 keys of the recording, with their kinds.
    init(_ directory: TenantDirectory) throws {
        let facts = directory.facts
        self.init(accountCode: facts.code)
        accountName = facts.company
        mimecastId = facts.code
        region = facts.region
        type = "full"
        domain = facts.domains.first ?? ""
        userCount = try directory.count([.primary], isInternal: true)
        packages = ["Email Security Cloud Gateway [1001]", "Directory Services [1014]", "Scim Provisioning [1090]"]
        maxRetention = 365
        archive = true
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
