import Mimecast
import SCIMStore

/// The guide's own calls and shapes.
enum GuideRoutes {
    private typealias Calls = Endpoints.Guide

    static let all: [Route] = people + directory

    private static let people: [Route] = [
        .reading(Calls.listUsers, standard: Nothing()) { directory, _, slice in
            try directory.guideList(isInternal: true, slice)
        },
        .reading(Calls.getUsers, standard: UserKey()) { directory, key, slice in
            try directory.guideLookup(key, isInternal: true) ?? directory.guideList(isInternal: true, slice)
        },
        .reading(Calls.externalUsers, standard: UserKey()) { directory, key, slice in
            try directory.guideLookup(key, isInternal: false) ?? directory.guideList(isInternal: false, slice)
        },
        .writing(Calls.createUser) { directory, item in
            let account = try directory.create(directory.checked(new: item), groups: item.groups ?? [])
            return Written(row: try directory.guideRow(account), effect: .created, target: account.address)
        },
        .writing(Calls.updateUser) { directory, item in
            let account = try directory.account(guideKey: UserKey(id: item.id, emailAddress: item.id == nil ? item.emailAddress : nil))
            let change = try directory.checked(item, of: account)
            let joins = try directory.checked(groups: item.groups, of: account)
            var effect = try directory.update(account, change)
            for group in joins.gone { try directory.leave(account, group) }
            for group in joins.new { try directory.join(account, group) }
            if effect == .none, !joins.gone.isEmpty || !joins.new.isEmpty { effect = .updated }
            let now = try directory.account(id: account.id) ?? account
            return Written(row: try directory.guideRow(now), effect: effect, target: now.address)
        },
        .writing(Calls.deleteUser) { directory, key in
            let account = try directory.account(guideKey: key)
            guard account.source == .cloud else { throw ItemFailure.directoryManaged("The account") }
            try directory.delete(account, reason: "deleted through the API")
            return Written(row: DeletedUser(id: account.id), effect: .deleted, target: account.address)
        },
    ]

    private static let directory: [Route] = [
        .reading(Calls.findGroups, standard: GroupQuery()) { directory, query, slice in
            let (groups, next) = try directory.find(query, slice)
            let rows = groups.map { GuideGroup(id: $0.id, description: $0.name, source: $0.source.rawValue) }
            return Reading(rows: rows, shown: rows.count, total: try directory.total(of: query), next: next)
        },
        .reading(Calls.groupMembers, standard: nil) { directory, key, slice in
            let (group, members, next) = try directory.list(membersOf: key, slice)
            return Reading(rows: members.map { GroupMember($0) }, shown: members.count, total: group.memberCount, next: next)
        },
        .writing(Calls.addMember) { directory, item in
            let group = try directory.writableGroup(item.id)
            let member = try directory.addMember(item, to: group)
            return Written(row: GuideMemberReply(member, in: group, status: "added"), effect: .added, target: member.name)
        },
        .writing(Calls.removeMember) { directory, item in
            let group = try directory.writableGroup(item.id)
            let member = try directory.removeMember(item, from: group)
            return Written(row: GuideMemberReply(member, in: group, status: "removed"), effect: .removed, target: member.name)
        },
        .reading(Calls.account, standard: Nothing()) { directory, _, _ in
            let facts = directory.facts
            return .single(GuideAccount(accountCode: facts.code, companyName: facts.company, maxUsers: facts.seats))
        },
    ]
}
