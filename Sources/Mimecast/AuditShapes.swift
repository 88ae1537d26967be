/// The window of audit events: both times have to be there, as `yyyy-MM-dd'T'HH:mm:ss+0000` or with `Z`, at most 60 days back. `query`
/// is text to find, `categories` are codes.
public struct AuditQuery: Codable, Sendable, Hashable {
    public var startDateTime: String?
    public var endDateTime: String?
    public var query: String?
    public var categories: [String]?

    public init(startDateTime: String?, endDateTime: String?, query: String? = nil, categories: [String]? = nil) {
        self.startDateTime = startDateTime
        self.endDateTime = endDateTime
        self.query = query
        self.categories = categories
    }
}

/// An audit event; newest first. `eventInfo` is prose.
public struct AuditEvent: Codable, Sendable, Hashable {
    public var id: String
    public var auditType: String
    public var user: String?
    public var eventTime: String
    public var eventInfo: String?
    public var category: String?

    public init(id: String, auditType: String, user: String? = nil, eventTime: String, eventInfo: String? = nil, category: String? = nil) {
        self.id = id
        self.auditType = auditType
        self.user = user
        self.eventTime = eventTime
        self.eventInfo = eventInfo
        self.category = category
    }
}

/// What events are sorted by: one object that holds the rows.
public struct AuditCategories: Codable, Sendable, Hashable {
    public struct Category: Codable, Sendable, Hashable {
        public var id: String
        public var code: String
        public var name: String

        public init(id: String, code: String, name: String) {
            self.id = id
            self.code = code
            self.name = name
        }
    }

    public var categories: [Category]

    public init(categories: [Category]) { self.categories = categories }
}
