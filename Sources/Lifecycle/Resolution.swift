import Foundation
import Mimecast
import MusterStore
import Planning

/// A human's word on who is who, kept as a link.
public struct Resolution: Sendable {
    let store: any Store
    let tenant: String
    let who: String
    let now: @Sendable () -> Date

    /// - Parameter who: decides; recorded.
    public init(store: any Store, tenant: String, who: String, now: @escaping @Sendable () -> Date = { Date() }) {
        self.store = store
        self.tenant = tenant
        self.who = who
        self.now = now
    }

    /// Lets what flips back and forth with somebody go on: what was applied to them lately is forgotten.
    ///
    /// - Parameter person: the address in the source, or the account's.
    /// - Returns: how many changes were forgotten.
    public func followSource(person: String) async throws -> Int {
        guard let key = EmailAddress(person)?.folded else {
            throw LifecycleError(
                .usage, "not-an-address", "\(person) is no e-mail address.", remedy: "Give the address as the source has it.")
        }
        let instant = Int(now().timeIntervalSince1970)
        return try await store.write(tenant) { [tenant, who] tx in
            let links = try LinkTable.all(tenant: tenant, tx).filter { $0.person == key || $0.account == key }
            var subjects = Set(links.flatMap { [$0.account, $0.accountID].compactMap { $0 } })
            subjects.insert(key)
            let ids = try tx.all(
                "SELECT account_id FROM observed_accounts WHERE tenant = $1 AND key = $2 AND until IS NULL AND account_id IS NOT NULL",
                [.text(tenant), .text(key)]
            ) { $0.text(0) }
            subjects.formUnion(ids)
            let count = try AppliedValues.forget(subjects, tenant: tenant, tx)
            guard count > 0 else {
                throw LifecycleError(
                    .input, "nothing-flaps", "Nothing was applied to \(person) lately that could flip back and forth.",
                    remedy: "Look at the undecided line again: muster show PLAN names the person.")
            }
            try AuditTrail.append(
                .flappingReleased, person, ["changes": String(count)], tenant: tenant, actor: who, at: instant, tx)
            return count
        }
    }

    /// Links a person to an account.
    ///
    /// - Parameters:
    ///   - person: the address in the source.
    ///   - externalID: the source's id of this person, if it has one.
    ///   - account: the account's address.
    public func link(person: String, externalID: String?, account: String) async throws {
        guard let personKey = EmailAddress(person)?.folded else {
            throw LifecycleError(
                .usage, "not-an-address", "\(person) is no e-mail address.", remedy: "Give the address as the source has it.")
        }
        let observed = try await SnapshotStore(store: store, tenant: tenant).observed()
        let accountKey = EmailAddress.key(account)
        guard let found = observed?.accounts.first(where: { EmailAddress.key($0.address) == accountKey }) else {
            throw LifecycleError(
                .input, "no-such-account", "The last read of \(tenant) shows no account \(account).",
                remedy: "Run muster sync, and look at the undecided line again.")
        }
        let instant = Int(now().timeIntervalSince1970)
        try await store.write(tenant) { [tenant, who] tx in
            // Whoever was linked to the address or the id before is not any more: that is what the human said.
            try tx.execute("DELETE FROM links WHERE tenant = $1 AND person = $2", [.text(tenant), .text(personKey)])
            if let externalID {
                try tx.execute("DELETE FROM links WHERE tenant = $1 AND external_id = $2", [.text(tenant), .text(externalID)])
            }
            try LinkTable.put(
                Link(account: accountKey, accountID: found.id, externalID: externalID, person: personKey), tenant: tenant, tx)
            try AuditTrail.append(
                .accountChosen, found.address, ["person": person, "externalId": externalID], tenant: tenant, actor: who, at: instant, tx)
        }
    }
}
