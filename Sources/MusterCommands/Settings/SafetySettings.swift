import Mimecast
import Planning
import Yams

/// The limits of the configuration file: `guards` (a limit by guard name), `privilegedGroups` (names of groups), `seats` (a number, or one by
/// tenant), `hysteresis` (`off`, or `flips` and `within`), `approvals` (``ApprovalSettings``).
struct SafetySettings: Sendable {
    var limits = GuardLimits()
    private(set) var approvals = ApprovalRules()
    private(set) var hysteresis: Hysteresis? = .standard
    private var seatsOfAll: Int?
    private var seatsByTenant: [String: Int] = [:]

    init() {}

    /// - Throws: ``Trouble`` that names the first setting which is not understood.
    init(_ tree: ConfigTree) throws {
        let names = ["guards", "approvals", "protected", "privilegedGroups", "seats", "hysteresis"]
        for key in tree.keys where !names.contains(key) {
            guard let near = Spelling.nearest(to: key, among: names) else { continue }
            throw ConfigTree.invalid("there is no setting \(key)", "Did you mean \(near)?")
        }
        if let section = try tree.section("guards") {
            var settings: [String: String] = [:]
            for (key, value) in section { settings[key] = try ConfigTree.text(value, "the setting guards.\(key)") }
            do {
                try limits.take(settings)
            } catch {
                throw Trouble(Exit.input, "config-invalid", error.message, remedy: error.remedy)
            }
        }
        if let groups = tree["privilegedGroups"] {
            limits.privilegedGroups = Set(try ConfigTree.texts(groups, "the setting privilegedGroups").map(EmailAddress.fold))
        }
        if let section = try tree.section("approvals") { approvals = try ApprovalSettings.read(section) }
        if let node = tree["hysteresis"] { hysteresis = try Self.hysteresis(node) }
        if let seats = tree["seats"] {
            if seats.scalar != nil {
                seatsOfAll = try Self.count(try ConfigTree.text(seats, "the setting seats"), "seats")
            } else {
                for (code, value) in try ConfigTree.entries(seats, "the setting seats") {
                    seatsByTenant[code] = try Self.count(try ConfigTree.text(value, "the setting seats.\(code)"), "seats.\(code)")
                }
            }
        }
    }

    /// Contracted seats of a tenant; nil where the configuration does not say.
    func seats(_ tenant: String) -> Int? { seatsByTenant[tenant] ?? seatsOfAll }

    private static func hysteresis(_ node: Node) throws -> Hysteresis? {
        if node.scalar != nil {
            guard try ["off", "false"].contains(ConfigTree.text(node, "the setting hysteresis")) else {
                throw ConfigTree.invalid("the setting hysteresis cannot be read", "Write off, or flips and within below it.")
            }
            return nil
        }
        var result = Hysteresis.standard
        for (key, value) in try ConfigTree.entries(node, "the setting hysteresis") {
            let text = try ConfigTree.text(value, "the setting hysteresis.\(key)")
            switch key {
            case "flips":
                guard let flips = Int(text), (1...1_000).contains(flips) else {
                    throw ConfigTree.invalid("the setting hysteresis.flips is no count: \(text.prefix(60))", "Write a number from 1 on: 2.")
                }
                result.flips = flips
            case "within":
                guard let span = Interval(argument: text), (60...7 * 86_400).contains(span.seconds) else {
                    throw ConfigTree.invalid("the setting hysteresis.within is no time: \(text.prefix(60))", "Write 1m to 7d: 24h.")
                }
                result.span = span.seconds
            default:
                throw ConfigTree.invalid("there is no setting hysteresis.\(key)", "Write flips or within.")
            }
        }
        return result
    }

    private static func count(_ text: String, _ key: String) throws -> Int {
        guard let count = Int(text), (1...10_000_000).contains(count) else {
            throw ConfigTree.invalid("the setting \(key) is no number of seats: \(text.prefix(60))", "Write how many are contracted: 500.")
        }
        return count
    }
}
