import HTTPTransport
import Mimecast
import MimecastClient
import TestSupport

/// The guide's paths and shapes.
enum GuideVendor {
    static func read(_ request: WireRequest) -> VendorCall? {
        let token = request.pageToken
        switch request.path {
        case "/api/account/get-account":
            return VendorCall { VendorReply.rows([GuideAccount(accountCode: $0.tenant.code, companyName: nil, maxUsers: $0.tenant.seats)]) }
        case "/api/domain/get-internal-domain": return CommonVendor.domains()
        case "/api/user/get-internal-users" where request.method == "GET":
            return VendorCall { state in
                let (rows, page) = VendorReply.page(state.tenant.rows, token, &state, lies: true)
                return VendorReply.rows(rows.map(user), page)
            }
        case "/api/user/get-internal-users": return lookUp(request.items(UserKey.self).first?.emailAddress ?? "")
        case "/api/user/get-external-users":
            return VendorCall { state in
                guard let externals = state.tenant.externals else { return WireReply(status: 404) }
                let (rows, page) = VendorReply.page(externals, token, &state)
                return VendorReply.rows(rows.map { GuideUser(id: $0, emailAddress: $0, status: "active") }, page)
            }
        case "/api/directory/find-groups":
            return VendorCall { state in
                let (rows, page) = VendorReply.page(state.tenant.groups, token, &state)
                return VendorReply.rows(rows.map { GuideGroup(id: $0.id, description: $0.name, source: $0.authority.rawValue) }, page)
            }
        case "/api/directory/get-group-members":
            let group = request.items(GroupKey.self).first?.id ?? ""
            return VendorCall(subject: group) { state in
                let (rows, page) = VendorReply.page(state.tenant.members[group, default: []].sorted(), token, &state)
                return VendorReply.rows(rows.map(CommonVendor.member), page)
            }
        default: return write(request)
        }
    }

    private static func write(_ request: WireRequest) -> VendorCall? {
        let user = request.items(GuideUser.self).first ?? GuideUser()
        let member = request.items(MemberChange.self).first ?? MemberChange(id: nil, emailAddress: nil)
        let reply = GuideMemberReply(id: member.id ?? "", emailAddress: member.emailAddress ?? "", status: "done")
        switch request.path {
        case "/api/user/create-managed-sender":
            let address = user.emailAddress ?? ""
            return CommonVendor.write(address, user) {
                $0.create(
                    FakeVendor.Row(
                        id: "id-\(address)", address: address, name: user.name ?? "", aliases: user.alias ?? [],
                        roles: user.adminRoles ?? []))
            }
        case "/api/user/update-managed-sender":
            let key = user.id ?? user.emailAddress ?? ""
            return CommonVendor.write(key, user) { tenant in
                // An address that is somebody else's is nobody's to take.
                if user.id != nil, let address = user.emailAddress, tenant.rows.contains(where: { $0.id != key && $0.address == address }) {
                    return FailureCode.userExists
                }
                return tenant.update(key) { row in
                    if user.id != nil, let address = user.emailAddress { row.address = address }
                    if let name = user.name { row.name = name }
                    if let aliases = user.alias { row.aliases = aliases }
                    if let roles = user.adminRoles { row.roles = roles }
                    if let status = user.status { row.isDisabled = status == "disabled" }
                }
            }
        case "/api/user/delete-managed-sender":
            let key = user.id ?? user.emailAddress ?? ""
            return CommonVendor.write(key, DeletedUser(id: key)) { $0.delete(key) }
        case "/api/directory/add-group-member": return CommonVendor.write(reply.emailAddress ?? "", reply) { $0.join(member) }
        case "/api/directory/remove-group-member": return CommonVendor.write(reply.emailAddress ?? "", reply) { $0.leave(member) }
        default: return nil
        }
    }

    private static func lookUp(_ address: String) -> VendorCall {
        VendorCall(subject: address) { state in
            guard let index = state.tenant.index(address) else { return VendorReply.failed(FailureCode.addressNotFound, subject: address) }
            return VendorReply.rows([user(state.tenant.rows[index])])
        }
    }

    private static func user(_ row: FakeVendor.Row) -> GuideUser {
        GuideUser(
            id: row.id, emailAddress: row.address, name: row.name, firstName: "", lastName: "", alias: row.aliases, adminRoles: row.roles,
            status: row.isDisabled ? "disabled" : "active", source: row.isLDAP ? "ldap" : "cloud")
    }
}
