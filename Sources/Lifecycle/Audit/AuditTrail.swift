import Foundation
import MusterStore

/// The record of a tenant, written in the same transaction as what it tells of: neither is ever there without the other.
enum AuditTrail {
    /// Adds a line.
    ///
    /// - Parameter instant: seconds since 1970.
    /// - Returns: its hash, which is the head of the chain now.
    @discardableResult
    static func append(
        _ action: AuditRecord.Action, _ subject: String, _ detail: [String: String?] = [:], tenant: String, actor: String, at instant: Int,
        _ tx: any Transaction
    ) throws -> String {
        let head = try head(tenant, tx)
        let record = AuditRecord(
            number: (head?.number ?? 0) + 1, tenant: tenant, at: time(instant), actor: actor, action: action, subject: subject,
            detail: detail.compactMapValues { $0 }, previous: head?.hash ?? AuditRecord.beginning)
        let text = try record.text()
        let hash = AuditRecord.hash(text)
        try tx.execute(
            "INSERT INTO audit (tenant, number, at, record, hash) VALUES ($1, $2, $3, $4, $5)",
            [.text(tenant), .int(record.number), .int(instant), .text(text), .text(hash)])
        try tx.execute(
            """
            INSERT INTO audit_heads (tenant, number, hash) VALUES ($1, $2, $3)
            ON CONFLICT (tenant) DO UPDATE SET number = $2, hash = $3
            """, [.text(tenant), .int(record.number), .text(hash)])
        return hash
    }

    /// The chain's last line, as an export has it.
    static func lastLine(_ tenant: String, _ tx: any Transaction) throws -> String? {
        try tx.first(
            """
            SELECT a.record, a.hash FROM audit_heads h JOIN audit a ON a.tenant = h.tenant AND a.number = h.number WHERE h.tenant = $1
            """, [.text(tenant)]
        ) { AuditLine.written($0.text(0), hash: $0.text(1)) }
    }

    /// Where the chain ends; nil where nothing was recorded.
    static func head(_ tenant: String, _ tx: any Transaction) throws -> (number: Int, hash: String)? {
        try tx.first("SELECT number, hash FROM audit_heads WHERE tenant = $1", [.text(tenant)]) { ($0.int(0), $0.text(1)) }
    }

    static func time(_ instant: Int) -> String { Date(timeIntervalSince1970: TimeInterval(instant)).formatted(.iso8601) }
}
