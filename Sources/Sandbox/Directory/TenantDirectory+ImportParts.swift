import Foundation
import Mimecast
import MusterStore
import SCIMStore

/// Where an import stands. The words are our choice.
enum ImportState: String, Sendable {
    case queued, running, completed
}

/// An import that was accepted.
struct ImportRecord: Sendable {
    var state: ImportState
    /// Milliseconds since 1970.
    var created: Int
    var total: Int
    var succeeded: Int
    var actor: Actor
    var order: ImportOrder
}

/// Rows of an import that are carried out together.
struct ImportPart: Sendable {
    var importID: String
    /// From 0.
    var number: Int
    var rows: [ImportFile.Row]
}

extension TenantDirectory {
    /// Rows that are carried out together.
    static let rowsPerPart = 1_000
    /// An import begins this long after it was accepted, and takes a millisecond for each row after that (our choice).
    static let importDelay = 1_000

    /// Keeps an import until its time has come.
    ///
    /// - Returns: its id.
    func insertImport(_ order: ImportOrder, _ rows: [ImportFile.Row]) throws -> String {
        let id = KeyRing.newID()
        let encoder = JSONEncoder()
        try tx.execute(
            """
            INSERT INTO sb_imports (tenant, id, status, created, total, succeeded, actor, arguments)
            VALUES ($1, $2, $3, $4, $5, 0, $6, $7)
            """,
            [
                tenant, .text(id), .text(ImportState.queued.rawValue), .int(now), .int(rows.count),
                .text(String(decoding: try encoder.encode(actor ?? .service(ImportChore.name)), as: UTF8.self)),
                .text(String(decoding: try encoder.encode(order), as: UTF8.self)),
            ])
        for (number, start) in stride(from: 0, to: rows.count, by: Self.rowsPerPart).enumerated() {
            let end = min(start + Self.rowsPerPart, rows.count)
            try tx.execute(
                "INSERT INTO sb_import_parts (tenant, import_id, number, due, payload) VALUES ($1, $2, $3, $4, $5)",
                [
                    tenant, .text(id), .int(number), .int(now + Self.importDelay + end),
                    .blob([UInt8](try encoder.encode(Array(rows[start..<end])))),
                ])
        }
        return id
    }

    func importRecord(_ id: String) throws -> ImportRecord? {
        let decoder = JSONDecoder()
        return try tx.first(
            "SELECT status, created, total, succeeded, actor, arguments FROM sb_imports WHERE tenant = $1 AND id = $2",
            [tenant, .text(id)]
        ) { row in
            ImportRecord(
                state: ImportState(rawValue: row.text(0)) ?? .queued, created: row.int(1), total: row.int(2), succeeded: row.int(3),
                actor: try decoder.decode(Actor.self, from: Data(row.text(4).utf8)),
                order: try decoder.decode(ImportOrder.self, from: Data(row.text(5).utf8)))
        }
    }

    /// When rows of an import are due next; milliseconds since 1970.
    func nextImportDue() throws -> Int? {
        try tx.first("SELECT min(due) FROM sb_import_parts WHERE tenant = $1", [tenant]) { $0.intOrNil(0) } ?? nil
    }

    /// Takes the rows that are due first out of the store.
    func takeImportPart() throws -> ImportPart? {
        let part = try tx.first(
            "SELECT import_id, number, payload FROM sb_import_parts WHERE tenant = $1 ORDER BY due, import_id, number LIMIT 1", [tenant]
        ) { row in
            ImportPart(
                importID: row.text(0), number: row.int(1),
                rows: try JSONDecoder().decode([ImportFile.Row].self, from: Data(row.blob(2))))
        }
        guard let part else { return nil }
        try tx.execute(
            "DELETE FROM sb_import_parts WHERE tenant = $1 AND import_id = $2 AND number = $3",
            [tenant, .text(part.importID), .int(part.number)])
        return part
    }

    /// Notes what became of a part.
    ///
    /// - Returns: whether it was the last one.
    func finishImportPart(_ part: ImportPart, succeeded: Int) throws -> Bool {
        let more =
            try tx.first(
                "SELECT 1 FROM sb_import_parts WHERE tenant = $1 AND import_id = $2", [tenant, .text(part.importID)]
            ) { _ in true } ?? false
        try tx.execute(
            "UPDATE sb_imports SET status = $3, succeeded = succeeded + $4 WHERE tenant = $1 AND id = $2",
            [
                tenant, .text(part.importID), .text((more ? ImportState.running : .completed).rawValue), .int(succeeded),
            ])
        return !more
    }
}
