import Foundation
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A socket of this machine that takes one connection, reads a request, writes what it was given, and closes or stays silent.
public final class CannedServer: Sendable {
    public enum Then: Sendable { case close, silence }

    public let port: Int
    private let listener: Int32
    private let connection = Mutex<Int32>(-1)

    /// - Parameter answer: the bytes to write; nil to accept nothing at all, which leaves the connection in the kernel's hands.
    public init(_ answer: String?, then: Then = .close) throws {
        #if canImport(Glibc)
            listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        #else
            listener = socket(AF_INET, SOCK_STREAM, 0)
        #endif
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let listener = listener
        let bound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                bind(listener, pointer, length) == 0 && listen(listener, 4) == 0 && getsockname(listener, pointer, &length) == 0
            }
        }
        guard bound else { throw CocoaError(.fileReadUnknown) }
        port = Int(UInt16(bigEndian: address.sin_port))
        guard let answer else { return }
        Thread.detachNewThread { [self] in serve(answer, then) }
    }

    deinit {
        let connection = connection.withLock { $0 }
        if connection >= 0 { _ = close(connection) }
        _ = close(listener)
    }

    private func serve(_ answer: String, _ then: Then) {
        let peer = accept(listener, nil, nil)
        guard peer >= 0 else { return }
        var buffer = [UInt8](repeating: 0, count: 65_536)
        _ = recv(peer, &buffer, buffer.count, 0)
        let bytes = Array(answer.utf8)
        _ = send(peer, bytes, bytes.count, 0)
        switch then {
        case .close: _ = close(peer)
        case .silence: connection.withLock { $0 = peer }
        }
    }
}
