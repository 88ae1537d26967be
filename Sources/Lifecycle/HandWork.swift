import Mimecast
import Planning

/// What somebody asks for by hand: a few people, whatever a source says of them. It goes through the same guards, approvals and journal.
public struct HandWork: Sendable {
    /// What they are to be; a nil field stays as it is.
    public var people: [Person]
    /// Why; kept on every line.
    public var reason: String?
    /// The account of a person who gets another address, by the new address.
    public var addressesNow: [String: String]
    /// Accounts that are to be deleted.
    public var deletions: [String]
    /// What else is asked for.
    public var asks: [HandAsk]
    /// Names of groups that people leave unless they name them.
    public var left: [String]
    /// Whether people are to be made who are not there; otherwise they have to be there.
    public var makes: Bool

    public init(
        people: [Person] = [], reason: String? = nil, addressesNow: [String: String] = [:], deletions: [String] = [], asks: [HandAsk] = [],
        left: [String] = [],
        makes: Bool = false
    ) {
        self.people = people
        self.reason = reason
        self.addressesNow = addressesNow
        self.deletions = deletions
        self.asks = asks
        self.left = left
        self.makes = makes
    }

    /// Ties people who get another address to the accounts that they have.
    func links(_ observed: ObservedState) -> [Link] {
        addressesNow.map { new, old in
            let account = observed.accounts.first { EmailAddress.key($0.address) == EmailAddress.key(old) }
            return Link(account: EmailAddress.key(old), accountID: account?.id, person: EmailAddress.key(new))
        }
    }

    /// Looks whether those who are named are there.
    ///
    /// - Returns: ids of the groups that are left.
    /// - Throws: ``LifecycleError`` that names who is not.
    func check(_ observed: ObservedState) throws -> Set<String> {
        let there = Set(observed.accounts.map { EmailAddress.key($0.address) })
        for person in people {
            let address = addressesNow[person.address] ?? person.address
            let isThere = there.contains(EmailAddress.key(address))
            if makes, isThere {
                throw LifecycleError(
                    .input, "account-exists", "There is an account \(address) already.", remedy: "Change it with muster users update.")
            }
            if !makes, !isThere {
                throw LifecycleError(
                    .input, "no-such-account", "The tenant has no account \(address).",
                    remedy: "Look at the spelling; muster users list shows who is there.")
            }
        }
        return Set(
            try left.map { name in
                let found = observed.groups.filter { EmailAddress.fold($0.name) == EmailAddress.fold(name) }
                guard found.count == 1, let group = found.first else {
                    throw LifecycleError(
                        .input, "no-such-group",
                        found.isEmpty ? "The tenant has no group \(name)." : "\(found.count) groups have the name \(name).",
                        remedy: "muster groups list shows them.")
                }
                guard group.authority == .cloud else {
                    throw LifecycleError(
                        .input, "ldap-owned", "The group \(name) is directory-synced and cannot be written.",
                        remedy: "Change it in the company's directory; the vendor takes it over at its next sync.")
                }
                return group.id
            })
    }
}
