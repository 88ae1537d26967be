/// The enterprise extension's attributes that a directory keeps (RFC 7643, section 4.3).
public struct EnterpriseUser: Codable, Sendable, Hashable {
    public var employeeNumber: String?
    public var department: String?

    public init(employeeNumber: String? = nil, department: String? = nil) {
        self.employeeNumber = employeeNumber
        self.department = department
    }
}
