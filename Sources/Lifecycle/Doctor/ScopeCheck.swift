import Mimecast
import Planning

/// Whom a source names, against who may write them.
enum ScopeCheck {
    /// What a source is about, as the tenant has it.
    struct Scope: Sendable, Hashable {
        var source: String
        var people: Int
        /// Addresses that the source names and the directory owns.
        var ownedPeople: [String]
        /// Names of groups, likewise.
        var ownedGroups: [String]
        /// Active people whom the tenant does not have.
        var newcomers: Int
    }

    /// - Parameter taken: by folded address: who may write the account that has it.
    static func scope(_ desired: DesiredState, taken: [String: Authority], groups: [Group]) -> Scope {
        var scope = Scope(source: desired.source, people: desired.people.count, ownedPeople: [], ownedGroups: [], newcomers: 0)
        var named: Set<String> = []
        for person in desired.people {
            switch taken[EmailAddress.key(person.address)] {
            case .ldap?: scope.ownedPeople.append(person.address)
            case .cloud?: break
            case nil: if person.active != false { scope.newcomers += 1 }
            }
            named.formUnion((person.groups ?? []).map { $0.lowercased() })
        }
        scope.ownedGroups = groups.filter { $0.authority == .ldap && named.contains($0.name.lowercased()) }.map(\.name).sorted()
        return scope
    }

    static func findings(_ scope: Scope) -> [Finding] {
        guard !scope.ownedPeople.isEmpty || !scope.ownedGroups.isEmpty else { return [] }
        var parts: [String] = []
        if !scope.ownedPeople.isEmpty {
            let count = scope.ownedPeople.count
            parts.append("\(count) of the \(scope.people) people in \(scope.source) (\(listed(scope.ownedPeople)))")
        }
        if !scope.ownedGroups.isEmpty {
            parts.append(
                scope.ownedGroups.count == 1
                    ? "the group \(scope.ownedGroups[0])" : "\(scope.ownedGroups.count) of its groups (\(listed(scope.ownedGroups)))")
        }
        return [
            Finding(
                .ldapOwned, .warning,
                """
                The company's directory owns \(parts.joined(separator: " and ")): neither API nor SCIM writes them, and a plan shows \
                them as blocked.
                """,
                remedy: "Change them in the directory, which the vendor syncs; or leave them out of the source.")
        ]
    }

    private static func listed(_ names: [String]) -> String { names.prefix(3).joined(separator: ", ") + (names.count > 3 ? ", …" : "") }
}

/// Contracted seats against people.
enum SeatsCheck {
    /// - Parameter newcomers: whom a source would bring.
    static func findings(seats: Int?, people: Int?, newcomers: Int) -> [Finding] {
        guard let seats, let people, people + newcomers > seats else { return [] }
        let coming = newcomers > 0 ? ", and the source brings \(newcomers) more" : ""
        return [
            Finding(
                .seatsShort, .warning,
                "\(seats) seats are contracted; the tenant has \(people) people\(coming): \(people + newcomers - seats) too many.",
                remedy: "Have leavers disabled or purged, or ask the vendor for more seats before the next creation.")
        ]
    }
}
