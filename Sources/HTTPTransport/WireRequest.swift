/// One HTTP request as it leaves.
///
/// Headers and body may hold a secret or a token: the description names neither.
public struct WireRequest: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// `GET`, `POST`, `PUT`, `PATCH` or `DELETE`.
    public var method: String
    /// Absolute, percent-encoded.
    public var url: String
    public var headers: [(String, String)]
    public var body: [UInt8]

    public init(method: String, url: String, headers: [(String, String)] = [], body: [UInt8] = []) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
    }

    /// The first value of a header, its name compared without regard to case.
    public func header(_ name: String) -> String? { headers.value(of: name) }

    /// The URL without its query, which may name people.
    public var urlWithoutQuery: String { String(url.prefix { $0 != "?" }) }

    public var description: String { "\(method) \(urlWithoutQuery) (\(body.count) bytes)" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: ["request": description]) }
}

/// One HTTP answer as it came.
///
/// The body may hold a token: the description leaves it out.
public struct WireReply: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var status: Int
    public var headers: [(String, String)]
    public var body: [UInt8]

    public init(status: Int, headers: [(String, String)] = [], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// The first value of a header, its name compared without regard to case.
    public func header(_ name: String) -> String? { headers.value(of: name) }

    public var description: String { "HTTP \(status) (\(body.count) bytes)" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: ["reply": description]) }
}

extension [(String, String)] {
    fileprivate func value(of name: String) -> String? {
        let wanted = name.lowercased()
        return first { $0.0.lowercased() == wanted }?.1
    }
}
