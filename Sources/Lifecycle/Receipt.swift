import Planning

/// What an apply did.
public struct Receipt: Sendable, Hashable, Codable {
    public struct Failure: Sendable, Hashable, Codable {
        public var line: Int
        public var person: String
        public var reason: String
        /// Where somebody else has changed the line's subject since the plan's read; nil where nobody has, or nobody could tell.
        public var conflict: Conflict?
    }

    public var receipt: String
    public var plan: String
    /// Lines carried out, in this run or before it.
    public var done: Int
    public var failed: Int
    /// Lines that are still to be sent or to be read: resume goes on with them.
    public var deferred: Int
    public var verified: Int
    /// Calls of this run.
    public var calls: Int
    /// Lines whose outcome was unknown and was settled by reading, in this run.
    public var settled: Int
    public var failures: [Failure]
    /// Why the run ended before its end, if it did.
    public var stopped: String?
    /// Its stable name: interrupted, or the client's error code.
    public var stopCode: String?
    /// The hash of the record's last line when the apply was finished; nil before that. Kept elsewhere, it proves the record later.
    public var auditHead: String?
    /// Lines that this apply left out: held back by a guard, rejected, or left out by whoever applied; nil is none.
    public var held: Int?
    /// The guards that held lines back; nil is none.
    public var heldBy: [String]?

    /// What the run as a whole has to say, a sentence or two each; nil is nothing.
    public var notices: [String]?

    /// Everything is done and read back.
    public var isWhole: Bool { failed == 0 && deferred == 0 }
}
