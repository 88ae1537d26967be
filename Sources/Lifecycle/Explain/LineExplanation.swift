import Mimecast
import Planning

/// Everything that is known about one line of a plan: why it is there, who lets it pass, what it will do, how it is taken back.
public struct LineExplanation: Sendable, Codable {
    /// What says that the line is right.
    public struct Evidence: Sendable, Codable {
        /// Where the reason stands: a line of the source, a link.
        public var reason: String
        public var source: Plan.SourceReference
        public var snapshot: String
        /// The proof of the account's domain in that read; nil where another read has become the current one since, or the line is about
        /// no domain.
        public var domain: DomainProof?
        /// Muster's own link between account and person, as it is now.
        public var link: Link?
    }

    public struct Authority: Sendable, Codable {
        public var writer: Mimecast.Authority
        /// Whether Muster can make the change.
        public var isWritable: Bool
        /// Where it is made if not here.
        public var where_: String?

        private enum CodingKeys: String, CodingKey {
            case writer, isWritable
            case where_ = "where"
        }
    }

    public struct Decision: Sendable, Codable {
        /// A rule asks for it on account of this line.
        public var isNeeded: Bool
        /// Who approved the line last, alone or with the plan.
        public var who: String?
        /// Seconds since 1970.
        public var given: Int?
        public var expires: Int?
        /// What is missing of it, a rule each.
        public var waitsFor: [String]
    }

    public struct Undoing: Sendable, Codable {
        public var reversible: Bool
        public var how: String
    }

    public struct Journalled: Sendable, Codable {
        public var state: String
        public var attempts: Int
        /// Seconds since 1970.
        public var changed: Int
        public var note: String?
    }

    public var plan: String
    /// The line as the plan has it.
    public var change: Change
    public var evidence: Evidence
    public var authority: Authority
    /// The plan's judgements that hold this line back where they trip.
    public var guards: [GuardResult]
    public var approval: Decision
    public var undo: Undoing
    public var calls: [PlannedCall]
    /// Nil as long as no apply has begun.
    public var journal: Journalled?
}
