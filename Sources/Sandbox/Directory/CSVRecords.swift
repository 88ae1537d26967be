/// Reads CSV (RFC 4180): cells between commas, records between line ends (CRLF, LF or CR); a cell in quotes may hold either, and doubled
/// quotes. Linear in what is read.
enum CSVRecords {
    struct Failure: Error, Sendable, Equatable {
        /// The record, from 1, in which the text ceases to be CSV.
        let record: Int
        let message: String
    }

    static let mostColumns = 1_000

    /// - Parameters:
    ///   - bytes: valid UTF-8.
    ///   - most: how many records there may be; one that is empty does not count and is left out.
    static func parse(_ bytes: [UInt8], most: Int) throws(Failure) -> [[String]] {
        var reader = Reader(bytes: bytes)
        var records: [[String]] = []
        while let record = try reader.next() {
            guard record != [""] else { continue }
            guard records.count < most else { throw Failure(record: reader.number, message: "There are more than \(most) rows") }
            records.append(record)
        }
        return records
    }

    private struct Reader {
        let bytes: [UInt8]
        var position = 0
        /// How many records were begun.
        var number = 0

        private static let comma = UInt8(ascii: ",")
        private static let quote = UInt8(ascii: "\"")
        private static let lf = UInt8(ascii: "\n")
        private static let cr = UInt8(ascii: "\r")

        init(bytes: [UInt8]) { self.bytes = bytes }

        mutating func next() throws(Failure) -> [String]? {
            guard position < bytes.count else { return nil }
            number += 1
            var cells: [String] = []
            while true {
                guard cells.count < mostColumns else { throw failure("There are more than \(mostColumns) columns") }
                cells.append(position < bytes.count && bytes[position] == Self.quote ? try quoted() : try plain())
                guard position < bytes.count else { return cells }
                let end = bytes[position]
                position += 1
                guard end != Self.comma else { continue }
                if end == Self.cr, position < bytes.count, bytes[position] == Self.lf { position += 1 }
                return cells
            }
        }

        private mutating func plain() throws(Failure) -> String {
            let start = position
            while position < bytes.count, !endsCell(bytes[position]) {
                guard bytes[position] != Self.quote else { throw failure("A quote stands within a cell that does not begin with one") }
                position += 1
            }
            return String(decoding: bytes[start..<position], as: UTF8.self)
        }

        private mutating func quoted() throws(Failure) -> String {
            position += 1
            var text: [UInt8] = []
            while position < bytes.count {
                let byte = bytes[position]
                position += 1
                guard byte == Self.quote else {
                    text.append(byte)
                    continue
                }
                if position < bytes.count, bytes[position] == Self.quote {
                    text.append(byte)
                    position += 1
                    continue
                }
                guard position == bytes.count || endsCell(bytes[position]) else { throw failure("Something follows a closing quote") }
                return String(decoding: text, as: UTF8.self)
            }
            throw failure("A quote is not closed")
        }

        private func endsCell(_ byte: UInt8) -> Bool { byte == Self.comma || byte == Self.lf || byte == Self.cr }

        private func failure(_ message: String) -> Failure { Failure(record: number, message: message) }
    }
}
