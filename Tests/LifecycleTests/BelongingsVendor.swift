import HTTPTransport
import Mimecast
import MimecastClient
import TestSupport

/// What both dialects serve by the portal's paths: aliases, rights to open mailboxes, the purge list, new groups, profiles.
enum BelongingsVendor {
    static func read(_ request: WireRequest) -> VendorCall? {
        let alias = request.items(AliasChange.self).first ?? AliasChange(alias: nil, aliasFor: nil)
        let (name, owner) = (alias.alias ?? "", alias.aliasFor ?? "")
        let asked = request.items(AddressKey.self).first?.emailAddress ?? ""
        switch request.path {
        case "/api/user/get-aliases":
            return VendorCall(subject: asked) { state in
                guard let index = state.tenant.index(asked) else {
                    return VendorReply.failed(FailureCode.forbiddenForAddress, subject: asked)
                }
                return VendorReply.rows(state.tenant.rows[index].aliases.map { aliasRow($0, asked) })
            }
        case "/api/user/update-alias":
            return CommonVendor.write(owner, aliasRow(name, owner)) { tenant in
                guard let index = tenant.index(owner) else { return FailureCode.forbiddenForAddress }
                if tenant.rows[index].aliases.contains(name) { return nil }
                guard !tenant.isTaken(name) else { return FailureCode.userExists }
                tenant.rows[index].aliases.append(name)
                return nil
            }
        case "/api/user/remove-alias":
            return CommonVendor.write(owner, aliasRow(name, owner)) { tenant in
                guard let index = tenant.index(owner), let place = tenant.rows[index].aliases.firstIndex(of: name) else {
                    return FailureCode.aliasNotFound
                }
                tenant.rows[index].aliases.remove(at: place)
                return nil
            }
        case "/api/user/get-profile":
            return VendorCall(subject: asked) { state in
                guard let index = state.tenant.index(asked) else {
                    return VendorReply.failed(FailureCode.forbiddenForAddress, subject: asked)
                }
                let row = state.tenant.rows[index]
                return VendorReply.rows([
                    JSON.object([
                        "id": .string(asked), "emailAddress": .string(asked), "role": .string(row.roles.first ?? "User"),
                        "admin": .bool(!row.roles.isEmpty), "attributes": .object([:]), "links": .array([]),
                    ])
                ])
            }
        case "/api/directory/create-group":
            let group = request.items(NewGroup.self).first?.description ?? ""
            let folder = Folder(id: "g-\(group)", description: group, source: "cloud", parentId: nil, userCount: nil, folderCount: nil)
            return CommonVendor.write(group, folder) { tenant in
                tenant.groups.append(Group(id: "g-\(group)", name: group, authority: .cloud))
                return nil
            }
        default: return rights(request) ?? purges(request)
        }
    }

    private static func rights(_ request: WireRequest) -> VendorCall? {
        switch request.path {
        case "/api/user/find-delegate-users":
            let who = request.items(DelegateQuery.self).first?.primaryAddress ?? ""
            return VendorCall(subject: who) { state in
                let opened = state.tenant.rights.sorted().filter { $0.hasPrefix("\(who)>") }
                return VendorReply.rows([
                    DelegateList(delegateUsers: opened.map { DelegateRow(id: $0, emailAddress: String($0.drop { $0 != ">" }.dropFirst())) })
                ])
            }
        case "/api/user/add-delegate-user":
            let right = request.items(DelegateChange.self).first
            let id = "\(right?.primaryAddress ?? "")>\(right?.delegateAddress ?? "")"
            return CommonVendor.write(id, DelegateReply(id: id)) {
                $0.rights.insert(id).inserted ? nil : FailureCode.delegateExists
            }
        case "/api/user/remove-delegate-user":
            let id = request.items(IDKey.self).first?.id ?? ""
            return CommonVendor.write(id, DelegateReply(id: id)) { $0.rights.remove(id) == nil ? FailureCode.delegateNotFound : nil }
        default: return nil
        }
    }

    private static func purges(_ request: WireRequest) -> VendorCall? {
        let addresses = request.items(PurgeChange.self).first?.emailAddresses ?? []
        let subject = addresses.joined(separator: ",")
        switch request.path {
        case "/api/user/add-to-purge-list":
            return CommonVendor.write(subject, PurgeReply(emailAddresses: addresses, status: "added")) { tenant in
                guard addresses.allSatisfy({ tenant.index($0) != nil }) else { return FailureCode.addressNotFound }
                tenant.purgeListed.formUnion(addresses)
                return nil
            }
        case "/api/user/remove-from-purge-list":
            return CommonVendor.write(subject, PurgeReply(emailAddresses: addresses, status: "removed")) { tenant in
                guard tenant.purgeListed.isSuperset(of: addresses) else { return FailureCode.addressNotFound }
                tenant.purgeListed.subtract(addresses)
                return nil
            }
        default: return nil
        }
    }

    private static func aliasRow(_ alias: String, _ owner: String) -> AliasRow {
        AliasRow(domain: FakeVendor.domain, isInternal: true, alias: alias, aliasFor: owner)
    }
}
