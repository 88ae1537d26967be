import SCIM

/// A resource as a server shows it, with every field that came, known or not.
public struct SCIMRecord: Sendable, Hashable {
    public var object: JSONObject
    /// The entity tag with its quotes, to be used in `If-Match`; nil where the server gave none.
    public var version: String?

    /// - Parameter tag: the answer's `ETag`; where there is none, `meta.version` counts.
    public init(_ object: JSONObject, tag: String? = nil) {
        self.object = object
        version = tag ?? object.value(ofAttribute: "meta")?.object?.value(ofAttribute: "version")?.text
    }

    /// Empty where the server sent none.
    public var id: String { object.value(ofAttribute: "id")?.text ?? "" }
    public var externalID: String? { object.value(ofAttribute: "externalId")?.text }
    public var userName: String? { object.value(ofAttribute: "userName")?.text }
    public var displayName: String? { object.value(ofAttribute: "displayName")?.text }
    /// Nil where the server does not say.
    public var active: Bool? { object.value(ofAttribute: "active")?.lenientBool }
    /// The elements of a multi-valued attribute; also where a single one came without its list.
    public func elements(_ attribute: String) -> [JSONObject] {
        switch object.value(ofAttribute: attribute) {
        case .array(let values)?: values.compactMap(\.object)
        case .object(let object)?: [object]
        default: []
        }
    }
}
