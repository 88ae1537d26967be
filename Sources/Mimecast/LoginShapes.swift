/// Whose region is asked for.
public struct DiscoveryKey: Codable, Sendable, Hashable {
    public var emailAddress: String?

    public init(emailAddress: String?) { self.emailAddress = emailAddress }
}

/// How, and in which region, an address signs in. Of an address that nobody knows there is no `region` at all.
public struct Discovery: Codable, Sendable, Hashable {
    public struct Region: Codable, Sendable, Hashable {
        /// The whole base URL.
        public var api: String
        public var code: String?

        public init(api: String, code: String? = nil) {
            self.api = api
            self.code = code
        }
    }

    public var authenticate: [String]
    public var emailAddress: String
    public var emailToken: String
    public var region: Region?

    public init(authenticate: [String], emailAddress: String, emailToken: String, region: Region? = nil) {
        self.authenticate = authenticate
        self.emailAddress = emailAddress
        self.emailToken = emailToken
        self.region = region
    }
}

/// Who signs in; the password stands in the header `Authorization`. With the access key of a binding that has expired, that binding is
/// renewed. Clients write `username` or `userName`, so the name is read without regard to case.
public struct LoginKey: Codable, Sendable, Hashable {
    public var username: String?
    public var accessKey: String?

    public init(username: String?, accessKey: String? = nil) {
        self.username = username
        self.accessKey = accessKey
    }

    private enum CodingKeys: String, CodingKey { case username, accessKey }

    private struct AnyKey: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: AnyKey.self)
        func text(_ name: CodingKeys) throws -> String? {
            // With both spellings there, the same one is taken every time.
            let keys = container.allKeys.filter { $0.stringValue.lowercased() == name.stringValue.lowercased() }
            guard let key = keys.min(by: { $0.stringValue > $1.stringValue }) else { return nil }
            return try container.decodeIfPresent(String.self, forKey: key)
        }
        username = try text(.username)
        accessKey = try text(.accessKey)
    }
}

/// A binding: the keys that sign, and how long they live in milliseconds.
public struct Login: Codable, Sendable, Hashable {
    public var accessKey: String
    /// Base64.
    public var secretKey: String
    public var duration: Int64
    public var bindingType: String
    public var extendOnValidate: Bool
    public var lastUserToken: String?
    public var username: String

    public init(
        accessKey: String, secretKey: String, duration: Int64, username: String, bindingType: String = "one_step",
        extendOnValidate: Bool = false, lastUserToken: String? = nil
    ) {
        self.accessKey = accessKey
        self.secretKey = secretKey
        self.duration = duration
        self.bindingType = bindingType
        self.extendOnValidate = extendOnValidate
        self.lastUserToken = lastUserToken
        self.username = username
    }
}

/// The binding to end; without one, that which signs the call.
public struct LogoutKey: Codable, Sendable, Hashable {
    public var accessKey: String?

    public init(accessKey: String? = nil) { self.accessKey = accessKey }
}

/// The binding that is gone (our choice).
public struct LogoutReply: Codable, Sendable, Hashable {
    public var accessKey: String
    public var success: Bool

    public init(accessKey: String, success: Bool = true) {
        self.accessKey = accessKey
        self.success = success
    }
}
