import Mimecast
import Planning

extension PeopleFile {
    /// The people of the file as a tenant with these domains is to have them.
    ///
    /// - Parameters:
    ///   - domains: the tenant's internal domains, folded (``EmailAddress/foldDomain(_:)``).
    ///   - isSettled: whether somebody whose record was passed over, by place in the book, needs no second look; all others of them are read
    ///     now.
    /// - Throws: ``SourceError`` where an address lies outside the domains, two people turn out to have one address, or nobody is left.
    public func desired(domains: Set<String>, isSettled: (Int) -> Bool = { _ in false }) throws(SourceError) -> DesiredState {
        var findings = Findings()
        var (rows, leftOut) = (rows, leftOut)
        let more = try passedOver.rows { !isSettled($0) }
        if !more.isEmpty {
            leftOut += more.filter { $0.leftOut != nil }
            rows += more.filter { $0.leftOut == nil }
            rows.sort { $0.person.line < $1.person.line }
            checkUnique(rows, &findings)
        }
        let settled = passedOver.count - more.count
        var kept: [PersonRow] = []
        kept.reserveCapacity(rows.count)
        var homeless: [Int] = []
        // Who is left out is in the source all the same, and so nobody who has left.
        var leftOutKeys = Set(leftOut.flatMap { [$0.person.externalID, EmailAddress.key($0.person.address)] }.compactMap { $0 })
        for var row in rows {
            if row.address == nil, let principal = row.principal, domains.contains(principal.domain) {
                row.address = principal
                row.person.address = principal.text
            }
            guard row.address != nil else {
                homeless.append(row.person.line)
                leftOutKeys.formUnion([row.person.externalID, row.principal?.folded].compactMap { $0 })
                continue
            }
            kept.append(row)
        }
        // Addresses that were settled only now may be somebody's; all others were compared when they were read.
        if layout.hasColumn(.principal) { checkUnique(kept, &findings) }
        let everybody = settled > 0 ? rows : []
        let scopedOut = scope(&kept)
        for row in kept where row.address.map({ !domains.contains($0.domain) }) ?? false { findings.add(foreignDomain(row, domains)) }
        // What is wrong is told of the whole file.
        if !findings.isEmpty, settled > 0 { return try desired(domains: domains) }
        try findings.check()
        let notices = notices(homeless: homeless, leftOut, scopedOut)
        guard !kept.isEmpty || settled > 0 else {
            throw Self.namesNobody(name, "Every row was left out (\(notices.joined(separator: " ")))")
        }
        var desired = DesiredState(
            people: kept.map(\.person), notices: notices, leftOut: leftOutKeys.subtracting([""]), source: name, digest: digest,
            unit: layout.unit)
        desired.scopedOut = scopedOut
        desired.ruledGroups = rules.policy.ruledGroups
        desired.policy = policyDigest
        desired.fingerprints = kept.map(\.print)
        if settled > 0 {
            // Whoever is no person of the plan claims aliases all the same.
            let planned = Set(kept.map(\.person.line))
            for row in everybody where !planned.contains(row.person.line) { desired.aside.formUnion(row.aliases.map(\.folded)) }
        }
        return desired
    }

    /// Whether the record of somebody, by place in the book, was passed over.
    public func hasPassedOver(_ place: Int) -> Bool { passedOver.contains(place) }

    /// Takes out who is out of scope, and adds the groups of rules and the attributes to the others.
    private func scope(_ rows: inout [PersonRow]) -> ScopedOut? {
        let policy = rules.policy
        if !policy.groupRules.isEmpty {
            for index in rows.indices { rows[index].person.ruled = policy.groups(rows[index].values) }
        }
        // They see what the scope sees: the fields as they are to be, and the source's columns.
        if !policy.attributes.isEmpty {
            for index in rows.indices { rows[index].person.accountAttributes = policy.accountAttributes(rows[index].values) }
        }
        guard policy.hasScope else { return nil }
        var out = ScopedOut(leaving: policy.leaving)
        rows.removeAll { row in
            guard !policy.isInScope(row.values) else { return false }
            out.add(externalID: row.person.externalID, address: row.address?.folded ?? "", line: row.person.line)
            return true
        }
        return out
    }

    private func foreignDomain(_ row: PersonRow, _ domains: Set<String>) -> SourceError {
        let known = domains.sorted().prefix(10).joined(separator: ", ") + (domains.count > 10 ? " and \(domains.count - 10) more" : "")
        return SourceError(
            .foreignDomain, at: place(row, addressField(row)),
            "“\(row.person.address.quotable)” is in none of the tenant's domains (\(known.isEmpty ? "none is known" : known)).",
            remedy: "Add the domain in Mimecast and sync, correct the address, remove the row, or put it out of scope.")
    }

    /// Who was left out and why, a sentence for each reason.
    private func notices(homeless: [Int], _ leftOut: [PersonRow], _ scopedOut: ScopedOut?) -> [String] {
        var notices: [String] = []
        if let lines = scopedOut?.lines, !lines.isEmpty {
            notices.append("\(lines.count) \(lines.count == 1 ? "person" : "people") out of scope (\(listed(lines))).")
        }
        for reason in PersonRow.LeftOut.allCases {
            let lines = leftOut.filter { $0.leftOut == reason }.map(\.person.line)
            if !lines.isEmpty { notices.append("\(lines.count) \(reason.noun(lines.count)) left out (\(listed(lines))).") }
        }
        if !homeless.isEmpty {
            notices.append(
                "\(homeless.count) \(homeless.count == 1 ? "member" : "members") left out (\(listed(homeless))): neither mail nor a "
                    + "\(format == .okta ? "login" : "user principal name") in the tenant's domains.")
        }
        return notices
    }

    /// `lines 2, 3, 4, 5, 6, …`
    func listed(_ ordinals: [Int]) -> String {
        let first = ordinals.prefix(5).map(String.init).joined(separator: ", ")
        let noun = ordinals.count == 1 ? layout.unit : layout.unit == "entry" ? "entries" : "lines"
        return "\(noun) \(first)" + (ordinals.count > 5 ? ", …" : "")
    }
}
