import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import Synchronization

/// HTTP by AsyncHTTPClient: TLS verified, no redirects, bodies up to a limit.
public struct AsyncHTTPTransport: Transport {
    private let client: HTTPClient
    private let bodyLimit: Int

    /// Over one client for the whole process, which is never shut down.
    ///
    /// Not `HTTPClient.shared`: that one follows redirects, and would carry a signed call to wherever an answer points.
    ///
    /// - Parameter bodyLimit: the largest body that is taken, in bytes.
    public init(bodyLimit: Int = 10 << 20) { self.init(client: Self.common, bodyLimit: bodyLimit) }

    /// Over a client of the caller's, who shuts it down after the last call. Make it with ``configuration``.
    public init(client: HTTPClient, bodyLimit: Int = 10 << 20) {
        self.client = client
        self.bodyLimit = bodyLimit
    }

    /// No redirects, and a refused connection is told at once instead of being tried again until the time is up.
    public static var configuration: HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.timeout.connect = .seconds(10)
        configuration.connectionPool.retryConnectionEstablishment = false
        // Shorter than a gateway's own, so that a call seldom leaves on a connection that is just being closed.
        configuration.connectionPool.idleTimeout = .seconds(15)
        return configuration
    }

    private static let common = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)

    public func send(_ request: WireRequest, timeout: Duration) async throws(TransportError) -> WireReply {
        var outgoing = HTTPClientRequest(url: request.url)
        outgoing.method = HTTPMethod(rawValue: request.method)
        outgoing.headers = HTTPHeaders(request.headers)
        let body = WatchedBody(request.body)
        if !request.body.isEmpty {
            outgoing.body = .stream(body, length: .known(Int64(request.body.count)))
        }
        do {
            return try await exchange(outgoing, timeout: timeout)
        } catch {
            throw Self.explain(error, request: request, begun: request.body.isEmpty || body.isTaken, bodyLimit: bodyLimit)
        }
    }

    /// The client's own deadline ends with the head of an answer; this one covers its body too.
    private func exchange(_ request: HTTPClientRequest, timeout: Duration) async throws -> WireReply {
        try await withThrowingTaskGroup(of: WireReply.self) { group in
            group.addTask { [client, bodyLimit] in
                let reply = try await client.execute(request, timeout: .nanoseconds(timeout.wholeNanoseconds))
                let body = try await reply.body.collect(upTo: bodyLimit)
                return WireReply(
                    status: Int(reply.status.code), headers: reply.headers.map { ($0.name, $0.value) },
                    body: [UInt8](body.readableBytesView))
            }
            group.addTask {
                try await Task.sleep(for: timeout)
                throw HTTPClientError.deadlineExceeded
            }
            defer { group.cancelAll() }
            guard let reply = try await group.next() else { throw CancellationError() }
            return reply
        }
    }

    /// - Parameter begun: sending had begun, as far as one can see.
    static func explain(_ error: any Error, request: WireRequest, begun: Bool, bodyLimit: Int) -> TransportError {
        let place = request.urlWithoutQuery
        if error is CancellationError || error as? HTTPClientError == .cancelled || Task.isCancelled {
            return TransportError(.cancelled, mayHaveReachedServer: begun, "The call to \(place) was cancelled.")
        }
        if error is NIOTooManyBytesError {
            return TransportError(.replyTooLarge, mayHaveReachedServer: true, "The answer of \(place) is larger than \(bodyLimit) bytes.")
        }
        guard let error = error as? HTTPClientError else {
            let kind: TransportError.Kind = begun && !request.body.isEmpty ? .connectionLost : .unreachable
            return TransportError(kind, mayHaveReachedServer: begun, "\(place) cannot be reached (\(error)).")
        }
        switch error {
        case .invalidURL, .emptyHost, .emptyScheme, .missingSocketPath, .alreadyShutdown:
            return TransportError(.invalid, mayHaveReachedServer: false, "The call to \(place) cannot be made (\(error)).")
        case .connectTimeout, .tlsHandshakeTimeout, .getConnectionFromPoolTimeout:
            return TransportError(.unreachable, mayHaveReachedServer: false, "\(place) does not take connections (\(error)).")
        case .deadlineExceeded, .readTimeout, .writeTimeout:
            return TransportError(.timedOut, mayHaveReachedServer: begun, "\(place) did not answer in time.")
        default:
            return TransportError(.connectionLost, mayHaveReachedServer: begun, "The connection to \(place) broke (\(error)).")
        }
    }
}

extension Duration {
    /// Saturates far beyond any timeout.
    var wholeNanoseconds: Int64 {
        let (seconds, attoseconds) = components
        return min(max(seconds, 0), 1_000_000_000) * 1_000_000_000 + attoseconds / 1_000_000_000
    }
}

/// A body that knows whether the client has begun to take it.
///
/// The client asks for the body only after it has a connection and has written the head. A request whose body was never asked for
/// was never whole at the server, whatever went wrong: no name, no route, no TLS, no free connection.
struct WatchedBody: AsyncSequence, Sendable {
    fileprivate final class Flag: Sendable {
        let taken = Atomic(false)
    }

    struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate var rest: ByteBuffer?
        fileprivate let flag: Flag

        mutating func next() async -> ByteBuffer? {
            flag.taken.store(true, ordering: .sequentiallyConsistent)
            defer { rest = nil }
            return rest
        }
    }

    private let buffer: ByteBuffer
    private let flag = Flag()

    init(_ bytes: [UInt8]) { buffer = ByteBuffer(bytes: bytes) }

    var isTaken: Bool { flag.taken.load(ordering: .sequentiallyConsistent) }

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(rest: buffer, flag: flag) }
}
