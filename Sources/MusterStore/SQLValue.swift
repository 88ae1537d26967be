/// A value bound to a statement. Truth values are integers, so that one text serves every database.
public enum SQLValue: Sendable, Hashable {
    case null
    case integer(Int64)
    case text(String)
    case blob([UInt8])

    public static func int(_ value: Int?) -> SQLValue { value.map { .integer(Int64($0)) } ?? .null }
    public static func bool(_ value: Bool?) -> SQLValue { value.map { .integer($0 ? 1 : 0) } ?? .null }
    public static func string(_ value: String?) -> SQLValue { value.map { .text($0) } ?? .null }
}

extension SQLValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByNilLiteral {
    public init(stringLiteral value: String) { self = .text(value) }
    public init(integerLiteral value: Int64) { self = .integer(value) }
    public init(nilLiteral: ()) { self = .null }
}

/// One row of an answer, read by position while the transaction lasts.
public protocol SQLRow {
    func isNull(_ column: Int) -> Bool
    func integer(_ column: Int) -> Int64
    func text(_ column: Int) -> String
    func textOrNil(_ column: Int) -> String?
    func blob(_ column: Int) -> [UInt8]
    /// Whether the column holds this text, byte for byte; nothing is made of the column for it.
    func holds(_ text: String, _ column: Int) -> Bool
    /// Lends the bytes of a text or a blob, for as long as `body` runs; nothing is made of the column for it.
    func lend(_ column: Int, _ body: (UnsafeRawBufferPointer) -> Void)
}

extension SQLRow {
    public func int(_ column: Int) -> Int { Int(integer(column)) }
    public func bool(_ column: Int) -> Bool { integer(column) != 0 }
    public func intOrNil(_ column: Int) -> Int? { isNull(column) ? nil : int(column) }
    public func boolOrNil(_ column: Int) -> Bool? { isNull(column) ? nil : bool(column) }
}
