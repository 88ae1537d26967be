import MusterStore

/// What the events of an account have in common through its renames, for those who keep them in order: its first address that was known.
///
/// An address that somebody else has later leads to the same lane: more order than is needed harms nobody.
struct EventLanes {
    let tenant: String
    let tx: any Transaction

    /// - Parameter person: a folded address.
    /// - Returns: nil where it is the address itself.
    func lane(of person: String) throws -> String? {
        guard !person.isEmpty else { return nil }
        return try tx.first("SELECT lane FROM event_lanes WHERE tenant = $1 AND person = $2", [.text(tenant), .text(person)]) { $0.text(0) }
    }

    /// Who had one address has another from now on.
    ///
    /// Whoever had that address before is in the same lane from now on; their earlier events are not, and nothing tells those of the two apart
    /// any more.
    func rename(_ from: String, to person: String) throws {
        let lane = try lane(of: from) ?? from
        guard lane != person else {
            // Back again.
            try tx.execute("DELETE FROM event_lanes WHERE tenant = $1 AND person = $2", [.text(tenant), .text(person)])
            return
        }
        try tx.execute(
            "INSERT INTO event_lanes (tenant, person, lane) VALUES ($1, $2, $3) ON CONFLICT (tenant, person) DO UPDATE SET lane = $3",
            [.text(tenant), .text(person), .text(lane)])
    }
}
