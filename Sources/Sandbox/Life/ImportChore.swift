import Mimecast
import MusterStore

/// Carries out the imports that were accepted, a part at a time.
enum ImportChore: Chore {
    static let name = "User Import"

    static func due(_ directory: TenantDirectory) throws -> Int? { try directory.nextImportDue() }

    static func carryOut(_ directory: TenantDirectory) throws {
        guard let part = try directory.takeImportPart(), let accepted = try directory.importRecord(part.importID) else { return }
        // What an import does was asked for by whoever sent it.
        let directory = TenantDirectory(directory.tx, facts: directory.facts, actor: accepted.actor, now: directory.now)
        // A group that was deleted meanwhile keeps nobody from being made.
        let group = try accepted.order.groupId.flatMap { try directory.group(id: $0) }.flatMap { $0.source == .cloud ? $0 : nil }
        if part.number == 0, accepted.order.clearGroup == true, let group { try directory.empty(group) }
        let succeeded = try directory.importPeople(part.rows, into: group)
        guard try directory.finishImportPart(part, succeeded: succeeded) else { return }
        try directory.record(.usersImported, "\(accepted.succeeded + succeeded) of \(accepted.total) users imported")
    }
}
