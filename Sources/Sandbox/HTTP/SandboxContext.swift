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
        // By its text: which module the fields of an address come from depends on what is imported elsewhere.
        guard let text = ipAddress else { return false }
        return text == "::1" || text.hasPrefix("127.") || text.hasPrefix("::ffff:127.")
    }
}
