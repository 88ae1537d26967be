import MusterStore

/// What reads no longer showed without proving that it is gone. Nothing is told of it, until a read proves it or shows it again.
struct Absences {
    enum Object: String { case account, alias, group, member }

    struct Absence {
        var id: String
        /// Of a membership: who.
        var member: String
        /// Of the last version.
        var since: Int
    }

    let tenant: String
    let tx: any Transaction

    func all(_ object: Object) throws -> [Absence] {
        try tx.all(
            "SELECT id, member, since FROM event_absences WHERE tenant = $1 AND object = $2 ORDER BY id, member",
            [.text(tenant), .text(object.rawValue)]
        ) { Absence(id: $0.text(0), member: $0.text(1), since: $0.int(2)) }
    }

    /// - Parameter since: of the last version.
    func put(_ object: Object, _ id: String, _ member: String = "", since: Int) throws {
        try tx.execute(
            """
            INSERT INTO event_absences (tenant, object, id, member, since) VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (tenant, object, id, member) DO NOTHING
            """, [.text(tenant), .text(object.rawValue), .text(id), .text(member), .int(since)])
    }

    /// It is settled.
    ///
    /// - Returns: since when its last version held; nil where it was not absent.
    @discardableResult
    func take(_ object: Object, _ id: String, _ member: String = "") throws -> Int? {
        let key: [SQLValue] = [.text(tenant), .text(object.rawValue), .text(id), .text(member)]
        let condition = "WHERE tenant = $1 AND object = $2 AND id = $3 AND member = $4"
        guard let since = try tx.first("SELECT since FROM event_absences \(condition)", key, { $0.int(0) }) else { return nil }
        try tx.execute("DELETE FROM event_absences \(condition)", key)
        return since
    }
}
