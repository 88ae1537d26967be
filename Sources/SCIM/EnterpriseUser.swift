/// The enterprise extension of a user (RFC 7643, section 4.3), with whatever else it was stored with.
public struct EnterpriseUser: Sendable, Hashable {
    public var object: JSONObject

    public init(_ object: JSONObject) { self.object = object }

    public init(employeeNumber: String? = nil, department: String? = nil) {
        object = JSONObject()
        self.employeeNumber = employeeNumber
        self.department = department
    }

    public var employeeNumber: String? {
        get { object["employeeNumber"]?.text }
        set { object["employeeNumber"] = newValue.map { .string($0) } }
    }

    public var department: String? {
        get { object["department"]?.text }
        set { object["department"] = newValue.map { .string($0) } }
    }
}
