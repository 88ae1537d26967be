import Mimecast
import SCIMStore

/// Something that changed in the company's own directory and waits for a sync. Kept as JSON.
enum DirectoryChange: Codable, Sendable, Hashable {
    /// A person appeared. Groups by name.
    case create(address: String, name: String?, groups: [String])
    case disable(address: String)
    case enable(address: String)
    case rename(address: String, newAddress: String?, name: String?)
    /// A person left.
    case delete(address: String)
    case addMember(address: String, group: String)
    case removeMember(address: String, group: String)
    case createGroup(name: String)
    case deleteGroup(name: String)

    /// It takes something away, which no sync does while a connection is disabled or in error (the vendor's support article; its
    /// list is "include …", and disabling is counted in: our choice).
    var isDestructive: Bool {
        switch self {
        case .disable, .delete, .removeMember, .deleteGroup: true
        case .create, .enable, .rename, .addMember, .createGroup: false
        }
    }

    /// What a change touches. Two changes may change places where neither touches what the other has for itself.
    struct Claims: Sendable, Hashable {
        /// Addresses and groups that it has for itself.
        var own: Set<String> = []
        /// Groups that others may touch in this way at the same time: memberships of different people do not meet.
        var shared: Set<String> = []

        func meet(_ other: Claims) -> Bool {
            !own.isDisjoint(with: other.own) || !own.isDisjoint(with: other.shared) || !shared.isDisjoint(with: other.own)
        }

        mutating func formUnion(_ other: Claims) {
            own.formUnion(other.own)
            shared.formUnion(other.shared)
        }
    }

    var claims: Claims {
        func person(_ address: String) -> String { "person " + EmailAddress.key(address) }
        func group(_ name: String) -> String { "group " + foldedKey(name) }
        switch self {
        case .create(let address, _, let groups): return Claims(own: [person(address)], shared: Set(groups.map(group)))
        case .disable(let address), .enable(let address), .delete(let address): return Claims(own: [person(address)])
        case .rename(let address, let new, _): return Claims(own: [person(address), person(new ?? address)])
        case .addMember(let address, let name), .removeMember(let address, let name):
            return Claims(own: [person(address)], shared: [group(name)])
        case .createGroup(let name), .deleteGroup(let name): return Claims(own: [group(name)])
        }
    }
}
