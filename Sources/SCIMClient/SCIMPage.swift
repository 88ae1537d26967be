import SCIM

/// One page of a list.
public struct SCIMPage: Sendable, Hashable {
    /// How a list proves that it is whole.
    public enum Completeness: String, Sendable {
        /// As many resources came as the server counts, each once.
        case counted
        /// The server ended its cursor and counts nothing (RFC 9865 lets it): each came once, and nothing else vouches for the rest.
        case unclaimed
    }

    /// From 1.
    public let number: Int
    public let records: [SCIMRecord]
    /// The server's own total of the list.
    public let total: Int?
    /// On the last page alone.
    public let completeness: Completeness?

    /// The resources of a list answer. An answer without any may leave the member out.
    ///
    /// - Parameter fault: makes the error for what is wrong with the answer.
    static func records(in object: JSONObject, _ fault: (String) -> SCIMClientError) throws -> [SCIMRecord] {
        let values: [JSONValue]
        switch object.value(ofAttribute: "Resources") {
        case nil, .null?:
            guard object.value(ofAttribute: "totalResults") != nil else { throw fault("it is no list") }
            values = []
        case .array(let array)?: values = array
        default: throw fault("Resources is no list")
        }
        return try values.map { value in
            guard let object = value.object else { throw fault("an element of Resources is no object") }
            return SCIMRecord(object)
        }
    }
}
