import SCIM

/// The value of `If-Match` or `If-None-Match` (RFC 9110, sections 8.8.3 and 13.1). Versions are compared weakly, as SCIM's tags are weak
/// (RFC 7644, section 3.14).
enum EntityTags: Sendable, Hashable {
    /// `*`.
    case any
    /// Without `W/` and quotes; at least one.
    case versions([String])

    private static let mostTags = 100

    /// Reads `W/"1"`, `"1"`, a list of these, or `*`; and `1`, as clients send that take quotes off (our choice).
    ///
    /// - Throws: 400.
    init(_ header: String) throws {
        if header.utf8.elementsEqual("*".utf8) {
            self = .any
            return
        }
        var versions: [String] = []
        var rest = header[...].trimmingBlanks
        while true {
            let (version, after) = try Self.tag(rest)
            versions.append(version)
            rest = after.trimmingBlanks
            if rest.isEmpty { break }
            guard rest.utf8.first == UInt8(ascii: ","), versions.count < Self.mostTags else { throw Self.malformed }
            rest = Substring(rest.utf8.dropFirst()).trimmingBlanks
        }
        self = .versions(versions)
    }

    private static let malformed = SCIMError.invalidValue(
        #"If-Match and If-None-Match hold versions such as W/"1", parted by commas (at most \#(mostTags)), or *."#)

    private static func tag(_ text: Substring) throws -> (version: String, rest: Substring) {
        var text = text
        var isQuoted = text.utf8.first == UInt8(ascii: "\"")
        let start = text.utf8.prefix(3)
        if start.elementsEqual("W/\"".utf8) || start.elementsEqual("w/\"".utf8) {
            text = Substring(text.utf8.dropFirst(2))
            isQuoted = true
        }
        if isQuoted {
            let inner = text.utf8.dropFirst()
            guard let end = inner.firstIndex(of: UInt8(ascii: "\"")) else { throw malformed }
            return (String(Substring(inner[..<end])), Substring(inner[end...].dropFirst()))
        }
        let end = text.utf8.firstIndex(of: UInt8(ascii: ",")) ?? text.endIndex
        let version = text[..<end].trimmingBlanks
        guard !version.isEmpty, !version.utf8.contains(where: { $0 <= 0x20 || $0 == UInt8(ascii: "\"") || $0 == 0x7F }) else {
            throw malformed
        }
        return (String(version), text[end...])
    }

    func contains(_ version: String) -> Bool {
        switch self {
        case .any: true
        case .versions(let versions): versions.contains { $0.utf8.elementsEqual(version.utf8) }
        }
    }

    /// A version as a header has it.
    static func weak(_ version: String) -> String { "W/\"\(version)\"" }
}
