/// One thing that somebody asks for by hand and that is no field of a person's.
public enum HandAsk: Sendable, Hashable {
    /// Put the account on the list of those to be removed for good; take it off again.
    case purge(String), unpurge(String)
    case addAlias(String, of: String), removeAlias(String, of: String)
    /// `delegate` may open the mailbox of the account, or no longer.
    case addDelegate(String, of: String), removeDelegate(String, of: String)
    case createGroup(String)
    /// The attribute of a name gets a value; an empty one takes it away.
    case setAttribute(String, to: String, of: String)

    /// The account whose belongings the plan depends on.
    var purges: String? { if case .purge(let address) = self { address } else { nil } }
    /// The account whose attributes the plan depends on.
    public var attributeOwner: String? { if case .setAttribute(_, _, let address) = self { address } else { nil } }
}
