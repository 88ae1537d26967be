import Mimecast
import Planning

/// A row of a people file. Its address is settled, or hangs on the tenant's domains.
struct PersonRow: Sendable {
    /// Why a row is read and left out all the same: whoever it names has not left.
    enum LeftOut: Sendable, CaseIterable {
        case guest, staged

        func noun(_ count: Int) -> String {
            switch self {
            case .guest: count == 1 ? "guest" : "guests"
            case .staged: count == 1 ? "staged person" : "staged people"
            }
        }
    }

    var person: Person
    /// Nil where only the tenant's domains tell whether ``principal`` is the address.
    var address: EmailAddress?
    /// A sign-in name, where there is no mail and it has the form of an address.
    var principal: EmailAddress?
    var aliases: [EmailAddress] = []
    var leftOut: LeftOut?
    /// Stands for the record; nil where the format gives none.
    var print: Fingerprint?
    /// What expressions of the configuration ask for, by the columns' keys.
    var named: [String: [String]] = [:]

    /// What an expression about this person sees: the fields as they are to be by the contract's names, and the source's columns.
    func values(_ key: String) -> [String] {
        guard let field = PeopleField.byKey[key] else { return named[key] ?? [] }
        return switch field {
        case .email: [person.address]
        case .externalId: [person.externalID].compactMap { $0 }
        case .name: [person.name].compactMap { $0 }
        case .firstName: [person.firstName].compactMap { $0 }
        case .lastName: [person.lastName].compactMap { $0 }
        case .active: person.active.map { [$0 ? "true" : "false"] } ?? []
        case .aliases: person.aliases ?? []
        case .groups: person.groups ?? []
        case .adminRoles: person.adminRoles ?? []
        case .principal, .userType: []
        }
    }
}
