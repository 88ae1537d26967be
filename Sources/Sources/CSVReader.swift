import Foundation

/// Reads the records of a CSV text (RFC 4180) one by one, remembering the line on which each begins.
///
/// Lines end with LF or CRLF. A cell in quotes may hold separators, line ends and doubled quotes. The separator is the
/// comma; where the first line has none but a semicolon or else a tab, as spreadsheets save in some countries, it is that (our choice).
struct CSVReader {
    struct Record: Sendable, Equatable {
        /// The physical line, from 1, on which the record begins.
        let line: Int
        var cells: [String]

        /// Whether the line was empty.
        var isBlank: Bool { cells.count == 1 && cells[0].isEmpty }
    }

    static let mostBytesPerCell = 1 << 20
    static let mostColumns = 1_000

    let file: String
    let separator: UInt8
    /// The names of the columns, once the header was read, for errors.
    var columnNames: [String] = []

    private let bytes: [UInt8]
    private(set) var position = 0
    private(set) var line = 1

    /// - Parameters:
    ///   - bytes: valid UTF-8.
    ///   - file: the file's name, for errors.
    init(_ bytes: [UInt8], file: String) {
        self.bytes = bytes
        self.file = file
        separator = Self.separator(of: bytes)
    }

    /// The bytes of the next record without its line end, and where the one after it begins. Where the text is no CSV, they are not a record's.
    func ahead() -> (record: ArraySlice<UInt8>, position: Int, line: Int) {
        // Of most records the line is all: memchr looks at many bytes at once.
        var next = line + 1
        var isQuoted = false
        let end = bytes.withUnsafeBufferPointer { bytes in
            var from = position
            while let end = Self.place(of: .lf, bytes, from, bytes.count) {
                var quotes = 0
                var quote = from
                while let found = Self.place(of: .quote, bytes, quote, end) { (quotes, quote) = (quotes + 1, found + 1) }
                if !quotes.isMultiple(of: 2) { isQuoted.toggle() }
                if !isQuoted { return end }
                next += 1
                from = end + 1
            }
            return bytes.count
        }
        guard end < bytes.count else { return (bytes[position..<end], end, next) }
        return (bytes[position..<(end > position && bytes[end - 1] == .cr ? end - 1 : end)], end + 1, next)
    }

    private static func place(of byte: UInt8, _ bytes: UnsafeBufferPointer<UInt8>, _ from: Int, _ end: Int) -> Int? {
        guard from < end, let base = bytes.baseAddress, let found = memchr(base + from, Int32(byte), end - from) else { return nil }
        return UnsafeRawPointer(base).distance(to: UnsafeRawPointer(found))
    }

    /// Goes to a record.
    mutating func go(to position: Int, line: Int) {
        self.position = position
        self.line = line
    }

    /// The next record, or nil at the end of the text.
    ///
    /// - Throws: ``SourceError`` where the text is no CSV; nothing after that can be trusted.
    mutating func next() throws(SourceError) -> Record? {
        guard position < bytes.count else { return nil }
        var record = Record(line: line, cells: [])
        record.cells.reserveCapacity(columnNames.count)
        while true {
            guard record.cells.count < Self.mostColumns else {
                throw SourceError(
                    .tooManyColumns, at: Place(file: file, line: record.line), "There are more than \(Self.mostColumns) columns.",
                    remedy: "Export the columns that are needed only.")
            }
            let place = place(record)
            let isQuoted = position < bytes.count && bytes[position] == .quote
            let cell = isQuoted ? try quoted(place) : try plain(place)
            record.cells.append(cell)
            guard position < bytes.count else { return record }
            if bytes[position] == separator {
                position += 1
                continue
            }
            // Both kinds of cell stop only at a separator, a line end or the end of the text.
            position += bytes[position] == .cr ? 2 : 1
            line += 1
            return record
        }
    }

    private func place(_ record: Record) -> Place {
        let index = record.cells.count
        return Place(file: file, line: record.line, column: index + 1, columnName: index < columnNames.count ? columnNames[index] : nil)
    }

    private func isLineEnd(_ index: Int) -> Bool {
        bytes[index] == .lf || (bytes[index] == .cr && index + 1 < bytes.count && bytes[index + 1] == .lf)
    }

    private mutating func plain(_ place: Place) throws(SourceError) -> String {
        let start = position
        scan: while position < bytes.count {
            switch bytes[position] {
            case separator, .lf: break scan
            case .cr:
                if isLineEnd(position) { break scan }
                throw SourceError(
                    .lineEnding, at: place, "A lone carriage return stands outside quotes; lines end with LF or CRLF.",
                    remedy: "Save the file as CSV again, with line ends of Windows or Unix.")
            case .quote:
                throw SourceError(
                    .bareQuote, at: place, "A quote stands inside a cell that does not begin with one.",
                    remedy: "Put the whole cell in quotes and double each quote inside it.")
            default: position += 1
            }
        }
        try check(position - start, place)
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    private mutating func quoted(_ place: Place) throws(SourceError) -> String {
        position += 1
        var start = position
        var earlier: [UInt8] = []
        while position < bytes.count {
            let byte = bytes[position]
            if byte == .lf { line += 1 }
            guard byte == .quote else {
                position += 1
                continue
            }
            let end = position
            position += 1
            if position < bytes.count, bytes[position] == .quote {
                // A doubled quote: the first of the two belongs to the cell.
                earlier.append(contentsOf: bytes[start...end])
                position += 1
                start = position
                continue
            }
            guard position == bytes.count || bytes[position] == separator || isLineEnd(position) else {
                throw SourceError(
                    .textAfterQuote, at: place, "Text follows the quote that closes the cell.",
                    remedy: "Double each quote inside the cell, and look for a quote that was not closed before.")
            }
            try check(earlier.count + end - start, place)
            return String(decoding: earlier + bytes[start..<end], as: UTF8.self)
        }
        throw SourceError(
            .unclosedQuote, at: place, "The quote that opens the cell is never closed.",
            remedy: "Close it, or double it where it belongs to the text; a file cut off in the middle looks like this too.")
    }

    private func check(_ count: Int, _ place: Place) throws(SourceError) {
        guard count > Self.mostBytesPerCell else { return }
        throw SourceError(
            .cellTooLarge, at: place, "The cell has \(count) bytes; \(Self.mostBytesPerCell) (1 MiB) are the most.",
            remedy: "Look for a quote that was not closed, or leave this column out of the export.")
    }

    /// Looks at the first line that is not blank.
    private static func separator(of bytes: [UInt8]) -> UInt8 {
        var found: Set<UInt8> = []
        var isQuoted = false
        var isBlank = true
        for byte in bytes {
            if byte == .quote { isQuoted.toggle() }
            if byte == .lf, !isQuoted, !isBlank { break }
            if byte != .lf, byte != .cr { isBlank = false }
            if !isQuoted, [.comma, .semicolon, .tab].contains(byte) { found.insert(byte) }
        }
        return [.comma, .semicolon, .tab].first { found.contains($0) } ?? .comma
    }
}

extension UInt8 {
    static let tab: UInt8 = 0x09
    static let lf: UInt8 = 0x0A
    static let cr: UInt8 = 0x0D
    static let quote: UInt8 = 0x22
    static let comma: UInt8 = 0x2C
    static let semicolon: UInt8 = 0x3B
}
