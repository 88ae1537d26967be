import Foundation
import Mimecast

/// A domain that is a member of a group as a whole.
struct DomainMember: Sendable {
    /// The domain's id, the same in every group.
    let id: String
    /// Folded.
    let domain: String
    let isInternal: Bool
    let notes: String?
}

/// One member of a group.
enum MemberRecord: Sendable {
    case domain(DomainMember)
    case account(AccountRecord, notes: String?)

    var id: String {
        switch self {
        case .domain(let member): member.id
        case .account(let account, _): account.id
        }
    }

    /// The address or the domain.
    var name: String {
        switch self {
        case .domain(let member): member.domain
        case .account(let account, _): account.address
        }
    }

    /// The place in the list: domains come first, by name, then accounts, by id.
    var place: [String] {
        switch self {
        case .domain(let member): ["domain", member.domain]
        case .account(let account, _): ["account", account.id]
        }
    }
}

/// Whom a call wants to add or remove; checked.
enum MemberTarget: Sendable {
    case address(EmailAddress)
    /// Folded.
    case domain(String)

    /// An address or a domain, not both. What is empty is not there: the member lists of the vendor show a domain with an empty address.
    init(_ change: MemberChange) throws {
        switch (change.emailAddress ?? "", change.domain ?? "") {
        // Null or blank, whichever came.
        case ("", ""): self = .address(try FieldCheck.requiredAddress(change.emailAddress ?? change.domain))
        case (let address, ""): self = .address(try FieldCheck.requiredAddress(address))
        case ("", let domain): self = .domain(try FieldCheck.domain(domain))
        default: throw ItemFailure.invalid("domain", "An address or a domain is needed, not both")
        }
    }
}

extension FieldCheck {
    /// - Returns: the folded domain.
    static func domain(_ text: String, _ field: String = "domain") throws -> String {
        let text = try required(text, field)
        // A domain is what may stand in an address.
        guard let address = EmailAddress("x@" + text.trimmingCharacters(in: .whitespacesAndNewlines)) else {
            throw ItemFailure.invalid(field, "This is no domain")
        }
        return address.domain
    }

    /// - Throws: ``CallRefusal``: a malformed id is 400 with an empty body, whatever else the call holds (recorded).
    ///
    /// - Returns: the id without the prefix that some carry.
    static func id(_ value: String?, _ field: String = "id") throws -> String {
        var id = try required(value, field)
        if id.hasPrefix("MTOKEN:") { id.removeFirst("MTOKEN:".count) }
        guard Base64URL.isPlausible(id) else { throw CallRefusal.malformedID }
        guard id.hasPrefix("eN") else { throw CallRefusal.foreignID }
        return id
    }
}
