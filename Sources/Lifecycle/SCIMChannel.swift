import HTTPTransport
import Mimecast
import MimecastClient
import SCIMClient

/// A tenant's SCIM service, with the token of its v2 application.
public struct SCIMChannel: Sendable {
    /// A group of 100,000 members fits.
    public static let transport = AsyncHTTPTransport(bodyLimit: 64 << 20)
    /// Below the tenant's base URL.
    static let path = "/scim/v2"

    let client: SCIMClient

    /// Makes no call.
    ///
    /// - Parameters:
    ///   - client: the tenant's, whose token and gate are used: one application, one quota.
    ///   - random: from 0 up to 1, for jitter.
    ///   - observe: told of each call that was made, for a log.
    public init(
        tenant: TenantRecord, client: TenantClient, transport: any Transport = SCIMChannel.transport,
        clock: any Clock<Duration> = ContinuousClock(), random: @escaping @Sendable () -> Double = { .random(in: 0..<1) },
        observe: @escaping @Sendable (SCIMExchange) -> Void = { _ in }
    ) {
        var base = tenant.baseURL[...]
        while base.last == "/" { base.removeLast() }
        let token = SCIMTokenSource {
            try await client.bearerToken()
        } renewed: {
            try await client.bearerToken(inPlaceOf: $0)
        }
        self.client = SCIMClient(
            baseURL: base + Self.path, token: token, transport: GatedTransport(transport, gate: client.gate, category: .user), clock: clock,
            random: random, observe: observe)
    }

    /// Proves that the service is there and takes the application, by a read.
    ///
    /// - Throws: ``ClientError``.
    public func prove() async throws {
        do {
            _ = try await client.resources("/Users", SCIMQuery(pageSize: 1)).first { _ in true }
        } catch let error as SCIMClientError {
            throw ClientError(error, namesResource: false)
        }
    }
}

extension ClientError {
    /// The same trouble in the words of the API's client, which the engine goes by.
    ///
    /// - Parameter namesResource: the call was about one resource. Where it was not, a 404 is about the service.
    init(_ error: SCIMClientError, namesResource: Bool) {
        let code: Code =
            switch error.code {
            case .unreachable: .unreachable
            case .unauthorized: .unauthorized
            case .forbidden: .forbidden
            case .notFound: namesResource ? .notFound : .misconfigured
            case .rateLimited: .rateLimited
            case .server: .server
            case .malformedReply: .malformedReply
            case .wrongAnswer, .incomplete: .wrongAnswer
            case .misconfigured: .misconfigured
            case .conflict, .versionMismatch, .tooLarge, .notSupported, .refused: .refused
            }
        self.init(
            code, "SCIM: \(error.message)",
            remedy: code == .misconfigured
                ? "Check that the tenant has a SCIM service, or write it by the API (--writes api)." : error.remedy,
            status: error.status, outcomeUnknown: error.outcomeUnknown)
    }
}
