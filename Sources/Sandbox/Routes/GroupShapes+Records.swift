import Mimecast
import SCIMStore

/// Groups and members as each dialect shows them.
extension Folder {
    /// `userCount` counts domains too (our choice): it is how many rows the list of members has, and a group with 0 and 0 can be deleted.
    init(_ group: GroupRecord) {
        self.init(
            id: group.id, description: group.name, source: group.source.rawValue, parentId: group.parentID,
            userCount: group.memberCount, folderCount: group.folders)
    }
}

extension GatewayGroup {
    init(_ group: GroupRecord) {
        self.init(
            id: group.id, description: group.name, source: group.source.rawValue, parentId: group.parentID,
            userCount: group.memberCount, groupCount: group.folders)
    }
}

extension GroupMember {
    /// A domain's kind is "domain" (our choice), its address empty (documented).
    init(_ member: MemberRecord) {
        switch member {
        case .domain(let member):
            self.init(
                name: "", emailAddress: "", domain: member.domain, internal: member.isInternal, type: Self.domainType, notes: member.notes)
        case .account(let account, let notes):
            self.init(
                name: account.resource.displayName ?? "", emailAddress: account.address, domain: account.domain,
                internal: account.isInternal, type: account.addressType, notes: notes)
        }
    }

    static let domainType = "domain"
}

extension GatewayMember {
    init(_ member: MemberRecord) {
        switch member {
        case .domain(let member):
            self.init(domain: member.domain, internal: member.isInternal, type: GroupMember.domainType, note: member.notes)
        case .account(let account, let notes):
            self.init(
                emailAddress: account.address, domain: account.domain, name: account.resource.displayName ?? "",
                internal: account.isInternal, type: account.addressType, note: notes)
        }
    }
}

extension PortalMemberReply {
    init(_ member: MemberRecord, in group: GroupRecord) {
        switch member {
        case .domain(let member):
            self.init(id: member.id, folderId: group.id, internal: member.isInternal, domain: member.domain)
        case .account(let account, _):
            self.init(id: account.id, folderId: group.id, emailAddress: account.address, internal: account.isInternal)
        }
    }
}

extension GuideMemberReply {
    /// - Parameter status: added or removed.
    init(_ member: MemberRecord, in group: GroupRecord, status: String) {
        switch member {
        case .domain(let member): self.init(id: group.id, domain: member.domain, status: status)
        case .account(let account, _): self.init(id: group.id, emailAddress: account.address, status: status)
        }
    }
}
