/// Mail logs of the older call. `type` is `MTA`; `fileFormat` is `key_value` or `json`; without a token the logs start a day back (our
/// choice).
///
/// The answer is a file (`application/octet-stream`, its name in `Content-Disposition`) and the header `mc-siem-token`, the token for the
/// next one; where no more is there, a ``SiemEnd``. A file holds lines of one kind, which its name begins with (`receipt_`, `process_`,
/// `delivery_`; recorded): as JSON `{"type":"MTA","data":[…]}`, else one line each of `name=value` joined by `|`. Compressed, it is a zip
/// of such files.
public struct SiemQuery: Codable, Sendable, Hashable {
    public var type: String?
    public var fileFormat: String?
    /// A zip that holds files, instead of one file.
    public var compress: Bool?
    public var token: String?

    public init(type: String?, fileFormat: String? = nil, compress: Bool? = nil, token: String? = nil) {
        self.type = type
        self.fileFormat = fileFormat
        self.compress = compress
        self.token = token
    }
}

/// No more mail logs for now: `{"meta":{"status":200,"isLastToken":true},"data":[],"fail":[]}`.
public struct SiemEnd: Codable, Sendable, Hashable {
    public struct Meta: Codable, Sendable, Hashable {
        public var status: Int
        public var isLastToken: Bool

        public init(status: Int = 200, isLastToken: Bool = true) {
            self.status = status
            self.isLastToken = isLastToken
        }
    }

    public var meta: Meta
    public var data: [MailEvent]
    public var fail: [Failure]

    public init(meta: Meta = Meta(), data: [MailEvent] = [], fail: [Failure] = []) {
        self.meta = meta
        self.data = data
        self.fail = fail
    }
}

/// The query of the newer calls, where names stand in the URL. `type` is for files, `types` (joined by commas) for events; the times are
/// ISO 8601; `nextPage` is the last answer's. `pageSize` is at most 100.
public struct SiemWindow: Codable, Sendable, Hashable {
    public var type: String?
    public var types: String?
    public var dateRangeStartsAt: String?
    public var dateRangeEndsAt: String?
    public var pageSize: LenientInt?
    public var nextPage: String?

    public init(
        type: String? = nil, types: String? = nil, dateRangeStartsAt: String? = nil, dateRangeEndsAt: String? = nil,
        pageSize: LenientInt? = nil, nextPage: String? = nil
    ) {
        self.type = type
        self.types = types
        self.dateRangeStartsAt = dateRangeStartsAt
        self.dateRangeEndsAt = dateRangeEndsAt
        self.pageSize = pageSize
        self.nextPage = nextPage
    }
}

/// Files of mail logs, gzipped JSON lines each. `nextPage` is there even when all is read (`isCaughtUp`).
public struct SiemBatch: Codable, Sendable, Hashable {
    public struct File: Codable, Sendable, Hashable {
        public var url: String
        /// ISO 8601.
        public var expiry: String
        /// Bytes.
        public var size: Int

        public init(url: String, expiry: String, size: Int) {
            self.url = url
            self.expiry = expiry
            self.size = size
        }
    }

    public var value: [File]
    public var nextPage: String?
    public var isCaughtUp: Bool?

    public init(value: [File], nextPage: String? = nil, isCaughtUp: Bool? = nil) {
        self.value = value
        self.nextPage = nextPage
        self.isCaughtUp = isCaughtUp
    }

    private enum CodingKeys: String, CodingKey {
        case value, isCaughtUp
        case nextPage = "@nextPage"
    }
}

/// A page of mail events. They have no ids.
public struct SiemEvents: Codable, Sendable, Hashable {
    public var value: [MailEvent]
    public var nextPage: String?

    public init(value: [MailEvent], nextPage: String? = nil) {
        self.value = value
        self.nextPage = nextPage
    }

    private enum CodingKeys: String, CodingKey {
        case value
        case nextPage = "@nextPage"
    }
}
