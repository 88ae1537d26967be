import AsyncHTTPClient

/// Clients that connect to one address each, whatever a name says by then. Few are kept, for their open connections.
actor PinnedClients {
    struct Key: Hashable, Sendable {
        var host: String
        var address: NetworkAddress
    }

    private struct Entry {
        let client: HTTPClient
        var users = 0
        var used: Int
    }

    static let shared = PinnedClients()
    private static let most = 32

    private var entries: [Key: Entry] = [:]
    private var turn = 0

    /// A client whose every connection for the host goes to the address. TLS goes by the host's name.
    func take(_ key: Key) -> HTTPClient {
        turn += 1
        var entry = entries[key] ?? Entry(client: Self.client(key), used: turn)
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

    private static func client(_ key: Key) -> HTTPClient {
        var configuration = AsyncHTTPTransport.configuration
        configuration.dnsOverride = [key.host: key.address.description]
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }
}
