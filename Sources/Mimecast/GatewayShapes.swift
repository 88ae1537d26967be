/// What the cloud gateway lists; its page calls the list by this name.
public protocol GatewayRow: Codable, Sendable {
    static var listName: String { get }
}

/// A page of the cloud gateway: plain, without the envelope. `{"users":[…],"meta":{"nextPageToken","pagination":{…,"next"}}}`
///
/// Where the vendor puts the next page's token is not known. It is written in two of the places where clients look, and read from either.
public struct GatewayPage<Row: GatewayRow>: Codable, Sendable {
    public var rows: [Row]
    public var pagination: PageReply?
    public var nextPageToken: String?

    public init(_ rows: [Row], pagination: PageReply?) {
        self.rows = rows
        self.pagination = pagination
        nextPageToken = pagination?.following
    }

    private struct Meta: Codable {
        var nextPageToken: String?
        var pagination: PageReply?
    }

    private struct Key: CodingKey {
        static var meta: Key { Key(stringValue: "meta") }
        static var rows: Key { Key(stringValue: Row.listName) }

        let stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        rows = try container.decode([Row].self, forKey: .rows)
        let meta = try container.decodeIfPresent(Meta.self, forKey: .meta)
        pagination = meta?.pagination
        nextPageToken = meta?.nextPageToken
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(rows, forKey: .rows)
        try container.encode(Meta(nextPageToken: nextPageToken, pagination: pagination), forKey: .meta)
    }
}

/// A domain of the tenant's: internal, external or not yet proved (the names are those that a public client reads).
public struct GatewayDomain: GatewayRow, Hashable {
    public var id: String
    public var domain: String
    public var local: Bool?
    public var sendOnly: Bool?
    public var inboundType: String?

    public init(id: String, domain: String, local: Bool? = nil, sendOnly: Bool? = nil, inboundType: String? = nil) {
        self.id = id
        self.domain = domain
        self.local = local
        self.sendOnly = sendOnly
        self.inboundType = inboundType
    }

    public static let listName = "domains"
}

/// A role of administrators. No call gives one.
public struct GatewayRole: GatewayRow, Hashable {
    public var id: String
    public var roleName: String

    public init(id: String, roleName: String) {
        self.id = id
        self.roleName = roleName
    }

    public static let listName = "roles"
}

/// The application that asks: the codes by product (`cg` is the cloud gateway) of the tenant it acts in, and of the one it belongs to.
/// Both are objects in the one public client that reads them.
public struct WhoAmI: Codable, Sendable, Hashable {
    public var version: String
    public var type: String
    public var accountCodes: [String: String]
    public var homeAccount: [String: String]

    public init(version: String, type: String, accountCodes: [String: String], homeAccount: [String: String]) {
        self.version = version
        self.type = type
        self.accountCodes = accountCodes
        self.homeAccount = homeAccount
    }

    private enum CodingKeys: String, CodingKey {
        case version, type
        case accountCodes = "account-codes"
        case homeAccount = "home-account"
    }
}
