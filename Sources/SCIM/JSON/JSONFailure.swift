/// Why bytes are not the JSON that this library takes.
public struct JSONFailure: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong there, without a full stop.
    public var reason: String
    /// The position of the byte, from 0.
    public var offset: Int

    public init(_ reason: String, offset: Int) {
        self.reason = reason
        self.offset = offset
    }

    public var description: String { "The body is not JSON as RFC 8259 has it: \(reason), at byte \(offset)." }

    /// 400 `invalidSyntax`.
    public var scimError: SCIMError { .invalidSyntax(description) }
}
