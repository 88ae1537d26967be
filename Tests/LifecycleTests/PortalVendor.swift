import HTTPTransport
import Mimecast
import MimecastClient
import TestSupport

/// The portal's paths and shapes.
enum PortalVendor {
    static func read(_ request: WireRequest) -> VendorCall? {
        let token = request.pageToken
        switch request.path {
        case "/api/account/get-account":
            return VendorCall { VendorReply.rows([PortalAccount(accountCode: $0.tenant.code)]) }
        case "/api/domain/get-internal-domain": return CommonVendor.domains()
        case "/api/user/get-internal-users":
            let domain = request.items(DomainKey.self).first?.domain
            return VendorCall(subject: domain ?? "") { state in
                let all = state.tenant.rows.flatMap(rows).filter { domain == nil || $0.emailAddress.hasSuffix("@\(domain ?? "")") }
                let (rows, page) = VendorReply.page(all, token, &state, lies: true)
                return VendorReply.rows(
                    [UserList(users: rows, userCount: page.totalCount)], PageReply(pageSize: nil, totalCount: nil, next: page.next))
            }
        case "/api/user/get-external-users":
            return VendorCall { state in
                guard let externals = state.tenant.externals else { return WireReply(status: 404) }
                let rows = externals.map {
                    PortalUser(name: nil, emailAddress: $0, domain: nil, alias: false, addressType: nil, source: "cloud")
                }
                return VendorReply.rows([UserList(users: rows, userCount: rows.count)])
            }
        case "/api/directory/find-groups":
            return VendorCall { state in
                let folders = state.tenant.groups.map {
                    Folder(id: $0.id, description: $0.name, source: $0.authority.rawValue, parentId: nil, userCount: nil, folderCount: nil)
                }
                return VendorReply.rows([FolderList(source: nil, query: nil, folders: folders)])
            }
        case "/api/directory/get-group-members":
            let group = request.items(GroupKey.self).first?.id ?? ""
            return VendorCall(subject: group) { state in
                let members = state.tenant.members[group, default: []].sorted().map(CommonVendor.member)
                return VendorReply.rows([MemberList(groupMembers: members)])
            }
        case "/api/user/create-user":
            let user = request.items(NewUser.self).first ?? NewUser(emailAddress: nil)
            let address = user.emailAddress ?? ""
            return CommonVendor.write(address, CreatedUser(id: address, emailAddress: address)) {
                $0.create(FakeVendor.Row(id: "id-\(address)", address: address, name: user.name ?? ""))
            }
        case "/api/user/update-user": return update(request.items(UserUpdate.self))
        default: return membership(request)
        }
    }

    private static func membership(_ request: WireRequest) -> VendorCall? {
        let member = request.items(MemberChange.self).first ?? MemberChange(id: nil, emailAddress: nil)
        let address = member.emailAddress ?? ""
        let reply = PortalMemberReply(id: address, folderId: member.id ?? "", emailAddress: address, internal: true)
        switch request.path {
        case "/api/directory/add-group-member": return CommonVendor.write(address, reply) { $0.join(member) }
        case "/api/directory/remove-group-member": return CommonVendor.write(address, reply) { $0.leave(member) }
        default: return nil
        }
    }

    /// An update that sets nothing only asks for states.
    private static func update(_ items: [UserUpdate]) -> VendorCall {
        let subject = items.compactMap(\.emailAddress).joined(separator: ",")
        return VendorCall(subject: subject, isWrite: !items.allSatisfy(\.setsNothing)) { state in
            var done: [UserState] = []
            var fail: [Failure] = []
            for item in items {
                let address = item.emailAddress ?? ""
                let code = state.tenant.update(address) { row in
                    if let name = item.name { row.name = name }
                    if let disabled = item.accountDisabled { row.isDisabled = disabled }
                }
                if let code {
                    fail.append(VendorReply.failure(code, subject: address))
                } else if let index = state.tenant.index(address) {
                    let row = state.tenant.rows[index]
                    done.append(UserState(emailAddress: row.address, name: row.name, accountDisabled: row.isDisabled))
                }
            }
            return VendorReply.rows(done, fail: fail)
        }
    }

    /// An account and its aliases are rows of their own.
    private static func rows(_ row: FakeVendor.Row) -> [PortalUser] {
        let source = row.isLDAP ? "ldap" : "cloud"
        func user(_ address: String, alias: Bool) -> PortalUser {
            PortalUser(name: row.name, emailAddress: address, domain: nil, alias: alias, addressType: nil, source: source)
        }
        return [user(row.address, alias: false)] + row.aliases.map { user($0, alias: true) }
    }
}
