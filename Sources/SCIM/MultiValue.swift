/// One value of a multi-valued attribute such as `emails` (RFC 7643, section 2.4), with whatever else it was stored with.
public struct MultiValue: Sendable, Hashable {
    public var object: JSONObject

    public init(_ object: JSONObject) { self.object = object }

    public init(value: String, type: String? = nil, primary: Bool? = nil) {
        object = JSONObject([("value", .string(value))])
        self.type = type
        self.primary = primary
    }

    public var value: String {
        get { object["value"]?.text ?? "" }
        set { object["value"] = .string(newValue) }
    }

    public var type: String? {
        get { object["type"]?.text }
        set { object["type"] = newValue.map { .string($0) } }
    }

    /// At most one value of an attribute is the primary one.
    public var primary: Bool? {
        get { object["primary"]?.bool }
        set { object["primary"] = newValue.map { .bool($0) } }
    }
}
