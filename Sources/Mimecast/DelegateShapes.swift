/// The account `primaryAddress` gets the right to open the mailbox `delegateAddress`.
public struct DelegateChange: Codable, Sendable, Hashable {
    public var primaryAddress: String?
    public var delegateAddress: String?

    public init(primaryAddress: String?, delegateAddress: String?) {
        self.primaryAddress = primaryAddress
        self.delegateAddress = delegateAddress
    }
}

/// The id of the right. remove-delegate-user answers the same (our choice).
public struct DelegateReply: Codable, Sendable, Hashable {
    public var id: String
    public var success: Bool

    public init(id: String, success: Bool = true) {
        self.id = id
        self.success = success
    }
}

/// The account whose rights are asked for.
public struct DelegateQuery: Codable, Sendable, Hashable {
    public var primaryAddress: String?

    public init(primaryAddress: String?) { self.primaryAddress = primaryAddress }
}

/// One object that holds the rows (two public clients read it so).
public struct DelegateList: Codable, Sendable, Hashable {
    public var delegateUsers: [DelegateRow]

    public init(delegateUsers: [DelegateRow]) { self.delegateUsers = delegateUsers }
}

/// A mailbox that the account asked for may open: its address and name, and the id that removes the right. `source` says where the
/// right was given.
public struct DelegateRow: Codable, Sendable, Hashable {
    public var id: String
    public var emailAddress: String
    public var name: String?
    public var source: String?

    public init(id: String, emailAddress: String, name: String? = nil, source: String? = nil) {
        self.id = id
        self.emailAddress = emailAddress
        self.name = name
        self.source = source
    }
}

/// One thing by its id: a delegate right, an import.
public struct IDKey: Codable, Sendable, Hashable {
    public var id: String?

    public init(id: String?) { self.id = id }
}
