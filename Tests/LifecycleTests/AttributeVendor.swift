import HTTPTransport
import Mimecast
import MimecastClient
import TestSupport

/// get-attributes and update-attributes, which both dialects serve: up to 25 accounts a call, each on its own account.
enum AttributeVendor {
    static func read(_ request: WireRequest) -> VendorCall? {
        switch request.path {
        case "/api/user/get-attributes":
            let addresses = request.items(AddressKey.self).compactMap(\.emailAddress)
            return VendorCall(subject: addresses.joined(separator: ",")) { state in
                answer(addresses) { address in
                    state.tenant.index(address) == nil ? .init(code: FailureCode.forbiddenForAddress, message: "no") : nil
                } row: {
                    row(state.tenant, $0)
                }
            }
        case "/api/user/update-attributes":
            let items = request.items(AttributeChange.self)
            let subject = items.compactMap(\.emailAddress).joined(separator: ",")
            return VendorCall(subject: subject, isWrite: true) { state in
                let wanted = Dictionary(items.map { ($0.emailAddress ?? "", $0.attributes ?? []) }) { $0 + $1 }
                var tenant = state.tenant
                let reply = answer(items.compactMap(\.emailAddress)) { address in
                    write(wanted[address] ?? [], address, &tenant)
                } row: {
                    row(tenant, $0)
                }
                state.tenant = tenant
                return reply
            }
        default: return nil
        }
    }

    private static func answer(
        _ addresses: [String], _ refusal: (String) -> Failure.Reason?, row: (String) -> AttributeList
    ) -> WireReply {
        guard addresses.count <= 25 else { return VendorReply.failed(FailureCode.tooManyItems, subject: "") }
        var (rows, fail): ([AttributeList], [Failure]) = ([], [])
        for address in addresses {
            if let reason = refusal(address) {
                fail.append(Failure(key: .object(["emailAddress": .string(address)]), errors: [reason]))
            } else {
                rows.append(row(address))
            }
        }
        return VendorReply.rows(rows, fail: fail)
    }

    private static func write(_ wanted: [Attribute], _ address: String, _ tenant: inout FakeVendor.Tenant) -> Failure.Reason? {
        for attribute in wanted {
            if let defined = tenant.definedAttributes, !defined.contains(attribute.name ?? "") {
                return .init(code: FailureCode.validationInvalid, message: "unknown attribute", field: "name")
            }
        }
        let code = tenant.update(address) { row in
            for attribute in wanted { row.attributes[attribute.name ?? ""] = attribute.value?.isEmpty == false ? attribute.value : nil }
        }
        return code.map { .init(code: $0, message: "no") }
    }

    private static func row(_ tenant: FakeVendor.Tenant, _ address: String) -> AttributeList {
        let attributes = tenant.index(address).map { tenant.rows[$0].attributes } ?? [:]
        return AttributeList(
            emailAddress: address, attributes: attributes.sorted { $0.key < $1.key }.map { Attribute(name: $0.key, value: $0.value) })
    }
}
