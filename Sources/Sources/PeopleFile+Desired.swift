import Mimecast
import Planning

extension PeopleFile {
    /// The people of the file as a tenant with these domains is to have them.
    ///
    /// - Parameter domains: the tenant's internal domains, folded (``EmailAddress/foldDomain(_:)``).
    /// - Throws: ``SourceError`` where an address lies outside the domains, two people turn out to have one address, or nobody is left.
    public func desired(domains: Set<String>) throws(SourceError) -> DesiredState {
        var findings = Findings()
        var kept: [PersonRow] = []
        kept.reserveCapacity(rows.count)
        var homelessLines: [Int] = []
        // Who is left out is in the source all the same, and so nobody who has left.
        var leftOutKeys = Set(guests.flatMap { [$0.externalID, EmailAddress.key($0.address)] }.compactMap { $0 })
        for var row in rows {
            if row.address == nil, let principal = row.principal, domains.contains(principal.domain) {
                row.address = principal
                row.person.address = principal.text
            }
            guard let address = row.address else {
                homelessLines.append(row.person.line)
                leftOutKeys.formUnion([row.person.externalID, row.principal?.folded].compactMap { $0 })
                continue
            }
            if !domains.contains(address.domain) { findings.add(foreignDomain(row, domains)) }
            kept.append(row)
        }
        // Muster's own rows were compared when they were read.
        if format == .entra { checkUnique(kept, &findings) }
        try findings.check()
        guard !kept.isEmpty else {
            throw Self.namesNobody(name, "Every row was left out (\(leftOut(homelessLines).joined(separator: " ")))")
        }
        return DesiredState(
            people: kept.map(\.person), notices: leftOut(homelessLines), leftOut: leftOutKeys.subtracting([""]), source: name,
            digest: digest)
    }

    private func foreignDomain(_ row: PersonRow, _ domains: Set<String>) -> SourceError {
        let known = domains.sorted().prefix(10).joined(separator: ", ") + (domains.count > 10 ? " and \(domains.count - 10) more" : "")
        return SourceError(
            .foreignDomain, at: place(row, addressColumn(row)),
            "“\(row.person.address.quotable)” is in none of the tenant's domains (\(known.isEmpty ? "none is known" : known)).",
            remedy: "Add the domain in Mimecast and sync, correct the address, or remove the row.")
    }

    private func leftOut(_ homelessLines: [Int]) -> [String] {
        var notices: [String] = []
        if !guestLines.isEmpty {
            notices.append("\(Self.count(guestLines, "guest", "guests")) left out (\(Self.listed(guestLines))).")
        }
        if !homelessLines.isEmpty {
            notices.append(
                "\(Self.count(homelessLines, "member", "members")) left out (\(Self.listed(homelessLines))): neither mail nor a user principal "
                    + "name in the tenant's domains.")
        }
        return notices
    }

    private static func count(_ lines: [Int], _ one: String, _ many: String) -> String {
        lines.count == 1 ? "1 \(one)" : "\(lines.count) \(many)"
    }

    private static func listed(_ lines: [Int]) -> String {
        let first = lines.prefix(5).map(String.init).joined(separator: ", ")
        return (lines.count == 1 ? "line " : "lines ") + first + (lines.count > 5 ? ", …" : "")
    }
}
