/// A table of what was read, in versions: a row holds from the read that first showed it (`since`) to the one that showed it no more, or
/// otherwise (`until`; null while it holds). Reads are numbered by tenant.
///
/// Rows of a read that is under way stand beside those of the current one, and nobody sees them before that read is current. So a read that
/// finds nothing new writes nothing, and what was true at an earlier read stays a query.
///
/// Each row has a number, `n`, by which a read marks in one bit that it saw the row again.
struct ObservedTable: Sendable {
    /// All of them.
    static let all = [ObservedAccount.table, ObservedTaken.table, ObservedGroup.table, ObservedMember.table]

    let name: String
    /// `$1` tenant, then the keys: versions that hold or will, older first. Columns: n, since, values.
    let versions: String
    /// `$1` tenant, `$2` n, `$3` since, then keys, values, and the part where the table has parts. Changes nothing where the read has put a
    /// row of these keys there before.
    let insert: String
    /// `$1` tenant, `$2` since, `$3` until, then the keys: ends a version.
    let end: String
    /// `$1` tenant: all versions that hold or will, in the order of their keys. Columns: n, since, keys, values.
    let scan: String
    /// `$1` tenant, `$2` since: takes back what a read added.
    let takeBack: String
    /// The same of one part, `$3`; nil where the table has none.
    let takeBackPart: String?
    let keyCount: Int
    let valueCount: Int

    /// - Parameter shown: what a query has for each of the values, where that is not the column itself.
    init(_ name: String, keys: [String], values: [String], shown: [String]? = nil, hasParts: Bool) {
        let shown = shown ?? values
        self.name = name
        keyCount = keys.count
        valueCount = values.count
        func conditions(from first: Int) -> String { keys.enumerated().map { " AND \($1) = $\(first + $0)" }.joined() }
        let columns = ["tenant", "n", "since"] + keys + values + (hasParts ? ["part"] : [])
        versions =
            "SELECT \((["n", "since"] + shown).joined(separator: ", ")) FROM \(name) WHERE tenant = $1\(conditions(from: 2)) AND until IS NULL ORDER BY since"
        insert =
            "INSERT INTO \(name) (\(columns.joined(separator: ", "))) VALUES (\(columns.indices.map { "$\($0 + 1)" }.joined(separator: ", "))) ON CONFLICT (tenant, \(keys.joined(separator: ", ")), since) DO NOTHING"
        end = "UPDATE \(name) SET until = $3 WHERE tenant = $1 AND since = $2\(conditions(from: 4))"
        scan =
            "SELECT \((["n", "since"] + keys + shown).joined(separator: ", ")) FROM \(name) WHERE tenant = $1 AND until IS NULL ORDER BY \(keys.joined(separator: ", "))"
        takeBack = "DELETE FROM \(name) WHERE tenant = $1 AND since = $2"
        takeBackPart = hasParts ? takeBack + " AND part = $3" : nil
    }

    /// A condition for rows that the current read shows.
    ///
    /// - Parameters:
    ///   - alias: the table's name in the query.
    ///   - current: the placeholder of the current read's number.
    static func holds(_ alias: String, at current: String) -> String { "\(alias).until IS NULL AND \(alias).since <= \(current)" }

    /// A condition for rows that any one read showed.
    ///
    /// - Parameters:
    ///   - alias: the table's name in the query.
    ///   - number: the placeholder of that read's number.
    static func held(_ alias: String, at number: String) -> String {
        "\(alias).since <= \(number) AND (\(alias).until IS NULL OR \(alias).until > \(number))"
    }
}
