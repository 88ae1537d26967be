import MusterStore

/// Takes the indexes away while many rows come: to sort all keys once is several times faster than to keep them sorted all the time.
///
/// A process that dies in between leaves a file without indexes, and without the mark of a finished seed: it is seeded anew.
enum BulkLoad {
    private static let schema = SandboxSchema.migrations.flatMap(\.statements)

    private static let indexes: [(name: String, statement: String)] = schema.reduce(into: []) { indexes, statement in
        let words = statement.split(separator: " ")
        guard let index = words.firstIndex(of: "INDEX"), index + 1 < words.count else { return }
        let name = String(words[index + 1])
        switch words.first {
        case "CREATE": indexes.append((name, statement))
        case "DROP": indexes.removeAll { $0.name == name }
        default: break
        }
    }

    /// SQLite forgets the figures of an index that goes.
    private static let figures = schema.filter { $0.contains("sqlite_stat1") || $0 == "ANALYZE sqlite_schema" }

    static func begin(_ tx: any Transaction) throws {
        for index in indexes { try tx.execute("DROP INDEX IF EXISTS \(index.name)") }
    }

    static func end(_ tx: any Transaction) throws {
        for index in indexes { try tx.execute(index.statement) }
        for statement in figures { try tx.execute(statement) }
    }
}
