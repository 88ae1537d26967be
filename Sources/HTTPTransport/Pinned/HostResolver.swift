import Foundation
import NIOCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Turns names into addresses, as the system does it. One question for a name is under way at a time, whoever asks: a name server that does
/// not answer holds up those who want that name, and one thread.
actor HostResolver {
    typealias Answer = Result<[NetworkAddress], TransportError>

    static let shared = HostResolver()

    private var waiting: [String: [AsyncStream<Answer>.Continuation]] = [:]
    private let lookUp: @Sendable (String) -> Answer

    init(lookUp: @escaping @Sendable (String) -> Answer = HostResolver.system) { self.lookUp = lookUp }

    /// The addresses of a host, those first that the system likes best; an address stands for itself.
    ///
    /// - Throws: ``TransportError`` where there are none; `CancellationError`, at once, where the caller is cancelled.
    func addresses(of host: String) async throws -> [NetworkAddress] {
        if let address = NetworkAddress(host) { return [address] }
        let (stream, continuation) = AsyncStream<Answer>.makeStream()
        let isFirst = waiting[host] == nil
        waiting[host, default: []].append(continuation)
        if isFirst {
            // A thread of its own: a name server may take half a minute to say nothing.
            Thread.detachNewThread { [lookUp] in
                let answer = lookUp(host)
                Task { await self.answered(host, answer) }
            }
        }
        for await answer in stream { return try answer.get() }
        throw CancellationError()
    }

    private func answered(_ host: String, _ answer: Answer) {
        for continuation in waiting.removeValue(forKey: host) ?? [] {
            continuation.yield(answer)
            continuation.finish()
        }
    }

    @Sendable private static func system(_ host: String) -> Answer {
        var hints = addrinfo()
        #if canImport(Glibc)
            hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        #else
            hints.ai_socktype = SOCK_STREAM
        #endif
        var list: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(host, nil, &hints, &list)
        defer { if let list { freeaddrinfo(list) } }
        guard code == 0 else {
            let words = String(cString: gai_strerror(code))
            return .failure(TransportError(.unreachable, mayHaveReachedServer: false, "The name \(host) cannot be resolved (\(words))."))
        }
        var found: [NetworkAddress] = []
        var next = list
        while let entry = next?.pointee {
            next = entry.ai_next
            guard let address = entry.ai_addr, let bytes = bytes(address), !found.contains(NetworkAddress(bytes)) else { continue }
            found.append(NetworkAddress(bytes))
        }
        return .success(found)
    }

    private static func bytes(_ address: UnsafeMutablePointer<sockaddr>) -> [UInt8]? {
        switch Int32(address.pointee.sa_family) {
        case AF_INET:
            address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { pointer in
                withUnsafeBytes(of: pointer.pointee.sin_addr) { Array($0) }
            }
        case AF_INET6:
            address.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) { pointer in
                // A zone, as link-local addresses have, is lost; such a one is refused or unreachable.
                withUnsafeBytes(of: pointer.pointee.sin6_addr) { Array($0) }
            }
        default: nil
        }
    }
}
