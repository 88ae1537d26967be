import Foundation
import Hummingbird
import NIOCore

/// A request's context, with the connection that a fault may close.
struct SandboxContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let channel: any Channel

    init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        channel = source.channel
    }

    /// The other end's address.
    var origin: SocketAddress? { channel.remoteAddress }
}

extension SocketAddress {
    /// An address of this machine itself: 127.0.0.0/8, also as IPv6 has it, or ::1. A proxy may stand there.
    var isLoopback: Bool {
        switch self {
        case .v4(let address): withUnsafeBytes(of: address.address.sin_addr) { $0.first == 127 }
        case .v6(let address):
            withUnsafeBytes(of: address.address.sin6_addr) { bytes in
                let isMapped = bytes.prefix(10).allSatisfy { $0 == 0 } && bytes[10] == 0xFF && bytes[11] == 0xFF && bytes[12] == 127
                return isMapped || bytes.prefix(15).allSatisfy { $0 == 0 } && bytes[15] == 1
            }
        case .unixDomainSocket: false
        }
    }
}
