import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import Synchronization

/// HTTP to a place that somebody else named: the name is resolved once for each call, every address that it has is judged, and the connection
/// goes to an address that was judged. A name whose addresses change in between leads nowhere else; redirects are not followed; TLS is
/// verified for the name. Of an answer's body no more than a little is read, and all of it is thrown away: what counts is the status.
public struct PinnedTransport: Transport {
    /// Judges an address.
    ///
    /// - Returns: nil where it may be called, else why not, as the end of a sentence: "is private".
    public typealias Judge = @Sendable (NetworkAddress) -> String?

    /// Bytes of an answer's body after which the connection is closed.
    static let bodyLimit = 4 << 10
    /// Addresses of a host that are tried.
    static let mostAddresses = 4

    private let judge: Judge
    private let resolver: HostResolver
    private let clients: PinnedClients

    /// - Parameter clients: make the connections.
    public init(judge: @escaping Judge, clients: PinnedClients) { self.init(judge: judge, resolver: .shared, clients: clients) }

    init(judge: @escaping Judge, resolver: HostResolver, clients: PinnedClients) {
        self.judge = judge
        self.resolver = resolver
        self.clients = clients
    }

    public func send(_ request: WireRequest, timeout: Duration) async throws(TransportError) -> WireReply {
        let head = Head()
        do {
            return try await withThrowingTaskGroup(of: WireReply.self) { group in
                group.addTask { try await exchange(request, timeout: timeout, head) }
                group.addTask {
                    try await Task.sleep(for: timeout)
                    throw HTTPClientError.deadlineExceeded
                }
                defer { group.cancelAll() }
                guard let reply = try await group.next() else { throw CancellationError() }
                return reply
            }
        } catch let error as TransportError {
            throw error
        } catch {
            // The answer is its head. One whose body never ends is an answer all the same.
            if let reply = head.reply.withLock({ $0 }), !Task.isCancelled { return reply }
            throw AsyncHTTPTransport.explain(error, request: request, begun: true, bodyLimit: Self.bodyLimit)
        }
    }

    /// The answer's head, from when it is there.
    private final class Head: Sendable {
        let reply = Mutex<WireReply?>(nil)
    }

    private func exchange(_ request: WireRequest, timeout: Duration, _ head: Head) async throws -> WireReply {
        // Read as the client reads it, so that it looks up no other name.
        guard let host = URL(string: request.url)?.host?.trimmingCharacters(in: ["[", "]"]), !host.isEmpty else {
            throw TransportError(.invalid, mayHaveReachedServer: false, "\(request.urlWithoutQuery) is no URL that can be called.")
        }
        let addresses = try await resolver.addresses(of: host)
        for address in addresses {
            guard let why = judge(address) else { continue }
            throw TransportError(
                .invalid, mayHaveReachedServer: false,
                address.description == host ? "\(host) \(why)." : "\(host) resolves to \(address), which \(why).")
        }
        var last = TransportError(.unreachable, mayHaveReachedServer: false, "\(host) has no address.")
        for address in addresses.prefix(Self.mostAddresses) {
            let key = PinnedClients.Key(host: host, address: address)
            guard let client = await clients.take(key) else { throw CancellationError() }
            let body = WatchedBody(request.body)
            let result: Result<WireReply, TransportError>
            do {
                result = .success(try await call(client, request, body, timeout: timeout, head))
            } catch {
                let begun = request.body.isEmpty || body.isTaken
                result = .failure(AsyncHTTPTransport.explain(error, request: request, begun: begun, bodyLimit: Self.bodyLimit))
            }
            await clients.giveBack(key)
            switch result {
            case .success(let reply): return reply
            // Nobody there: the next address may be better, such as an IPv4 one where IPv6 leads nowhere.
            case .failure(let error) where error.kind == .unreachable: last = error
            case .failure(let error): throw error
            }
        }
        throw last
    }

    private func call(
        _ client: HTTPClient, _ request: WireRequest, _ body: WatchedBody, timeout: Duration, _ head: Head
    ) async throws -> WireReply {
        var outgoing = HTTPClientRequest(url: request.url)
        outgoing.method = HTTPMethod(rawValue: request.method)
        outgoing.headers = HTTPHeaders(request.headers)
        if !request.body.isEmpty { outgoing.body = .stream(body, length: .known(Int64(request.body.count))) }
        let answer = try await client.execute(outgoing, timeout: .nanoseconds(timeout.wholeNanoseconds))
        let reply = WireReply(status: Int(answer.status.code), headers: answer.headers.map { ($0.name, $0.value) })
        head.reply.withLock { $0 = reply }
        // Read a little, so that the connection can be used again; what is longer closes it.
        var left = Self.bodyLimit
        var parts = answer.body.makeAsyncIterator()
        while left > 0, let part = try? await parts.next() { left -= part.readableBytes }
        return reply
    }
}
