/// The body of a call: `{"meta":{"pagination":{…}},"data":[item…]}`.
///
/// Several items mean the call made once per item. Every part may be missing.
public struct RequestEnvelope<Item: Codable & Sendable>: Codable, Sendable {
    public struct Meta: Codable, Sendable {
        public var pagination: PageRequest?

        public init(pagination: PageRequest?) { self.pagination = pagination }
    }

    public var meta: Meta?
    public var data: [Item]?

    public init(data: [Item]?, pagination: PageRequest? = nil) {
        self.data = data
        meta = pagination.map { Meta(pagination: $0) }
    }
}

/// Which page a call asks for. `pageSize` may come as a string; a token of "" is the first page.
public struct PageRequest: Codable, Sendable, Hashable {
    public var pageSize: LenientInt?
    public var pageToken: String?

    public init(pageSize: Int?, pageToken: String?) {
        self.pageSize = pageSize.map { LenientInt($0) }
        self.pageToken = pageToken
    }
}

/// A whole number that may have been sent as a string.
public struct LenientInt: Codable, Sendable, Hashable {
    public let value: Int

    public init(_ value: Int) { self.value = value }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let value = try? container.decode(Int.self) {
            self.value = value
        } else {
            let text = try container.decode(String.self)
            guard let value = Int(text) else {
                throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a whole number: \(text)")
            }
            self.value = value
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(value)
    }
}

/// The body of an answer: `{"meta":{"status"},"data":[…],"fail":[…]}`; `data` and `fail` are always there.
public struct ReplyEnvelope<Row: Codable & Sendable>: Codable, Sendable {
    public struct Meta: Codable, Sendable {
        public var status: Int?
        public var pagination: PageReply?

        public init(status: Int?, pagination: PageReply? = nil) {
            self.status = status
            self.pagination = pagination
        }
    }

    public var meta: Meta?
    public var data: [Row]
    public var fail: [Failure]

    public init(status: Int, data: [Row], fail: [Failure] = [], pagination: PageReply? = nil) {
        meta = Meta(status: status, pagination: pagination)
        self.data = data
        self.fail = fail
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        meta = try container.decodeIfPresent(Meta.self, forKey: .meta)
        data = try container.decodeIfPresent([Row].self, forKey: .data) ?? []
        fail = try container.decodeIfPresent([Failure].self, forKey: .fail) ?? []
    }
}

/// Where a page stands. `pageSize` is the number of rows in this page. The portal names the next page `next`, the guide `pageToken`;
/// on the last page both are absent. `previous` and `recordStart` (the first row's place in the list) stand on audit events alone.
public struct PageReply: Codable, Sendable, Hashable {
    public var pageSize: Int?
    public var totalCount: Int?
    public var next: String?
    public var pageToken: String?
    public var previous: String?
    public var recordStart: Int?

    public init(
        pageSize: Int?, totalCount: Int?, next: String? = nil, pageToken: String? = nil, previous: String? = nil, recordStart: Int? = nil
    ) {
        self.pageSize = pageSize
        self.totalCount = totalCount
        self.next = next
        self.pageToken = pageToken
        self.previous = previous
        self.recordStart = recordStart
    }

    /// The token to send for the next page, whichever dialect answered.
    public var following: String? {
        [next, pageToken].compactMap(\.self).first { !$0.isEmpty }
    }
}

/// One failed item, with the item echoed in `key`; a failed call has no key. The gateway's flat form puts `code` and `message` here.
public struct Failure: Codable, Sendable, Hashable {
    public struct Reason: Codable, Sendable, Hashable {
        public var code: String
        public var message: String
        public var retryable: Bool?
        public var field: String?

        public init(code: String, message: String, retryable: Bool? = false, field: String? = nil) {
            self.code = code
            self.message = message
            self.retryable = retryable
            self.field = field
        }
    }

    public var key: JSON?
    public var errors: [Reason]?
    public var code: String?
    public var message: String?

    public init(key: JSON?, errors: [Reason]) {
        self.key = key
        self.errors = errors
    }

    /// The gateway's flat form: `{"fail":[{"code","message"}]}`.
    public init(gateway code: String, message: String) {
        self.code = code
        self.message = message
    }

    /// All reasons, in either form.
    public var reasons: [Reason] {
        if let errors { return errors }
        return code.map { [Reason(code: $0, message: message ?? "")] } ?? []
    }
}

/// The gateway's error body: no envelope, flat reasons.
public struct GatewayError: Codable, Sendable {
    public var fail: [Failure]

    public init(code: String, message: String) { fail = [Failure(gateway: code, message: message)] }
}
