import Mimecast

extension Planner {
    /// Somebody who is in the source, but out of scope now, where the configuration wants such accounts disabled.
    func scopeLeaver(_ link: Link) -> (reason: String, evidence: String)? {
        guard let line = input.desired.scopedOut?.line(of: link) else { return nil }
        return (
            "out of scope now, and scope.leaving is disable; the account was linked to \(link.person)",
            "\(input.desired.unit) \(line) of \(input.desired.source)"
        )
    }

    /// Accounts that nobody is or was linked to; those of people who are out of scope or left out are no orphans.
    var orphans: [String] {
        guard !input.isByHand else { return [] }
        let named = input.desired.leftOut
        let scoped = input.desired.scopedOut?.keys ?? [:]
        return correlation.orphans.map { input.observed.accounts[$0].address }
            .filter { address in
                let key = EmailAddress.key(address)
                return !named.contains(key) && scoped[key] == nil
            }.sorted()
    }

    /// Who is out of scope and has an account that an earlier plan linked to them: said, since it looks like nothing.
    func scopeNotices() -> [String] {
        let kept = correlation.outOfScope.map { input.observed.accounts[$0].address }.sorted()
        guard !kept.isEmpty else { return [] }
        let names = kept.prefix(3).joined(separator: ", ") + (kept.count > 3 ? ", …" : "")
        return [
            "\(counted(kept.count, "account")) of people who were in scope before and are not any more \(kept.count == 1 ? "stays" : "stay") as "
                + "\(kept.count == 1 ? "it is" : "they are"): \(names). scope.leaving: disable would disable them."
        ]
    }
}
