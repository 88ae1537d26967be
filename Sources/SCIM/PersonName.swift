/// The parts of a person's name (RFC 7643, section 4.1.1), with whatever else it was stored with. An absent part is unassigned.
public struct PersonName: Sendable, Hashable {
    public var object: JSONObject

    public init(_ object: JSONObject) { self.object = object }

    public init(formatted: String? = nil, familyName: String? = nil, givenName: String? = nil) {
        object = JSONObject()
        self.formatted = formatted
        self.familyName = familyName
        self.givenName = givenName
    }

    public var formatted: String? {
        get { object["formatted"]?.text }
        set { object["formatted"] = newValue.map { .string($0) } }
    }

    public var familyName: String? {
        get { object["familyName"]?.text }
        set { object["familyName"] = newValue.map { .string($0) } }
    }

    public var givenName: String? {
        get { object["givenName"]?.text }
        set { object["givenName"] = newValue.map { .string($0) } }
    }
}
