import Mimecast
import MusterStore

/// Removes the people on the purge list: each night at three, those who have been on it for a day (our choice: time to think again).
enum PurgeChore: Chore {
    static let name = "Purge List"
    private static let day = 86_400_000
    private static let hour = 3_600_000

    static func due(_ directory: TenantDirectory) throws -> Int? { try directory.oldestPurgeEntry().map(purgeTime) }

    static func carryOut(_ directory: TenantDirectory) throws {
        for id in try directory.purgeList(until: directory.now - day) {
            guard let account = try directory.account(id: id) else { continue }
            if account.source == .cloud, account.adminRoles.isEmpty {
                try directory.delete(account, reason: "purged")
            } else {
                let why = account.source == .cloud ? "an administrator" : "directory-synced"
                try directory.takeOffPurgeList(account, "User \(account.address) removed from the purge list, being \(why) now")
            }
        }
    }

    /// The first 03:00 UTC that is at least a day later.
    ///
    /// - Parameter listed: milliseconds since 1970, as what is returned.
    static func purgeTime(listed: Int) -> Int {
        let past = listed + day - 3 * hour
        return (past + day - 1) / day * day + 3 * hour
    }
}
