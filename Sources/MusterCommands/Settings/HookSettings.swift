/// The section `hooks` of the configuration: `width` (tries under way for a hook, 1 to 64; 8) and `every` (how often `hooks deliver --follow`
/// looks for what is due, 1s to 1h; 1s).
struct HookSettings: Sendable {
    private(set) var width = 8
    private(set) var every = Duration.seconds(1)

    /// - Parameter top: the members of the file.
    init(_ top: [String: Setting]) throws {
        guard let members = try top["hooks"]?.members(["width", "every"]) else { return }
        if let setting = members["width"] { width = try setting.count(1...64) }
        if let setting = members["every"] {
            guard let span = Interval(argument: try setting.text()), (1...3_600).contains(span.seconds) else {
                throw setting.wrong("It is no time from 1s to 1h.", remedy: "Write 5s.")
            }
            every = span.duration
        }
    }
}
