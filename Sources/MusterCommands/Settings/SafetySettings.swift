import Mimecast
import Planning

/// The limits of the configuration file: `guards` (a limit by guard name), `privilegedGroups` (names of groups), `seats` (a number, or one by
/// tenant), `hysteresis` (`off`, or `flips` and `within`), `approvals` (``ApprovalSettings``).
///
/// They are read from the file alone: a variable that somebody left in a shell is no place for a limit.
struct SafetySettings: Sendable {
    static let names = ["guards", "approvals", "privilegedGroups", "seats", "hysteresis"]

    private(set) var limits = GuardLimits()
    private(set) var approvals = ApprovalRules()
    private(set) var hysteresis: Hysteresis? = .standard
    private var seatsOfAll: Int?
    private var seatsByTenant: [String: Int] = [:]

    /// - Parameter top: the members of the file.
    /// - Throws: ``Trouble`` that names the first setting which is not understood.
    init(_ top: [String: Setting]) throws {
        for (name, setting) in try top["guards"]?.members(GuardName.allCases.map(\.rawValue)) ?? [:] {
            let text = try setting.text()
            do throws(GuardLimits.Misread) {
                try limits.take([name: text])
            } catch {
                throw setting.wrong(error.message, remedy: error.remedy)
            }
        }
        if let groups = top["privilegedGroups"] {
            limits.privilegedGroups = Set(try groups.texts().map { EmailAddress.fold(try $0.text()) })
        }
        if let setting = top["approvals"] { approvals = try ApprovalSettings.rules(setting) }
        if let setting = top["hysteresis"] { hysteresis = try Self.hysteresis(setting) }
        if let seats = top["seats"] {
            if case .text = seats.value {
                seatsOfAll = try Self.count(seats)
            } else {
                for (code, value) in try seats.entries() { seatsByTenant[code] = try Self.count(value) }
            }
        }
    }

    /// Contracted seats of a tenant; nil where the configuration does not say.
    func seats(_ tenant: String) -> Int? { seatsByTenant[tenant] ?? seatsOfAll }

    private static func hysteresis(_ setting: Setting) throws -> Hysteresis? {
        if case .text(let text) = setting.value {
            guard ["off", "false"].contains(text) else {
                throw setting.wrong("It cannot be read.", remedy: "Write off, or flips and within below it.")
            }
            return nil
        }
        var result = Hysteresis.standard
        let members = try setting.members(["flips", "within"])
        if let setting = members["flips"] { result.flips = try setting.count(1...1_000) }
        if let setting = members["within"] {
            guard let span = Interval(argument: try setting.text()), (60...7 * 86_400).contains(span.seconds) else {
                throw setting.wrong("It is no time from 1m to 7d.", remedy: "Write 24h.")
            }
            result.span = span.seconds
        }
        return result
    }

    private static func count(_ setting: Setting) throws -> Int {
        guard let count = Int(try setting.text()), (1...10_000_000).contains(count) else {
            throw setting.wrong("It is no number of seats.", remedy: "Write how many are contracted: 500.")
        }
        return count
    }
}
