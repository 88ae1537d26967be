import HTTPTransport
import Foundation
import Logging
import Mimecast

/// One tenant as one application sees it, over either generation and dialect.
///
/// Reads are repeated on trouble by the policy. Writes are repeated only where the first was surely not carried out; any other trouble
/// throws with ``ClientError/outcomeUnknown``, for the caller to settle by a read. Every method throws ``ClientError``, or
/// `CancellationError` where the task was cancelled and nothing was left open.
public final class TenantClient: Sendable {
    public let generation: Generation
    /// v1 speaks the portal's.
    public let dialect: Dialect
    public let capabilities: Capabilities
    /// As given.
    public let baseURL: String

    let connection: Result<Connection, ClientError>

    /// Makes no call. A base URL that cannot be used is told by the first call.
    ///
    /// - Parameters:
    ///   - baseURL: `https://host[:port][/path][/]`; plain http only for 127.0.0.1, ::1 and localhost.
    ///   - dialect: of the v2 application; v1 ignores it.
    ///   - clock: for waits and the token's life.
    ///   - now: the calendar time that v1 signs.
    ///   - random: from 0 up to 1, for jitter.
    ///   - logger: gets each call at debug: method, path, status, milliseconds; never a body.
    public init(
        baseURL: String, dialect: Dialect, credentials: Credentials, transport: any Transport, retry: RetryPolicy = .standard,
        clock: any Clock<Duration> = ContinuousClock(), now: @escaping @Sendable () -> Date = { Date() },
        random: @escaping @Sendable () -> Double = { .random(in: 0..<1) }, logger: Logger = Logger(label: "mimecast.client")
    ) {
        self.baseURL = baseURL
        generation = credentials.generation
        self.dialect = generation == .v1 ? .portal : dialect
        capabilities = Capabilities(generation: generation, dialect: self.dialect)
        connection = Result { () throws(ClientError) in
            try Connection(
                url: Self.serviceURL(baseURL), credentials: credentials, transport: transport, retry: retry, clock: clock, now: now,
                random: random, logger: logger)
        }
    }

    private static func serviceURL(_ text: String) throws(ClientError) -> ServiceURL {
        do throws(UnusableURL) {
            return try ServiceURL(text, example: "https://host, such as https://api.services.mimecast.com")
        } catch {
            throw ClientError(.misconfigured, error.message, remedy: error.remedy)
        }
    }

    /// HTTP calls made so far, token calls included.
    public var calls: Int { (try? connection.get().wire.calls) ?? 0 }

    /// Makes one call of the vendor's catalogue.
    ///
    /// - Parameters:
    ///   - items: at most the endpoint's `itemsPerCall`.
    ///   - page: nil for the vendor's first and standard page.
    /// - Returns: the envelope; failed items stand in `fail`.
    /// - Throws: ``ClientError``: `refused` where the call as a whole failed.
    public func call<Item, Row>(
        _ endpoint: Endpoint<Item, Row>, items: [Item], page: PageRequest? = nil
    ) async throws -> ReplyEnvelope<Row> {
        try await call(endpoint, items: items, page: page, writes: endpoint.description.writes)
    }

    /// - Parameter writes: false for a call that only asks, though its endpoint can write.
    func call<Item, Row>(
        _ endpoint: Endpoint<Item, Row>, items: [Item], page: PageRequest? = nil, writes: Bool
    ) async throws -> ReplyEnvelope<Row> {
        let description = endpoint.description
        guard description.isServed(generation, dialect) else {
            throw ClientError(
                .refused, "\(description.path) is not served to a \(generation.rawValue) application of the \(dialect.rawValue) dialect.",
                remedy: "Use an application of the other generation or dialect.")
        }
        guard items.count <= max(description.itemsPerCall, 1) else {
            throw ClientError(
                .refused, "\(description.path) takes \(description.itemsPerCall) items a call, not \(items.count).",
                remedy: "Make several calls.")
        }
        let connection = try connection.get()
        let call = try connection.call(description, items: items, page: page, writes: writes)
        return try await connection.reader.envelope(
            connection.retrying.answer(to: call), of: call, body: description.body, as: Row.self)
    }
}

/// What a client is made of, once its base URL is known to be one.
struct Connection: Sendable {
    let url: ServiceURL
    let wire: Wire
    let retrying: Retrying
    let reader: ReplyReader

    init(
        url: ServiceURL, credentials: Credentials, transport: any Transport, retry: RetryPolicy, clock: any Clock<Duration>,
        now: @escaping @Sendable () -> Date, random: @escaping @Sendable () -> Double, logger: Logger
    ) {
        self.url = url
        let elapsed = stopwatch(clock)
        wire = Wire(transport: transport, logger: logger, elapsed: elapsed)
        let authorization: any Authorization
        switch credentials {
        case .v2(let clientID, let clientSecret):
            authorization = BearerAuthorization(
                clientID: clientID, clientSecret: clientSecret, url: url, wire: wire, timeout: retry.timeout, elapsed: elapsed)
        case .v1(let applicationID, let applicationKey, let accessKey, let secretKey):
            authorization = SignatureAuthorization(
                applicationID: applicationID, applicationKey: applicationKey, accessKey: accessKey, secretKey: secretKey, now: now)
        }
        let faults = FaultReader(credentials: credentials, origin: url.origin)
        retrying = Retrying(
            origin: url.origin, wire: wire, authorization: authorization, policy: retry, clock: clock, random: random, faults: faults)
        reader = ReplyReader(faults: faults)
    }

    func call<Item: Codable & Sendable>(
        _ description: EndpointDescription, items: [Item], page: PageRequest?, writes: Bool
    ) throws -> Call {
        var query: [(String, String)] = []
        var pagination: PageRequest?
        switch description.paging {
        case .none: break
        case .envelope: pagination = page
        case .query:
            if let size = page?.pageSize { query.append(("pageSize", String(size.value))) }
            if let token = page?.pageToken { query.append(("pageToken", token)) }
        }
        var body: [UInt8] = []
        if description.method == .post {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            do {
                body = Array(try encoder.encode(RequestEnvelope(data: items, pagination: pagination)))
            } catch {
                throw ClientError(.refused, "An item for \(description.path) cannot be written as JSON.", remedy: "Report this.")
            }
        }
        return Call(
            path: description.path, method: description.method.rawValue, target: url.target(description.path, query: query), body: body,
            writes: writes)
    }
}
