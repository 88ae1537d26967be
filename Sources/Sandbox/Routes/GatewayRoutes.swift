import Mimecast
import SCIMStore

/// The cloud gateway's calls with plain objects, and the account's packages.
enum GatewayRoutes {
    private typealias Calls = Endpoints.Gateway

    static let all: [Route] = users + groups + members + tenant

    private static let users: [Route] = [
        list(Calls.users, standard: Nothing()) { directory, _, slice in
            try directory.gatewayList(slice)
        },
        .plainWriting(Calls.createUser) { directory, item, _ in
            let account = try directory.create(directory.checked(new: NewUser(item)), groups: [])
            return (GatewayUser(account), [(.created, account.address)])
        },
    ]

    private static let groups: [Route] = [
        list(Calls.groups, standard: GroupQuery()) { directory, query, slice in
            let (groups, next) = try directory.find(query, slice)
            return Reading(
                rows: groups.map { GatewayGroup($0) }, shown: groups.count, total: try directory.total(of: query), next: next)
        },
        .plainWriting(Calls.createGroup) { directory, item, _ in
            let group = try directory.create(directory.checked(new: item))
            return (GatewayCreatedGroup(id: group.id), [(.created, group.name)])
        },
        single(Calls.group) { directory, key in
            let group = try directory.readableGroup(key.id)
            return .single(GatewayGroup(group), target: group.name)
        },
    ]

    private static let members: [Route] = [
        list(Calls.members, standard: nil) { directory, key, slice in
            let (group, members, next) = try directory.list(membersOf: key, slice)
            return Reading(rows: members.map { GatewayMember($0) }, shown: members.count, total: group.memberCount, next: next)
        },
        .plainWriting(Calls.addMembers) { directory, item, id in
            try change(directory, item, of: id, .added) { try directory.addMember($0, to: $1) }
        },
        .plainWriting(Calls.removeMembers) { directory, item, id in
            try change(directory, item, of: id, .removed) { try directory.removeMember($0, from: $1) }
        },
    ]

    private static let tenant: [Route] = [
        list(Calls.roles, standard: Nothing()) { _, _, slice in
            let all = AdministratorRole.allCases
            let after = slice.after.first.flatMap { AdministratorRole(rawValue: $0) }.flatMap { all.firstIndex(of: $0) }
            let (roles, next) = slice.page(Array(all.dropFirst(after.map { $0 + 1 } ?? 0).prefix(slice.fetch))) { [$0.rawValue] }
            let rows = roles.map { GatewayRole(id: KeyRing.id("role \($0.rawValue)"), roleName: $0.rawValue) }
            return Reading(rows: rows, shown: rows.count, total: all.count, next: next)
        },
        list(Calls.internalDomains, standard: Nothing()) { directory, _, slice in
            page(of: try directory.domains(.internal, after: slice.after.first ?? "", limit: slice.fetch), slice) {
                GatewayDomain(id: directory.domainID($0), domain: $0, local: true, sendOnly: false, inboundType: "any")
            }
        },
        list(Calls.externalDomains, standard: Nothing()) { directory, _, slice in
            page(of: try directory.externalDomains(after: slice.after.first ?? "", limit: slice.fetch), slice) {
                GatewayDomain(id: directory.domainID($0), domain: $0, local: false)
            }
        },
        list(Calls.pendingDomains, standard: Nothing()) { directory, _, slice in
            page(of: try directory.domains(.pending, after: slice.after.first ?? "", limit: slice.fetch), slice) {
                GatewayDomain(id: directory.domainID($0), domain: $0, local: false, sendOnly: false, inboundType: "any")
            }
        },
        single(Calls.whoami) { directory, _ in
            // A tenant of the sandbox has one code, for whatever product (our choice).
            let codes = ["cg": directory.facts.code, "ci": directory.facts.code]
            return .single(WhoAmI(version: "1", type: "application", accountCodes: codes, homeAccount: codes))
        },
        .reading(Endpoints.Portal.packages, standard: Nothing()) { _, _, _ in
            let rows = Package.all.map { ProvisionedPackage(products: .init(id: $0.id, name: $0.name)) }
            return Reading(rows: rows, shown: rows.count, total: nil, next: nil, pagination: .never)
        },
    ]

    /// Most members of one call (our choice: as many as a page has).
    private static let mostMembers = 100

    /// Member by member: one that fails leaves the others alone, and says no more than that it failed.
    private static func change(
        _ directory: TenantDirectory, _ item: GatewayMemberChange, of id: String?, _ effect: Effect,
        _ carryOut: (MemberChange, GroupRecord) throws -> MemberRecord
    ) throws -> (row: GatewayMemberResults, done: [(effect: Effect, target: String?)]) {
        let group = try directory.writableGroup(id)
        guard let members = item.groupMembers, !members.isEmpty else {
            throw ItemFailure(FailureCode.validationNull, "This call needs members", field: "groupMembers")
        }
        guard members.count <= mostMembers else {
            throw ItemFailure(FailureCode.tooManyItems, "This call takes at most \(mostMembers) members, so none was taken")
        }
        var results: [GatewayMemberResults.Result] = []
        var done: [(effect: Effect, target: String?)] = []
        for member in members {
            do {
                let change = MemberChange(
                    id: group.id, emailAddress: member.emailAddress, domain: member.domain, notes: member.note)
                done.append((effect, try carryOut(change, group).name))
                results.append(.init(success: true))
            } catch is ItemFailure {
                done.append((.refused, member.emailAddress ?? member.domain))
                results.append(.init(success: false))
            }
        }
        return (GatewayMemberResults(results: results), done)
    }

    private static func list<Item, Row: GatewayRow>(
        _ endpoint: Endpoint<Item, Row>, standard: Item?,
        _ handle: @escaping @Sendable (TenantDirectory, Item, PageSlice) throws -> Reading<Row>
    ) -> Route {
        .reading(endpoint, standard: standard, encode: { rows, page in try .json(GatewayPage(rows, pagination: page)) }, handle)
    }

    private static func single<Item, Row>(
        _ endpoint: Endpoint<Item, Row>, _ handle: @escaping @Sendable (TenantDirectory, Item) throws -> Reading<Row>
    ) -> Route {
        .reading(endpoint, standard: nil, encode: { rows, _ in try .json(rows.first) }) { directory, item, _ in
            try handle(directory, item)
        }
    }

    private static func page(of found: [String], _ slice: PageSlice, _ row: (String) -> GatewayDomain) -> Reading<GatewayDomain> {
        let (domains, next) = slice.page(found) { [$0] }
        return Reading(rows: domains.map(row), shown: domains.count, total: nil, next: next)
    }
}

extension NewUser {
    /// The cloud gateway's create is the portal's.
    fileprivate init(_ item: GatewayNewUser) {
        self.init(emailAddress: item.emailAddress, name: item.name, password: item.password)
        forcePasswordChange = item.forcePasswordChange
    }
}
