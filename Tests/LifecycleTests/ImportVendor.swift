import Foundation
import HTTPTransport
import Mimecast
import MimecastClient
import TestSupport

/// The import of people from a file. Its rows are carried out when it comes in; its status says so from the second look on.
enum ImportVendor {
    static func read(_ request: WireRequest) -> VendorCall? {
        switch request.path {
        case "/api/user/import-users":
            // Nothing of a group is ever asked for, and least of all that one be emptied.
            guard let order = request.header("x-mc-arg"), !order.contains("clearGroup"), !order.contains("groupId") else {
                return VendorCall(isWrite: true) { _ in WireReply(status: 400) }
            }
            let rows = request.text.split(separator: "\r\n").dropFirst().map { $0.split(separator: ",", maxSplits: 1).map(String.init) }
            return VendorCall(subject: "a file", isWrite: true) { state in
                var made = 0
                for row in rows where state.tenant.create(FakeVendor.Row(id: "id-\(row[0])", address: row[0], name: row[1])) == nil {
                    made += 1
                }
                let id = "i-\(state.imports.count + 1)"
                state.imports[id] = (rows.count, made, 0)
                return VendorReply.rows([ImportReply(id: id, status: "queued")])
            }
        case "/api/user/get-import-status":
            let id = request.items(IDKey.self).first?.id ?? ""
            return VendorCall(subject: id) { state in
                guard let known = state.imports[id] else { return VendorReply.failed("err_import_not_found", subject: id) }
                state.imports[id]?.looks += 1
                let isOver = known.looks > 0
                return VendorReply.rows([
                    ImportStatus(
                        id: id, status: isOver ? "completed" : "running", totalUsers: known.rows,
                        successfulImportedUsers: isOver ? known.made : 0)
                ])
            }
        default: return nil
        }
    }
}
