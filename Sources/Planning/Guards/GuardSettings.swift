/// Limits as a configuration writes them. Strict: a safety that is misspelt must not be off without a word.
extension GuardLimits {
    public struct Misread: Error, Sendable, Hashable {
        public var message: String
        public var remedy: String
    }

    /// Takes limits over, by guard name.
    ///
    /// - Parameter settings: `5`, `2 %` or `5 or 2 %`.
    /// - Throws: ``Misread`` that names the setting and what could be meant.
    public mutating func take(_ settings: [String: String]) throws(Misread) {
        for (key, text) in settings.sorted(by: { $0.key < $1.key }) {
            guard let name = GuardName(rawValue: key) else {
                throw Misread(
                    message: "The setting guards.\(key) names no guard.",
                    remedy: GuardName.nearest(to: key).map { "Did you mean \($0)?" }
                        ?? "The guards are \(GuardName.allCases.map(\.rawValue).joined(separator: ", ")).")
            }
            guard let budget = Budget(text) else {
                throw Misread(
                    message: "The setting guards.\(key) cannot be read: \(text.prefix(60)).",
                    remedy: "Write a count, a share, or both, of which the larger holds: 5, 2 %, or 5 or 2 %.")
            }
            if name == .administrators, budget.least < 1 || budget.percent != 0 {
                throw Misread(
                    message: "The setting guards.administrators has to be a count of one or more.",
                    remedy: "Somebody has to be able to sign in: write how many administrators have to remain.")
            }
            budgets[name] = budget
        }
    }
}
