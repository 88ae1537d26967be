/// The tenant itself.
public struct TenantFacts: Sendable, Hashable {
    public let accountCode: String
    public let name: String?
    /// Contracted seats; only the guide's shape has them.
    public let seats: Int?
    /// People the vendor counts; only the portal's shape has them.
    public let userCount: Int?

    public init(accountCode: String, name: String?, seats: Int?, userCount: Int?) {
        self.accountCode = accountCode
        self.name = name
        self.seats = seats
        self.userCount = userCount
    }
}
