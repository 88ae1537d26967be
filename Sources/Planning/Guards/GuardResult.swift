/// One guard's judgement of a plan.
public struct GuardResult: Sendable, Hashable, Codable {
    public var name: String
    public var value: Int
    public var limit: Int
    public var tripped: Bool
    /// The sentence for the person who reads it.
    public var explanation: String

    public init(_ name: GuardName, value: Int, limit: Int, tripped: Bool, explanation: String) {
        self.name = name.rawValue
        self.value = value
        self.limit = limit
        self.tripped = tripped
        self.explanation = explanation
    }
}

/// A number with its noun: 1 account, 2 accounts.
func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
