/// The section `history` of the configuration: `keep` (how long what reads showed, and events, are kept; a day at least).
enum HistorySettings {
    /// - Parameter top: the members of the file.
    /// - Returns: nil where everything is kept.
    static func keep(_ top: [String: Setting]) throws -> Interval? {
        guard let setting = try top["history"]?.members(["keep"])["keep"] else { return nil }
        guard let interval = Interval(argument: try setting.text()), interval.seconds >= 86_400 else {
            throw setting.wrong("It is no time of a day or more.", remedy: "Write 400d.")
        }
        return interval
    }
}
