import AsyncHTTPClient

/// Clients that connect to one address each, whatever a name says by then. Few are kept, for their open connections.
public actor PinnedClients {
    struct Key: Hashable, Sendable {
        var host: String
        var address: NetworkAddress
    }

    private struct Entry {
        let client: HTTPClient
        var users = 0
        var used: Int
    }

    private static let most = 32

    private var entries: [Key: Entry] = [:]
    private var turn = 0
    private var isOver = false
    private let configuration: HTTPClient.Configuration

    private init(_ configuration: HTTPClient.Configuration) { self.configuration = configuration }

    /// Lends clients to `body`, and shuts them down when it ends, however it does.
    public static func with<Value>(_ body: (PinnedClients) async throws -> Value) async throws -> Value {
        try await with(AsyncHTTPTransport.configuration, body)
    }

    /// - Parameter configuration: of every client; the address to connect to is added.
    static func with<Value>(
        _ configuration: HTTPClient.Configuration, _ body: (PinnedClients) async throws -> Value
    ) async throws -> Value {
        let clients = PinnedClients(configuration)
        let result: Result<Value, any Error>
        do {
            result = .success(try await body(clients))
        } catch {
            result = .failure(error)
        }
        await clients.shutdown()
        return try result.get()
    }

    /// A client whose every connection for the host goes to the address. TLS goes by the host's name.
    ///
    /// - Returns: nil after the end.
    func take(_ key: Key) -> HTTPClient? {
        guard !isOver else { return nil }
        turn += 1
        var entry = entries[key] ?? Entry(client: client(key), used: turn)
        entry.users += 1
        entry.used = turn
        entries[key] = entry
        return entry.client
    }

    /// Gives a client back, and ends those that have not been used for the longest time.
    func giveBack(_ key: Key) async {
        entries[key]?.users -= 1
        while entries.count > Self.most, let oldest = entries.filter({ $0.value.users == 0 }).min(by: { $0.value.used < $1.value.used }) {
            entries[oldest.key] = nil
            try? await oldest.value.client.shutdown()
        }
    }

    /// Closes every connection. Calls that are still under way fail.
    private func shutdown() async {
        isOver = true
        let left = entries.values.map(\.client)
        entries = [:]
        // One that complains is shut down all the same.
        for client in left { try? await client.shutdown() }
    }

    private func client(_ key: Key) -> HTTPClient {
        var configuration = configuration
        configuration.dnsOverride = [key.host: key.address.description]
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }
}
