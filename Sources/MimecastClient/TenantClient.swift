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

    /// Where its calls pass a limiter: for other clients of the same application, whose calls count against the same quotas.
    public let gate: any CallGate

    let connection: Result<ClientParts, ClientError>
    let isUrgent: Bool

    /// Makes no call. A base URL that cannot be used is told by the first call.
    ///
    /// - Parameters:
    ///   - baseURL: `https://host[:port][/path][/]`; plain http only for 127.0.0.1, ::1 and localhost.
    ///   - dialect: of the v2 application; v1 ignores it.
    ///   - gate: where a limiter stands.
    ///   - clock: for waits and the token's life.
    ///   - now: the calendar time: what v1 signs, and what answers that name a time of day are compared with.
    ///   - random: from 0 up to 1, for jitter.
    ///   - logger: gets each call at debug: method, path, status, milliseconds; never a body.
    public init(
        baseURL: String, dialect: Dialect, credentials: Credentials, transport: any Transport, retry: RetryPolicy = .standard,
        gate: any CallGate = OpenGate(), clock: any Clock<Duration> = ContinuousClock(), now: @escaping @Sendable () -> Date = { Date() },
        random: @escaping @Sendable () -> Double = { .random(in: 0..<1) }, logger: Logger = Logger(label: "mimecast.client")
    ) {
        self.baseURL = baseURL
        self.gate = gate
        isUrgent = false
        generation = credentials.generation
        self.dialect = generation == .v1 ? .portal : dialect
        capabilities = Capabilities(generation: generation, dialect: self.dialect)
        connection = Result { () throws(ClientError) in
            try ClientParts(
                url: Self.serviceURL(baseURL), credentials: credentials, transport: transport, retry: retry, gate: gate, clock: clock,
                now: now, random: random, logger: logger)
        }
    }

    private init(urgent client: TenantClient) {
        (generation, dialect, capabilities) = (client.generation, client.dialect, client.capabilities)
        (baseURL, gate, connection, isUrgent) = (client.baseURL, client.gate, client.connection, true)
    }

    /// The same client, token and count of calls, for calls that may use what a limiter keeps in reserve (a leaver's).
    public var urgent: TenantClient { isUrgent ? self : TenantClient(urgent: self) }

    static func serviceURL(_ text: String) throws(ClientError) -> ServiceURL {
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
    ///   - items: at most the endpoint's `itemsPerCall`. Of a GET, and of a path with an `{id}`, the item's members stand there.
    ///   - id: for a path with an `{id}`; nil for the item's own.
    ///   - file: the body of a call that sends a file.
    ///   - page: nil for the vendor's first and standard page.
    ///   - mayRepeat: a call that writes may be carried out twice: it is then repeated like a read.
    /// - Returns: rows and failed items, or a file.
    /// - Throws: ``ClientError``: `refused` where the call as a whole failed.
    public func exchange<Item, Row>(
        _ endpoint: Endpoint<Item, Row>, items: [Item], id: String? = nil, file: [UInt8] = [], page: PageRequest? = nil,
        mayRepeat: Bool = false
    ) async throws -> Reply<Row> {
        try await exchange(endpoint, items: items, id: id, file: file, page: page) { $0.mayRepeat = mayRepeat }
    }

    /// Makes one call of the vendor's catalogue that is answered by rows: ``exchange(_:items:id:file:page:mayRepeat:)`` in short.
    ///
    /// - Returns: the envelope; failed items stand in `fail`.
    public func call<Item, Row>(
        _ endpoint: Endpoint<Item, Row>, items: [Item], page: PageRequest? = nil
    ) async throws -> ReplyEnvelope<Row> {
        try await exchange(endpoint, items: items, page: page).envelope
    }

    /// - Parameter writes: false for a call that only asks, though its endpoint can write.
    func call<Item, Row>(
        _ endpoint: Endpoint<Item, Row>, items: [Item], page: PageRequest? = nil, writes: Bool
    ) async throws -> ReplyEnvelope<Row> {
        try await exchange(endpoint, items: items, page: page, writes: writes).envelope
    }

    /// - Parameters:
    ///   - writes: nil for what the endpoint says.
    ///   - change: how the call differs from what its description makes of it.
    func exchange<Item, Row>(
        _ endpoint: Endpoint<Item, Row>, items: [Item], id: String? = nil, file: [UInt8] = [], page: PageRequest? = nil,
        writes: Bool? = nil, _ change: (inout Call) throws -> Void = { _ in }
    ) async throws -> Reply<Row> {
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
        var call = try connection.maker.call(description, items: items, id: id, file: file, page: page, writes: writes)
        call.urgent = isUrgent
        if !description.isSigned { call.authorization = try connection.open() }
        try change(&call)
        return try await connection.reader.read(connection.retrying.answer(to: call), of: call, description, as: Row.self)
    }
}
