import HTTPTypes
import SCIM

/// What a body is, by its headers.
enum MediaType {
    static let scim = "application/scim+json"

    /// Whether a body may be read as JSON: `application/scim+json` or `application/json`, in UTF-8. Without a `Content-Type` it may (our
    /// choice: clients forget it, and nothing else is served).
    ///
    /// - Throws: 415.
    static func check(_ headers: HTTPFields) throws {
        if let coding = headers[.contentEncoding], !AttributeName.areEqual(trimmed(coding[...]), "identity") {
            throw SCIMError(415, nil, "The body is encoded (Content-Encoding); send it as it is.")
        }
        guard let type = headers[.contentType] else { return }
        if isJSON(type) { return }
        throw SCIMError(415, nil, "The Content-Type \(type.prefix(100)) is not served here; send application/scim+json in UTF-8.")
    }

    static func isJSON(_ type: String) -> Bool {
        if type.utf8.elementsEqual(scim.utf8) { return true }
        let parts = type.split(separator: ";", omittingEmptySubsequences: false)
        let name = trimmed(parts[0])
        guard AttributeName.areEqual(name, scim) || AttributeName.areEqual(name, "application/json") else { return false }
        return parts.dropFirst().allSatisfy { part in
            let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard pair.count == 2, AttributeName.areEqual(trimmed(pair[0]), "charset") else { return true }
            var charset = trimmed(pair[1])
            if charset.utf8.count >= 2, charset.utf8.first == UInt8(ascii: "\""), charset.utf8.last == UInt8(ascii: "\"") {
                charset = charset.dropFirst().dropLast()
            }
            return AttributeName.areEqual(charset, "utf-8") || AttributeName.areEqual(charset, "utf8")
        }
    }

    private static func trimmed(_ text: Substring) -> Substring { text.trimmingBlanks }
}
