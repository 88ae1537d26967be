/// Who made a change, as far as it is known.
///
/// As JSON: `whose` always; the others where they are known.
public struct Attribution: Sendable, Hashable, Codable {
    public enum Whose: String, Sendable, Codable {
        /// A line of one of Muster's own plans.
        case own
        /// Somebody else, by the vendor's audit event.
        case other
        /// No audit event fits, or several do.
        case unknown
    }

    public var whose: Whose
    /// Who applied the plan, or whom the vendor's audit event names.
    public var actor: String?
    /// RFC 3339, UTC. Nil where the same actor may have done it at one of several times.
    public var at: String?
    public var plan: String?
    public var line: Int?
    /// The id of the vendor's audit event.
    public var audit: String?
    /// The application by which it was done, in the vendor's words.
    public var application: String?

    public init(
        _ whose: Whose, actor: String? = nil, at: String? = nil, plan: String? = nil, line: Int? = nil, audit: String? = nil,
        application: String? = nil
    ) {
        self.whose = whose
        self.actor = actor
        self.at = at
        self.plan = plan
        self.line = line
        self.audit = audit
        self.application = application
    }

    public static let unknown = Attribution(.unknown)
}
