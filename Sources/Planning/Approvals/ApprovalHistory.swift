/// What was said about a plan, in the order in which it was said.
public struct ApprovalHistory: Sendable, Hashable {
    public struct Word: Sendable, Hashable {
        public var who: String
        public var isYes: Bool
        /// The numbers of lines that it is about; nil is the plan.
        public var lines: [Int]?
        /// Seconds since 1970.
        public var expires: Int

        public init(who: String, isYes: Bool, lines: [Int]? = nil, expires: Int) {
            self.who = who
            self.isYes = isYes
            self.lines = lines
            self.expires = expires
        }
    }

    /// The approvals that stand.
    public private(set) var given: [ApprovalRules.Given] = []
    /// Lines that somebody said no to, by number, until somebody says yes to that very line.
    public private(set) var rejected: Set<Int> = []
    /// Somebody approved some lines alone, so that the others may stay behind.
    public private(set) var isByLines = false

    /// - Parameters:
    ///   - all: the numbers of all lines.
    ///   - now: seconds since 1970; what expired is passed over, a no never expires.
    public init(_ words: [Word], all: Set<Int>, now: Int) {
        for word in words {
            switch (word.isYes, word.lines) {
            case (false, nil):
                // A no to the plan takes every yes before it back.
                given = []
                isByLines = false
            case (false, let lines?): rejected.formUnion(lines)
            case (true, let lines):
                if let lines { rejected.subtract(lines) }
                guard word.expires > now else { continue }
                // Whoever says yes to a plan means it as it stands: without the lines that were rejected by then.
                given.append(ApprovalRules.Given(who: word.who, lines: lines.map(Set.init) ?? all.subtracting(rejected)))
                if lines != nil { isByLines = true }
            }
        }
    }
}
