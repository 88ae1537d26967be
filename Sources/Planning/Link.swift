/// Which person of the source an account belongs to: what correlation found, kept.
public struct Link: Sendable, Hashable, Codable {
    /// The account's folded address, which keys the link in the store.
    public var account: String
    /// The vendor's id, where the dialect has one.
    public var accountID: String?
    /// The source's immutable id.
    public var externalID: String?
    /// The person's folded address in the source.
    public var person: String
    /// Muster disabled the account, and has not enabled it since.
    public var disabledByUs: Bool
    /// The last that the source said about `active` was false. A source that says nothing any more does not take it back.
    public var saidInactive: Bool
    /// The person was in the source and out of scope when it was last read: whoever is not looked after is nobody who left.
    public var outOfScope: Bool

    public init(
        account: String, accountID: String? = nil, externalID: String? = nil, person: String, disabledByUs: Bool = false,
        saidInactive: Bool = false, outOfScope: Bool = false
    ) {
        self.account = account
        self.accountID = accountID
        self.externalID = externalID
        self.person = person
        self.disabledByUs = disabledByUs
        self.saidInactive = saidInactive
        self.outOfScope = outOfScope
    }
}
