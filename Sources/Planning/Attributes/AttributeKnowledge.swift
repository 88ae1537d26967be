import Crypto
import Foundation
import Mimecast

/// What is known of the tenant's attributes when a plan is made.
///
/// No list of the vendor's shows attributes: they are asked for, 25 accounts a call, of those people alone for whom the source says
/// something that was never seen in effect.
public struct AttributeKnowledge: Sendable {
    /// What was read just now, by the accounts' folded addresses; whoever was not asked for, or is not there, is absent.
    public var read: [String: AttributeReading]
    /// What earlier reads showed to be as the source wants it, by the accounts' folded addresses.
    public var accepted: [String: AcceptedAttributes]
    /// Attributes that the vendor refused by name, by their folded names.
    public var refused: [String: RefusedAttribute]
    /// Everybody is asked for, whatever was seen before, and what was refused is tried again.
    public var isWhole: Bool

    public init(
        read: [String: AttributeReading] = [:], accepted: [String: AcceptedAttributes] = [:], refused: [String: RefusedAttribute] = [:],
        isWhole: Bool = false
    ) {
        self.read = read
        self.accepted = accepted
        self.refused = isWhole ? [:] : refused
        self.isWhole = isWhole
    }
}

/// The attributes of one account, as read: values by folded names.
public struct AttributeReading: Sendable, Hashable {
    private var values: [String: String] = [:]

    public init(_ attributes: [Attribute]) {
        for attribute in attributes {
            guard let name = attribute.name, let value = attribute.value, !value.isEmpty else { continue }
            values[EmailAddress.fold(name)] = value
        }
    }

    /// Nil where the account has no such attribute, or an empty one. Letter case of the name makes no difference.
    public subscript(name: String) -> String? { values[EmailAddress.fold(name)] }
}

/// The mark that an account's attributes were seen as the source wants them.
public struct AcceptedAttributes: Sendable, Hashable {
    /// The account's folded address.
    public var account: String
    /// Where the dialect has ids: another account under the same address is not this one.
    public var accountID: String?
    /// Whom the source gives the account: its id of the person, or their folded address.
    public var person: String
    /// Of what the source wanted (``digest(of:)``).
    public var digest: String

    public init(account: String, accountID: String?, person: String, digest: String) {
        self.account = account
        self.accountID = accountID
        self.person = person
        self.digest = digest
    }

    /// Digest of values by folded names, 32 characters of lower-case hex: equal wishes have equal digests, and no value is kept.
    static func digest(of values: [(name: String, value: String)]) -> String {
        // Length before text: no two wishes look the same.
        let text = values.sorted { $0.name < $1.name }.map { "\($0.name.utf8.count) \($0.name)\($0.value.utf8.count) \($0.value)" }
        return SHA256.hash(data: Data(text.joined().utf8)).prefix(16).map { String(format: "%02x", $0) }.joined()
    }
}

/// An attribute that the vendor refused by its name: for everybody, since attributes are defined once for a tenant.
public struct RefusedAttribute: Sendable, Hashable {
    /// As the configuration writes it.
    public var name: String
    /// The vendor's words.
    public var why: String

    public init(name: String, why: String) {
        self.name = name
        self.why = why
    }
}
