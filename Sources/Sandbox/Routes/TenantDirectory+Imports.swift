import Mimecast
import MusterStore
import SCIMStore

extension TenantDirectory {
    /// Takes an import on. Whether its rows are good shows when it is carried out.
    func acceptImport(_ order: ImportOrder, _ file: ImportFile) throws -> ImportReply {
        if let address = order.notifyEmailAddress, !address.isEmpty { _ = try FieldCheck.address(address, "notifyEmailAddress") }
        if let group = order.groupId {
            _ = try writableGroup(group, "groupId")
        } else if order.clearGroup == true {
            throw ItemFailure(FailureCode.validationNull, "A group to clear is needed", field: "groupId")
        }
        return ImportReply(id: try insertImport(order, file.rows), status: ImportState.queued.rawValue)
    }

    func importStatus(_ key: IDKey) throws -> ImportStatus {
        let id = try FieldCheck.id(key.id)
        guard let found = try importRecord(id) else {
            throw ItemFailure(FailureCode.importNotFound, "There is no such import", field: "id")
        }
        // Ids that no call takes: the vendor's files are for its console.
        return ImportStatus(
            id: id, status: found.state.rawValue, importer: found.actor.user, notifyEmailAddress: found.order.notifyEmailAddress,
            created: vendorDate(milliseconds: found.created), totalUsers: found.total, successfulImportedUsers: found.succeeded,
            clearGroup: found.order.clearGroup ?? false, allowAddressMigration: found.order.allowAddressMigration ?? false,
            sourceFile: KeyRing.id("import source \(id)"),
            reportFile: found.state == .completed ? KeyRing.id("import report \(id)") : nil)
    }
}
