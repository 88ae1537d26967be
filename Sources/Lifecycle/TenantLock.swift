import Foundation
import MusterStore

/// One apply per tenant, also between processes: an owner that others can name, and a number that grows with each owner, so that one
/// who lost the lock notices at its next write.
public struct TenantLock: Sendable {
    /// Who holds it.
    public struct Owner: Sendable, Hashable, Codable {
        public var who: String
        public var host: String
        /// Of the running system: a process id from before a restart means nothing.
        public var boot: String
        public var process: Int32
        /// When the process started, as the system counts: process ids are used again.
        public var started: String
        public var since: Int

        public var description: String { "\(who) on \(host) (process \(process))" }
    }

    /// Seconds for which an owner on another host is believed to be alive after its last write.
    static let lease = 120

    /// What is locked: the work on a tenant, or the reading of it again and again. One who reads holds up nobody who works.
    enum Purpose: Sendable {
        case work, reading

        var table: String { self == .work ? "locks" : "readers" }
        var doing: String { self == .work ? "worked on" : "read" }
        var code: String { self == .work ? "tenant-locked" : "tenant-read" }
        var remedy: String {
            self == .work
                ? "Wait until that has finished; nothing was changed here."
                : "One reader is enough: leave it to that one, or end it. muster sync without --every reads once all the same."
        }
    }

    let store: any Store
    let tenant: String
    let now: @Sendable () -> Date
    var purpose = Purpose.work

    /// Takes the lock, over from an owner that is gone.
    ///
    /// - Returns: the fence to write under.
    /// - Throws: ``LifecycleError`` that names the holder.
    func acquire(who: String) async throws -> Int {
        let instant = Int(now().timeIntervalSince1970)
        let owner = Owner.current(who: who, since: instant)
        let text = try StoredJSON.text(owner)
        let lease = instant + Self.lease
        return try await store.write(tenant) { [tenant, purpose] tx in
            let row = try tx.first("SELECT fence, owner, lease FROM \(purpose.table) WHERE tenant = $1", [.text(tenant)]) {
                (fence: $0.int(0), owner: $0.textOrNil(1), lease: $0.int(2))
            }
            if let held = try row?.owner.map({ try StoredJSON.value(Owner.self, $0) }), held.isAlive(lease: row?.lease ?? 0, now: instant) {
                throw LifecycleError(
                    .store, purpose.code, "The tenant \(tenant) is being \(purpose.doing) by \(held.description).", remedy: purpose.remedy)
            }
            let fence = (row?.fence ?? 0) + 1
            try tx.execute(
                """
                INSERT INTO \(purpose.table) (tenant, fence, owner, lease) VALUES ($1, $2, $3, $4)
                ON CONFLICT (tenant) DO UPDATE SET fence = $2, owner = $3, lease = $4
                """, [.text(tenant), .int(fence), .text(text), .int(lease)])
            return fence
        }
    }

    /// Proves inside a transaction that the lock is still ours, and keeps it.
    static func hold(_ fence: Int, tenant: String, now: Int, _ tx: any Transaction) throws {
        let changed = try tx.execute(
            "UPDATE locks SET lease = $3 WHERE tenant = $1 AND fence = $2 AND owner IS NOT NULL",
            [.text(tenant), .int(fence), .int(now + Self.lease)])
        guard changed == 1 else {
            throw LifecycleError(
                .store, "lock-lost", "Another process has taken over the work on \(tenant).",
                remedy: "Leave it to that one; muster show \(tenant) tells how far it is.")
        }
    }

    /// Proves that the lock is still ours, and keeps it.
    func renew(_ fence: Int) async throws {
        let lease = Int(now().timeIntervalSince1970) + Self.lease
        let isOurs = try await store.write(tenant) { [tenant, purpose] tx in
            try tx.execute(
                "UPDATE \(purpose.table) SET lease = $3 WHERE tenant = $1 AND fence = $2 AND owner IS NOT NULL",
                [.text(tenant), .int(fence), .int(lease)]) == 1
        }
        guard isOurs else {
            throw LifecycleError(
                .store, "lock-lost", "\(tenant) is \(purpose.doing) by another process now.",
                remedy: "Leave it to that one; muster show \(tenant) tells how far it is.")
        }
    }

    /// Whether somebody holds it who is alive.
    func isHeld() async throws -> Bool {
        let instant = Int(now().timeIntervalSince1970)
        return try await store.read { [tenant, purpose] tx in
            try tx.first("SELECT owner, lease FROM \(purpose.table) WHERE tenant = $1 AND owner IS NOT NULL", [.text(tenant)]) {
                try StoredJSON.value(Owner.self, $0.text(0)).isAlive(lease: $0.int(1), now: instant)
            } ?? false
        }
    }

    func release(_ fence: Int) async throws {
        try await store.write(tenant) { [tenant, purpose] tx in
            try tx.execute("UPDATE \(purpose.table) SET owner = NULL WHERE tenant = $1 AND fence = $2", [.text(tenant), .int(fence)])
        }
    }
}

extension TenantLock.Owner {
    static func current(who: String, since: Int) -> Self {
        let process = ProcessInfo.processInfo.processIdentifier
        return Self(
            who: who, host: ProcessInfo.processInfo.hostName, boot: Self.bootID, process: process,
            started: Self.startTime(of: process) ?? "",
            since: since)
    }

    /// On this system the process itself tells; elsewhere only the lease can.
    func isAlive(lease: Int, now: Int) -> Bool {
        guard host == ProcessInfo.processInfo.hostName else { return lease > now }
        guard boot == Self.bootID else { return false }
        guard let start = Self.startTime(of: process) else { return kill(process, 0) == 0 && started.isEmpty }
        return start == started
    }

    private static let bootID: String =
        (try? String(contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .utf8))?
        .trimmingCharacters(in: .whitespacesAndNewlines) ?? ""

    /// Field 22 of `/proc/PID/stat`, counted after the closing parenthesis of the name, which may hold blanks. Nil where the process is
    /// gone, is dead but not yet collected, or the system has no such file.
    private static func startTime(of process: Int32) -> String? {
        guard let text = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8), let end = text.lastIndex(of: ")") else {
            return nil
        }
        let fields = text[text.index(after: end)...].split(separator: " ")
        guard fields.count > 19, fields[0] != "Z", fields[0] != "X" else { return nil }
        return String(fields[19])
    }
}
