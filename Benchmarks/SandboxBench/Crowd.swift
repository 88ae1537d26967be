import Lifecycle
import Mimecast
import Planning

/// People whose reads differ by one in a hundred each, as a guide application's list shows them.
struct Crowd: Sendable {
    let people: Int

    static let domain = "example.com"

    /// Everybody at a read, a page after the other.
    ///
    /// - Parameter read: 0 is the first.
    func pages(at read: Int) -> Pages { Pages(crowd: self, read: read) }

    struct Pages: Sequence, IteratorProtocol, Sendable {
        let crowd: Crowd
        let read: Int
        private var start = 0
        private static let size = 500

        init(crowd: Crowd, read: Int) {
            self.crowd = crowd
            self.read = read
        }

        mutating func next() -> [Account]? {
            guard start < crowd.people else { return nil }
            let end = Swift.min(start + Self.size, crowd.people)
            defer { start = end }
            return (start..<end).map { crowd.account($0, at: read) }
        }
    }

    /// As an address sorts, so that lists do not come in the order of the table.
    func address(_ person: Int) -> String {
        let mixed = UInt64(person) &* 0x9E37_79B9_7F4A_7C15
        let digits = String(mixed, radix: 36)
        return "\(digits.prefix(9)).\(person)@\(Self.domain)"
    }

    fileprivate func account(_ person: Int, at read: Int) -> Account {
        let address = address(person)
        let changed = lastChange(of: person, by: read)
        let mixed = UInt64(person) &* 0xD129_0274_3C3A_92C5
        return Account(
            id: "acc-\(String(mixed, radix: 16))\(person)", address: address,
            name: changed == 0 ? "Person \(person)" : "Name \(changed) of \(address.prefix { $0 != "@" })", firstName: nil, lastName: nil,
            aliases: person % 10 == 0 ? ["alias.\(person)@\(Self.domain)"] : [], adminRoles: [], status: .active, authority: .cloud,
            isInternal: true)
    }

    /// The read in which a person changed last; 0 is never. In each read those change whose number ends like the read's.
    private func lastChange(of person: Int, by read: Int) -> Int {
        let behind = (read - person % 100 + 100) % 100
        return max(0, read - behind)
    }

    /// What the vendor's audit log says of a read's changes.
    ///
    /// - Parameter instant: when the read begins, in seconds since 1970; all was done in the minute before.
    func traces(at read: Int, by instant: Int) -> [AuditTrace] {
        guard read > 0 else { return [] }
        return stride(from: read % 100, to: people, by: 100).map { person in
            let mixed = UInt64(person + read) &* 0xD129_0274_3C3A_92C5
            let address = address(person)
            return AuditTrace(
                id: "eN\(String(mixed, radix: 36))-\(String(mixed &* 0x9E37_79B9, radix: 36))\(read)", at: instant - 60,
                category: "user_account_and_role_logs", actor: "an.administrator@\(Self.domain)", kind: .accountChanged,
                subject: EmailAddress.key(address), application: "Administration Console", text: "User \(address) changed")
        }
    }

    /// Groups in which everybody is twice, a thousand people to a group.
    func groups() -> [FedReads.Members] {
        let count = max(2, people / 500)
        var keys = [[String]](repeating: [], count: count)
        for person in 0..<people {
            let key = EmailAddress.key(address(person))
            keys[person % count].append(key)
            keys[(person / count + person + 1) % count].append(key)
        }
        return keys.enumerated().map { number, keys in
            // Somebody who is in one group by both rules is in it once.
            FedReads.Members(
                group: Group(id: "group-\(number)", name: "Group \(number)", authority: .cloud), keys: Array(Set(keys)))
        }
    }
}
