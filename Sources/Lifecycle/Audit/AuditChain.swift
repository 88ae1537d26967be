import Foundation

/// Walks a record line by line and finds the first place where it does not hold together. Pure: whoever has the lines can do it.
public struct AuditChain: Sendable {
    /// Where a record is broken, and how one can tell.
    public struct Break: Error, Sendable, Hashable {
        /// The number of the line, or of the one that is missing.
        public var number: Int
        public var why: String
    }

    /// How many lines were walked.
    public private(set) var lines = 0
    /// The last line's hash; before the first line nil.
    public private(set) var head: String?
    public private(set) var first: AuditRecord?
    public private(set) var last: AuditRecord?
    private let isWhole: Bool

    /// - Parameter isWhole: the lines are the record from its beginning; otherwise the first line may stand anywhere in it.
    public init(isWhole: Bool = true) { self.isWhole = isWhole }

    /// Takes the next line.
    ///
    /// - Parameters:
    ///   - text: the record as it was hashed.
    ///   - hash: what is said to be its hash.
    public mutating func take(_ text: String, hash: String) throws(Break) {
        let expected = (last?.number ?? 0) + 1
        guard let record = try? JSONDecoder().decode(AuditRecord.self, from: Data(text.utf8)) else {
            throw Break(number: expected, why: "its text cannot be read as a line of a record")
        }
        if last != nil || isWhole {
            guard record.number == expected else {
                throw Break(
                    number: expected,
                    why: record.number > expected ? "it is missing; number \(record.number) follows" : "number \(record.number) comes again"
                )
            }
        }
        guard AuditRecord.hash(text) == hash else { throw Break(number: record.number, why: "its text was altered: it has another hash") }
        if let last, last.tenant != record.tenant {
            throw Break(number: record.number, why: "it belongs to the tenant \(record.tenant), not to \(last.tenant)")
        }
        if let before = head ?? (isWhole ? AuditRecord.beginning : nil), record.previous != before {
            throw Break(number: record.number, why: "it was written behind another line than the one that stands before it")
        }
        lines += 1
        head = hash
        if first == nil { first = record }
        last = record
    }
}

/// A line of an export: the record's own text, with its hash put in front. Without the hash it is what was hashed, byte for byte.
public enum AuditLine {
    private static let opening = #"{"hash":""#

    public static func written(_ text: String, hash: String) -> String { opening + hash + "\"," + text.dropFirst() }

    /// - Returns: nil where the line has another form.
    public static func read(_ line: some StringProtocol) -> (text: String, hash: String)? {
        let hash = line.dropFirst(opening.count).prefix(64)
        guard line.hasPrefix(opening), hash.count == 64, line.dropFirst(opening.count + 64).hasPrefix("\",") else { return nil }
        return ("{" + line.dropFirst(opening.count + 64 + 2), String(hash))
    }
}
