import Mimecast
import Planning

/// Records of a table that nobody has read yet, since what they say was known when they came by. They are named by the places of their people
/// in the book (``SettledBook``).
struct PassedOver: Sendable {
    /// Where the records begin, -1 for those that the table does not have, and their lines.
    private var positions: [Int]
    private var lines: [Int32]
    private(set) var count = 0
    /// How to read them; nil where the format gives no fingerprints.
    private let table: (csv: CSVReader, header: PeopleHeader, reader: PersonReader, prints: RecordPrints)?

    init() {
        (positions, lines) = ([], [])
        table = nil
    }

    /// - Parameter known: how many people are in the book.
    init(_ known: Int, _ csv: CSVReader, _ header: PeopleHeader, _ reader: PersonReader, _ prints: RecordPrints) {
        positions = [Int](repeating: -1, count: known)
        lines = [Int32](repeating: 0, count: known)
        table = (csv, header, reader, prints)
    }

    var isEmpty: Bool { count == 0 }

    func contains(_ place: Int) -> Bool { positions.indices.contains(place) && positions[place] >= 0 }

    /// - Returns: whether it was passed over for the first time.
    mutating func add(_ place: Int, at position: Int, line: Int) -> Bool {
        guard positions[place] < 0 else { return false }
        positions[place] = position
        lines[place] = Int32(clamping: line)
        count += 1
        return true
    }

    /// Reads those that are wanted after all, in the order of the file.
    func rows(_ isWanted: (Int) -> Bool) throws(SourceError) -> [PersonRow] {
        guard let table else { return [] }
        var csv = table.csv
        var rows: [PersonRow] = []
        let wanted = positions.indices.filter { positions[$0] >= 0 && isWanted($0) }
        for place in wanted.sorted(by: { positions[$0] < positions[$1] }) {
            csv.go(to: positions[place], line: Int(lines[place]))
            let print = table.prints.print(of: csv.ahead().record)
            guard let record = try csv.next() else { continue }
            var row = try table.reader.row(try table.header.raw(record))
            row.print = print
            rows.append(row)
        }
        return rows
    }
}
