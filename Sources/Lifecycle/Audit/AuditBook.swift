import Foundation
import MusterStore

/// The record of a tenant, to be checked and handed on. Read by keyset, a stretch at a time.
public struct AuditBook: Sendable {
    /// What a check found.
    public struct Proof: Sendable, Hashable {
        public var lines: Int
        /// The last line's hash. Kept elsewhere, it proves later that nothing before it was changed or taken away.
        public var head: String
        /// RFC 3339; nil where nothing was recorded.
        public var from: String?
        public var to: String?
    }

    private static let stretch = 1_000

    let store: any Store
    let tenant: String

    public init(store: any Store, tenant: String) {
        self.store = store
        self.tenant = tenant
    }

    /// Checks every line.
    ///
    /// - Parameter noted: a head that somebody kept: it has to be the hash of a line.
    /// - Throws: ``LifecycleError`` that names the first broken line.
    public func verify(noted: String? = nil) async throws -> Proof { try await verify(noted: noted.map { [$0] } ?? []) }

    /// Checks every line.
    ///
    /// - Parameter noted: hashes that somebody kept: each has to be the hash of a line.
    /// - Throws: ``LifecycleError`` that names the first broken line.
    public func verify(noted: Set<String>) async throws -> Proof {
        var chain = AuditChain()
        var missing = noted
        do {
            try await each(after: 0, since: nil) { text, hash in
                try chain.take(text, hash: hash)
                missing.remove(hash)
            }
        } catch let broken as AuditChain.Break {
            throw Self.broken(tenant, broken)
        }
        let kept = try await store.read { [tenant] tx in try AuditTrail.head(tenant, tx) }
        if let kept, kept.hash != chain.head {
            throw Self.broken(
                tenant,
                AuditChain.Break(
                    number: chain.lines + 1,
                    why: kept.number > chain.lines
                        ? "it and what followed, up to \(kept.number), are missing" : "it was added behind the end"))
        }
        if kept == nil, chain.lines > 0 { throw Self.broken(tenant, AuditChain.Break(number: 1, why: "the record's end is not kept")) }
        if let noted = missing.min() {
            throw LifecycleError(
                .store, "audit-broken", "The record of \(tenant) holds together, but it has no line with the hash \(noted).",
                remedy: "It is not the record that this head was taken from, or was written anew since. Compare it with an earlier export.")
        }
        return Proof(lines: chain.lines, head: chain.head ?? AuditRecord.beginning, from: chain.first?.at, to: chain.last?.at)
    }

    /// Hands over each line as it is exported, oldest first.
    ///
    /// - Parameter since: seconds since 1970; nil is from the beginning.
    public func export(since: Int? = nil, _ line: (String) throws -> Void) async throws {
        try await each(after: 0, since: since) { text, hash in try line(AuditLine.written(text, hash: hash)) }
    }

    private func each(after number: Int, since: Int?, _ body: (String, String) throws -> Void) async throws {
        var last = number
        while true {
            let rows = try await store.read { [tenant, last] tx in
                try tx.all(
                    """
                    SELECT number, record, hash FROM audit WHERE tenant = $1 AND number > $2 AND at >= $3
                    ORDER BY number LIMIT \(Self.stretch)
                    """, [.text(tenant), .int(last), .int(since ?? 0)]
                ) { (number: $0.int(0), text: $0.text(1), hash: $0.text(2)) }
            }
            for row in rows { try body(row.text, row.hash) }
            guard let end = rows.last, rows.count == Self.stretch else { return }
            last = end.number
        }
    }

    /// The error that names a broken line.
    public static func broken(_ tenant: String, _ broken: AuditChain.Break) -> LifecycleError {
        LifecycleError(
            .store, "audit-broken", "The record of \(tenant) is broken at line \(broken.number): \(broken.why).",
            remedy:
                "What stands before that line holds. Compare the rest with an earlier export (muster audit export), or with a copy of the store."
        )
    }
}
