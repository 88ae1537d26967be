import Mimecast

/// A page of any list, with what the vendor says about it.
public protocol ListPage: Sendable {
    /// From 1.
    var number: Int { get }
    /// Rows that came, whatever they are.
    var rows: Int { get }
    /// Rows of this page by the vendor's own count, where it gives one.
    var announced: Int? { get }
    /// Rows of the whole list by the vendor's own count, where it gives one.
    var claimed: Int? { get }
    var isLast: Bool { get }
}

/// A page of a list whose rows are as the vendor's shapes have them.
public struct RowPage<Row: Codable & Sendable>: ListPage {
    public let number: Int
    /// With what the shape does not know.
    public let items: [Kept<Row>]
    public let announced: Int?
    public let claimed: Int?
    public let isLast: Bool

    public var rows: Int { items.count }

    public init(number: Int, items: [Kept<Row>], announced: Int? = nil, claimed: Int? = nil, isLast: Bool) {
        self.number = number
        self.items = items
        self.announced = announced
        self.claimed = claimed
        self.isLast = isLast
    }
}

extension AccountPage: ListPage {}
extension GroupPage: ListPage {}
extension MemberPage: ListPage {}
