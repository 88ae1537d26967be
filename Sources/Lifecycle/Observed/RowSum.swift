import Crypto
import MusterStore

/// A sum over rows that does not depend on their order: equal sets of rows have equal sums, and one row more or less changes the sum without
/// a look at the others.
///
/// Each row counts by its SHA-256, added modulo 2^256 (our choice). It tells whether a tenant changed from read to read; whoever could
/// make two tenants of one sum by calculation can write the tenant anyway.
struct RowSum: Sendable, Hashable {
    /// The lowest first.
    private var words: [UInt64] = [0, 0, 0, 0]

    init() {}

    /// - Parameter hex: as ``hex`` writes it; anything else is the sum of nothing.
    init(hex: String) {
        guard hex.utf8.count == 64 else { return }
        let digits = Array(hex.utf8)
        let words = (0..<4).compactMap { UInt64(String(decoding: digits[$0 * 16..<($0 + 1) * 16], as: UTF8.self), radix: 16) }
        if words.count == 4 { self.words = words.reversed() }
    }

    /// 64 lower-case digits.
    var hex: String {
        words.reversed().map { word in
            let digits = String(word, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }

    mutating func add(_ row: [UInt8]) {
        var carry = false
        for (place, word) in Self.words(row).enumerated() {
            let (first, over) = words[place].addingReportingOverflow(word)
            let (second, overAgain) = first.addingReportingOverflow(carry ? 1 : 0)
            words[place] = second
            carry = over || overAgain
        }
    }

    mutating func remove(_ row: [UInt8]) {
        var borrow = false
        for (place, word) in Self.words(row).enumerated() {
            let (first, under) = words[place].subtractingReportingOverflow(word)
            let (second, underAgain) = first.subtractingReportingOverflow(borrow ? 1 : 0)
            words[place] = second
            borrow = under || underAgain
        }
    }

    private static func words(_ row: [UInt8]) -> [UInt64] {
        let digest = Array(SHA256.hash(data: row))
        return (0..<4).map { place in digest[place * 8..<place * 8 + 8].reversed().reduce(0) { $0 << 8 | UInt64($1) } }
    }

    /// The bytes by which a row counts: its table's name, then each column behind its length, so that no two rows have the same bytes.
    static func bytes(_ table: ObservedTable, _ row: any SQLRow, at column: Int) -> [UInt8] {
        var bytes = Array(table.name.utf8)
        bytes.reserveCapacity(256)
        for place in column..<column + table.keyCount + table.valueCount {
            guard let text = row.textOrNil(place) else {
                bytes.append(0)
                continue
            }
            bytes.append(1)
            let count = UInt32(clamping: text.utf8.count)
            for shift in [24, 16, 8, 0] as [UInt32] { bytes.append(UInt8(truncatingIfNeeded: count >> shift)) }
            bytes.append(contentsOf: text.utf8)
        }
        return bytes
    }
}
