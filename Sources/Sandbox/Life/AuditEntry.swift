import Foundation
import Mimecast
import MusterStore

/// A kind of audit event. Types marked "seen" are in public recordings; the others are named after their pattern (our choice).
enum AuditKind: Sendable, CaseIterable {
    case userCreated, userChanged, userDisabled, userEnabled, userDeleted, userPurgeListed, userPurgeUnlisted
    case passwordChanged, roleChanged, delegateAdded, delegateRemoved, aliasAdded, aliasRemoved
    case groupCreated, groupChanged, groupDeleted, memberAdded, memberRemoved
    case loggedOn, logonFailed, logonChallenge
    case syncCompleted, connectionChanged, usersImported
    case applicationChanged, bindingMade
    case domainsChanged, policyCreated, policyChanged, policyDeleted

    var type: String {
        switch self {
        case .userCreated: "New User"
        case .userChanged: "Existing User Changed"
        case .userDisabled: "User Disabled"
        case .userEnabled: "User Enabled"
        case .userDeleted: "User Deleted"
        case .userPurgeListed: "User Added To Purge List"
        case .userPurgeUnlisted: "User Removed From Purge List"
        case .passwordChanged: "User Password Changed"  // seen
        case .roleChanged: "User Role Changed"
        case .delegateAdded: "Delegate User Added"
        case .delegateRemoved: "Delegate User Removed"
        case .aliasAdded: "User Alias Added"
        case .aliasRemoved: "User Alias Removed"
        case .groupCreated, .groupChanged, .groupDeleted: "Folder Log Entry"  // seen
        case .memberAdded: "Profile Group Log Entry"  // seen
        case .memberRemoved: "Profile Group (unlink) Log Entry"  // seen
        case .loggedOn: "User Logged On"  // seen
        case .logonFailed: "Logon Authentication Failed"  // seen
        case .logonChallenge: "Logon Requires Challenge"  // seen
        case .syncCompleted: "Completed Directory Sync"  // seen
        case .connectionChanged: "Directory Connection Changed"
        case .usersImported: "Users Imported"
        case .applicationChanged: "API Application Changed"
        case .bindingMade: "API Binding Created"
        case .domainsChanged: "Domain Adjustments"  // seen
        case .policyCreated: "New Policy"  // seen
        case .policyChanged: "Existing Policy Changed"  // seen
        case .policyDeleted: "Policy Deleted"  // seen
        }
    }

    /// One of the codes that clients have been seen to ask for.
    var category: String {
        switch self {
        case .userCreated, .userChanged, .userDisabled, .userEnabled, .userDeleted, .userPurgeListed, .userPurgeUnlisted,
            .passwordChanged, .roleChanged, .delegateAdded, .delegateRemoved, .aliasAdded, .aliasRemoved, .usersImported:
            "user_account_and_role_logs"
        case .groupCreated, .groupChanged, .groupDeleted, .memberAdded, .memberRemoved: "profile_group_logs"
        case .loggedOn, .logonFailed, .logonChallenge: "authentication_logs"
        case .connectionChanged, .applicationChanged, .bindingMade: "integrations_and_apis"
        // A completed sync has been seen here, not among the integrations.
        case .syncCompleted, .domainsChanged, .policyCreated, .policyChanged, .policyDeleted: "account_logs"
        }
    }
}

extension TenantDirectory {
    /// Writes an audit event into the transaction of what it tells about. A seed has no actor and leaves none.
    ///
    /// - Parameter action: what was done, a sentence without its full stop.
    func record(_ kind: AuditKind, _ action: String) throws {
        guard let actor else { return }
        try record(kind, action, actor, at: now)
    }

    func record(_ kind: AuditKind, _ action: String, _ actor: Actor, at time: Int) throws {
        let last = try tx.first("SELECT max(number) FROM sb_audit WHERE tenant = $1", [tenant]) { $0.intOrNil(0) ?? 0 } ?? 0
        try insert(kind, action, actor, number: last + 1, at: time)
    }

    /// - Parameter number: greater than those of all events before.
    func insert(_ kind: AuditKind, _ action: String, _ actor: Actor, number: Int, at time: Int) throws {
        let stamp = vendorDate(milliseconds: time)
        // Prose with labels, as recorded; consumers read ids and times, not this.
        let info =
            "\(action), Date: \(stamp.prefix(10)), Time: \(stamp.dropFirst(11)), IP: \(actor.ip), Application: \(actor.application)"
        try tx.execute(
            "INSERT INTO sb_audit (tenant, number, time, type, category, actor, info) VALUES ($1, $2, $3, $4, $5, $6, $7)",
            [tenant, .int(number), .int(time), .text(kind.type), .text(kind.category), .text(actor.user), .text(info)])
    }
}
