import Mimecast

/// Accounts that are never removed, disabled or deprived of a role, whatever a source says.
public struct Protection: Sendable, Hashable {
    /// Folded addresses.
    public var addresses: Set<String>
    public var patterns: [AddressPattern]

    public init(addresses: Set<String> = [], patterns: [AddressPattern] = []) {
        self.addresses = addresses
        self.patterns = patterns
    }

    /// The folded addresses that are protected in a tenant: those named, and those of accounts and people that match a pattern.
    public func addresses(in observed: ObservedState, people: [Person] = []) -> Set<String> {
        guard !patterns.isEmpty else { return addresses }
        var all = addresses
        func add(_ address: String) {
            let key = EmailAddress.key(address)
            if patterns.contains(where: { $0.matches(key) }) { all.insert(key) }
        }
        for account in observed.accounts {
            add(account.address)
            account.aliases?.forEach(add)
        }
        for person in people {
            add(person.address)
            person.aliases?.forEach(add)
        }
        return all
    }
}

/// An address with `*` in it, which stands for any text, none included: `board-*@example.com`, `*@vip.example.com`.
public struct AddressPattern: Sendable, Hashable {
    /// Folded.
    public let text: String

    /// Nil where it is none: more than one `@` or none, more than eight `*`, or nothing beside stars on one side of both.
    public init?(_ text: String) {
        let folded = EmailAddress.fold(text)
        let sides = folded.split(separator: "@", omittingEmptySubsequences: false)
        let isMeaningful = sides.contains { side in !side.isEmpty && !side.allSatisfy { $0 == "*" || $0 == "." } }
        guard sides.count == 2, sides.allSatisfy({ !$0.isEmpty }), isMeaningful, folded.count(where: { $0 == "*" }) <= 8,
            folded.utf8.count <= 254, !folded.unicodeScalars.contains(where: { $0.properties.isWhitespace })
        else { return nil }
        self.text = sides[0] + "@" + EmailAddress.foldDomain(String(sides[1]))
    }

    /// Whether a folded address matches.
    public func matches(_ address: String) -> Bool {
        let pattern = Array(text.utf8)
        let bytes = Array(address.utf8)
        var (p, b) = (0, 0)
        var star: (p: Int, b: Int)?
        while b < bytes.count {
            if p < pattern.count, pattern[p] == UInt8(ascii: "*") {
                star = (p, b)
                p += 1
            } else if p < pattern.count, pattern[p] == bytes[b] {
                p += 1
                b += 1
            } else if let last = star {
                // The last star takes one byte more.
                star = (last.p, last.b + 1)
                p = last.p + 1
                b = last.b + 1
            } else {
                return false
            }
        }
        return pattern[p...].allSatisfy { $0 == UInt8(ascii: "*") }
    }
}
