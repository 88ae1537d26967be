/// Why the engine did not do what it was asked for: cause and remedy, in words for the person who reads it.
public struct LifecycleError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What kind of end it is; each face maps it (the command line: to its exit code).
    public enum Category: Sendable {
        /// The call was wrong.
        case usage
        /// What was handed in cannot be used.
        case input
        /// A guard tripped, or an approval is missing.
        case stopped
        /// Part of it is done; the rest stands in the journal.
        case partly
        case unreachable
        /// The store or the plan cannot be used: locked, altered, stale.
        case store
        case notPermitted
    }

    public let category: Category
    /// Stable name for scripts.
    public let code: String
    public let message: String
    public let remedy: String

    public init(_ category: Category, _ code: String, _ message: String, remedy: String) {
        self.category = category
        self.code = code
        self.message = message
        self.remedy = remedy
    }

    public var description: String { "\(message) \(remedy)" }
}
