/// A resource's attributes as they are stored: spelled as its schemas spell them, nothing unassigned, without what is added where it
/// is read (`meta`, a user's `groups`) and without what lies beside it (a group's `members`).
public struct Resource: Sendable, Hashable {
    public var object: JSONObject

    public init(_ object: JSONObject = JSONObject()) { self.object = object }

    /// Empty while it has none: a service provider gives it one.
    public var id: String {
        get { object["id"]?.text ?? "" }
        set { object["id"] = .string(newValue) }
    }

    public var externalID: String? {
        get { object["externalId"]?.text }
        set { object["externalId"] = newValue.map { .string($0) } }
    }
}
