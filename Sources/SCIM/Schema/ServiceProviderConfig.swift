/// What a service provider announces of itself (RFC 7643, section 5; RFC 9865, section 4).
public struct ServiceProviderConfig: Sendable, Hashable {
    public struct Bulk: Sendable, Hashable {
        public var maxOperations: Int
        /// In bytes.
        public var maxPayloadSize: Int

        public init(maxOperations: Int = 1_000, maxPayloadSize: Int = 1_048_576) {
            self.maxOperations = maxOperations
            self.maxPayloadSize = maxPayloadSize
        }
    }

    public struct Pagination: Sendable, Hashable {
        public var cursor: Bool
        public var index: Bool
        /// Whether a query that says nothing is paged by cursor.
        public var isCursorDefault: Bool
        public var defaultPageSize: Int
        public var maxPageSize: Int
        /// How many seconds a cursor is good for.
        public var cursorTimeout: Int?

        public init(
            cursor: Bool = true, index: Bool = true, isCursorDefault: Bool = false, defaultPageSize: Int = 100, maxPageSize: Int = 1_000,
            cursorTimeout: Int? = nil
        ) {
            self.cursor = cursor
            self.index = index
            self.isCursorDefault = isCursorDefault
            self.defaultPageSize = defaultPageSize
            self.maxPageSize = maxPageSize
            self.cursorTimeout = cursorTimeout
        }
    }

    public struct AuthenticationScheme: Sendable, Hashable {
        /// "oauthbearertoken", "oauth2", "httpbasic", ….
        public var type: String
        public var name: String
        public var description: String
        public var specURI: String?
        public var isPrimary: Bool

        public init(type: String, name: String, description: String, specURI: String? = nil, isPrimary: Bool = false) {
            self.type = type
            self.name = name
            self.description = description
            self.specURI = specURI
            self.isPrimary = isPrimary
        }

        public static let bearer = AuthenticationScheme(
            type: "oauthbearertoken", name: "OAuth Bearer Token", description: "A bearer token in the Authorization header.",
            specURI: "https://www.rfc-editor.org/info/rfc6750", isPrimary: true)
    }

    public var documentationURI: String?
    public var patch = true
    /// Nil where there is none.
    public var bulk: Bulk? = Bulk()
    public var filter = true
    /// The most resources of an answer.
    public var maxResults = 1_000
    public var changePassword = false
    public var sort = true
    public var etag = true
    public var pagination: Pagination? = Pagination()
    public var authenticationSchemes: [AuthenticationScheme] = [.bearer]

    public init() {}

    /// The document; nothing in it is null.
    ///
    /// - Parameter baseURL: absolute, without a slash at its end.
    public func json(baseURL: String) -> JSONValue {
        var object: JSONObject = ["schemas": [.string(SchemaDocument.serviceProviderConfigURN)]]
        if let documentationURI { object["documentationUri"] = .string(documentationURI) }
        object["patch"] = ["supported": .bool(patch)]
        object["bulk"] = [
            "supported": .bool(bulk != nil), "maxOperations": .number(JSONNumber(bulk?.maxOperations ?? 0)),
            "maxPayloadSize": .number(JSONNumber(bulk?.maxPayloadSize ?? 0)),
        ]
        object["filter"] = ["supported": .bool(filter), "maxResults": .number(JSONNumber(maxResults))]
        object["changePassword"] = ["supported": .bool(changePassword)]
        object["sort"] = ["supported": .bool(sort)]
        object["etag"] = ["supported": .bool(etag)]
        if let pagination {
            var paging: JSONObject = [
                "cursor": .bool(pagination.cursor), "index": .bool(pagination.index),
                "defaultPaginationMethod": pagination.isCursorDefault ? "cursor" : "index",
                "defaultPageSize": .number(JSONNumber(pagination.defaultPageSize)),
                "maxPageSize": .number(JSONNumber(pagination.maxPageSize)),
            ]
            if let timeout = pagination.cursorTimeout { paging["cursorTimeout"] = .number(JSONNumber(timeout)) }
            object["pagination"] = .object(paging)
        }
        object["authenticationSchemes"] = .array(
            authenticationSchemes.map { scheme in
                var value: JSONObject = [
                    "type": .string(scheme.type), "name": .string(scheme.name), "description": .string(scheme.description),
                ]
                if let uri = scheme.specURI { value["specUri"] = .string(uri) }
                value["primary"] = .bool(scheme.isPrimary)
                return .object(value)
            })
        object["meta"] = [
            "resourceType": "ServiceProviderConfig", "location": .string("\(baseURL)/ServiceProviderConfig"),
        ]
        return .object(object)
    }
}
