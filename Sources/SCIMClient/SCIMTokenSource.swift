/// Where the bearer token comes from (RFC 6750). It shows no token.
public struct SCIMTokenSource: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    private let current: @Sendable () async throws -> String
    private let next: (@Sendable (_ refused: String) async throws -> String)?

    /// A token that does not change, such as one that an administrator made.
    public init(fixed token: String) {
        current = { token }
        next = nil
    }

    /// - Parameters:
    ///   - token: the token to use now; asked for each try.
    ///   - renewed: another one, after the server refused the one that is handed in; asked once a call, and nil where there is none.
    public init(
        _ token: @escaping @Sendable () async throws -> String,
        renewed: (@Sendable (_ refused: String) async throws -> String)? = nil
    ) {
        current = token
        next = renewed
    }

    func token() async throws -> String { try await current() }

    /// - Returns: nil where there is no other token.
    func renewed(inPlaceOf refused: String) async throws -> String? {
        guard let token = try await next?(refused), token != refused else { return nil }
        return token
    }

    public var description: String { "token source" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
