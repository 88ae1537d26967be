import Mimecast
import Planning

/// The section `removal` of the configuration: `purgeAfterDays` (30 or more, unless `allowEarlyPurge` is true), `holds` (addresses that are
/// never purged, since somebody has a claim on what is in their archive).
enum RemovalSettings {
    /// - Parameter top: the members of the file.
    static func policy(_ top: [String: Setting]) throws -> RemovalPolicy {
        guard let members = try top["removal"]?.members(["purgeAfterDays", "allowEarlyPurge", "holds"]) else { return RemovalPolicy() }
        let holds = try members["holds"]?.texts().map { setting in
            guard let address = EmailAddress(try setting.text()) else {
                throw setting.wrong("This is no address.", remedy: "List whole addresses, one for each account that is on hold.")
            }
            return address.folded
        }
        guard let setting = members["purgeAfterDays"] else { return RemovalPolicy(holds: Set(holds ?? [])) }
        let mayBeEarly = try members["allowEarlyPurge"]?.truth() ?? false
        let least = mayBeEarly ? 1 : RemovalPolicy.leastDays
        guard let days = Int(try setting.text()), (least...36_500).contains(days) else {
            throw setting.wrong(
                "It is no number of days from \(least) on.",
                remedy: mayBeEarly ? "Write a whole number." : "Write 30 or more; for less, say allowEarlyPurge: true beside it.")
        }
        return RemovalPolicy(purgeAfterDays: days, holds: Set(holds ?? []))
    }
}
