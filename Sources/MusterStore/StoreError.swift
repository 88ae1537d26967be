/// A store that cannot be used, or a statement that it refused.
public struct StoreError: Error, Sendable, Hashable, CustomStringConvertible {
    public enum Code: String, Sendable {
        case readOnly = "store-read-only"
        case locked = "store-locked"
        case newer = "store-newer"
        case diskFull = "store-disk-full"
        case notADatabase = "store-not-a-database"
        case cannotOpen = "store-cannot-open"
        /// A uniqueness or foreign-key rule of the schema spoke.
        case constraint = "store-constraint"
        case failed = "store-failed"
    }

    public let code: Code
    public let message: String
    public let remedy: String

    public init(_ code: Code, _ message: String, remedy: String) {
        self.code = code
        self.message = message
        self.remedy = remedy
    }

    public var description: String { "\(message) \(remedy)" }
}
