/// A field of a person as sources spell it: the contract's, and two that some exports have beside them.
enum PeopleField: Int, Sendable, CaseIterable {
    case email, externalId, name, firstName, lastName, active, aliases, groups, adminRoles
    /// A sign-in name, which is the address where there is no other and it has the form of one.
    case principal
    /// Entra's Member or Guest.
    case userType

    /// The name in the contract's header; nil where the contract has no such column.
    var contractName: String? {
        switch self {
        case .email: "email"
        case .externalId: "externalId"
        case .name: "name"
        case .firstName: "firstName"
        case .lastName: "lastName"
        case .active: "active"
        case .aliases: "aliases"
        case .groups: "groups"
        case .adminRoles: "adminRoles"
        case .principal, .userType: nil
        }
    }

    /// Whether it is kept as an attribute, too: it is none of a person's fields.
    var isAttribute: Bool { contractName == nil }

    /// Whether it may have several values.
    var isList: Bool { self == .aliases || self == .groups || self == .adminRoles }

    /// The contract's fields by their names, folded.
    static let byKey: [String: PeopleField] = allCases.reduce(into: [:]) { fields, field in
        if let name = field.contractName { fields[name.lowercased()] = field }
    }
}
