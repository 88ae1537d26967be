import Mimecast

/// What is known of a product's export of people: how its header is recognised, which column holds what, and what its states mean.
///
/// Column names are compared by ``key(_:)``. The headers are those of the products' own exports of November 2026.
struct ExportFormat: Sendable {
    /// What a state says of the person.
    enum Standing: Sendable {
        case active, inactive
        /// Not a person yet: neither made nor removed.
        case leftOut
    }

    let kind: PeopleFile.Format
    /// The names of each field's column, the best first.
    private let names: [PeopleField: [String]]
    /// States in lower case, where the export has its own; otherwise true and false.
    let standings: [String: Standing]
    /// First and last name make the name where no column has it (our choice), since such exports have none.
    let composesName: Bool

    /// Field and rank of a column, 0 the best, by its key.
    func field(_ key: String) -> (field: PeopleField, rank: Int)? { index[key] }

    private let index: [String: (field: PeopleField, rank: Int)]

    private init(
        _ kind: PeopleFile.Format, _ names: [PeopleField: [String]], standings: [String: Standing] = [:], composesName: Bool = false
    ) {
        self.kind = kind
        self.names = names
        self.standings = standings
        self.composesName = composesName
        index = names.reduce(into: [:]) { index, entry in
            for (rank, name) in entry.value.enumerated() { index[name] = (entry.key, rank) }
        }
    }

    /// A column's name for comparison: folded. Of Google's `First Name [Required]` the note in brackets goes.
    static func key(_ name: String) -> String {
        var key = EmailAddress.fold(name)
        if key.hasSuffix("]"), let bracket = key.lastIndex(of: "["), bracket > key.startIndex {
            key = String(key[..<bracket]).withoutBlanks
        }
        return key
    }

    /// Which export has these columns; nil where none holds the people's addresses.
    ///
    /// - Parameter keys: the columns' keys.
    static func recognise(_ keys: Set<String>) -> ExportFormat? {
        func has(_ keys_: String...) -> Bool { keys_.allSatisfy(keys.contains) }
        let isContract = has("email")
        // A column that the contract alone has makes it the contract's, whatever stands beside it.
        if isContract, ["externalid", "name", "active", "aliases", "groups", "adminroles"].contains(where: keys.contains) {
            return contract
        }
        if has("login"), has("firstname", "lastname") || has("first name", "last name") { return okta }
        if isContract { return contract }
        if has("email address"), has("org unit path") || has("first name", "last name") { return google }
        if has("userprincipalname"), has("accountenabled") || has("displayname") { return entra }
        return nil
    }

    /// Muster's own.
    static let contract = ExportFormat(
        .muster,
        PeopleField.allCases.reduce(into: [:]) { names, field in
            if let name = field.contractName { names[field] = [name.lowercased()] }
        })

    /// Whatever has no known header, where a mapping says which column is what. The contract's names are understood.
    static let mapped = ExportFormat(.mapped, contract.names)

    /// Entra ID's “Download users”, and users as Microsoft Graph writes them.
    static let entra = ExportFormat(
        .entra,
        [
            .email: ["mail"], .externalId: ["id"], .name: ["displayname"], .firstName: ["givenname"], .lastName: ["surname"],
            .active: ["accountenabled"], .principal: ["userprincipalname"], .userType: ["usertype"],
        ])

    /// Google Workspace's “Download users”. It has no immutable id; `Employee ID` is taken where it is filled.
    static let google = ExportFormat(
        .google,
        [
            .email: ["email address"], .externalId: ["employee id"], .firstName: ["first name"], .lastName: ["last name"],
            .active: ["status"],
        ],
        standings: ["active": .active, "suspended": .inactive, "archived": .inactive], composesName: true)

    /// Okta: profile names of the CSV template and the API, or titles of the reports.
    ///
    /// Somebody STAGED has not begun yet: neither made nor disabled (our choice). Whoever cannot sign in for a while only (a locked or
    /// expired password) is active.
    static let okta = ExportFormat(
        .okta,
        [
            .email: ["email", "primary email"], .externalId: ["id", "user id", "userid"], .name: ["displayname", "display name"],
            .firstName: ["firstname", "first name"], .lastName: ["lastname", "last name"], .active: ["status", "user status"],
            .principal: ["login"],
        ],
        standings: [
            "active": .active, "provisioned": .active, "recovery": .active, "locked_out": .active, "locked out": .active,
            "password_expired": .active, "password expired": .active, "suspended": .inactive, "deprovisioned": .inactive,
            "deactivated": .inactive, "staged": .leftOut,
        ], composesName: true)

    /// Whether a column is dropped at the border, and its cells never kept, compared or quoted: whatever speaks of a password or a secret.
    static func isSecret(_ key: String) -> Bool { ["password", "passwd", "secret", "recovery_question"].contains { key.contains($0) } }
}
