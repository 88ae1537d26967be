import Foundation
import Hummingbird
import NIOCore
import NIOPosix

/// A request's context, with the connection that a fault may close.
struct SandboxContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let channel: any Channel

    init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        channel = source.channel
    }

    /// Goes on where the connection is served. Where event loops run everything, a task that is resumed by another loop stays there, and
    /// a loop that always has such guests comes to its own connections no more.
    func comeHome() async {
        guard let here = MultiThreadedEventLoopGroup.currentEventLoop, here !== channel.eventLoop else { return }
        try? await channel.eventLoop.submit {}.get()
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
