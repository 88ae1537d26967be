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
            // By address, as recorded; by id where there is no address.
            let account =
                if item.emailAddress == nil, let id = item.id {
                    try directory.account(id: FieldCheck.id(id))
                } else {
                    try directory.account(FieldCheck.requiredAddress(item.emailAddress))
                }
            guard let account, account.isInternal else { throw ItemFailure.forbiddenForAddress() }
            guard !item.setsNothing else {
                return Written(row: directory.portalState(account), effect: .read, target: account.address)
            }
            let effect = try directory.update(account, directory.checked(item, of: account))
            let now = try directory.account(id: account.id) ?? account
            return Written(row: directory.portalState(now), effect: effect, target: now.address)
        },
    ]

    private static let directory: [Route] = [
        .reading(Calls.findGroups, standard: GroupQuery()) { directory, query, slice in
            let (groups, next) = try directory.find(query, slice)
            let folders = groups.map { Folder($0) }
            return Reading(
                rows: [FolderList(source: query.source, query: query.query, folders: folders)], shown: folders.count, total: nil,
                next: next)
        },
        .reading(Calls.groupMembers, standard: nil) { directory, key, slice in
            let (_, members, next) = try directory.list(membersOf: key, slice)
            return Reading(rows: [MemberList(groupMembers: members.map { GroupMember($0) })], shown: members.count, total: nil, next: next)
        },
        .writing(Calls.addMember) { directory, item in
            let group = try directory.writableGroup(item.id)
            let member = try directory.addMember(item, to: group)
            return Written(row: PortalMemberReply(member, in: group), effect: .added, target: member.name)
        },
        .writing(Calls.removeMember) { directory, item in
            let group = try directory.writableGroup(item.id)
            let member = try directory.removeMember(item, from: group)
            return Written(row: PortalMemberReply(member, in: group), effect: .removed, target: member.name)
        },
    ]

    private static let account: [Route] = [
        .reading(Calls.account, standard: Nothing()) { directory, _, _ in
            try .single(PortalAccount(directory))
        },
        .reading(Calls.domains, standard: DomainKey()) { directory, key, slice in
            let wanted = key.domain.map { EmailAddress.foldDomain($0) }
            let found = try directory.domains(.internal, only: wanted, after: slice.after.first ?? "", limit: slice.fetch)
            if wanted != nil, slice.after.isEmpty, found.isEmpty { throw ItemFailure.forbiddenForAddress("domain") }
            let (domains, next) = slice.page(found) { [$0] }
            let rows = domains.map { InternalDomain(id: directory.domainID($0), domain: $0) }
            return Reading(rows: rows, shown: rows.count, total: nil, next: next, pagination: .ifNeeded)
        },
    ]
}
