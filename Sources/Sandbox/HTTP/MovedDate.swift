import Foundation
import HTTPTypes
import Mimecast
import NIOCore
import NIOHTTPTypes

/// Dates answers by the sandbox's clock where that was moved: the framework dates them by the machine's, after everything else.
final class MovedDate: ChannelOutboundHandler, RemovableChannelHandler {
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let clock: SandboxClock

    init(_ clock: SandboxClock) { self.clock = clock }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard clock.ahead != 0, case .head(var head) = unwrapOutboundIn(data) else { return context.write(data, promise: promise) }
        head.headerFields[.date] = RequestSignature.date(clock.now).replacing("UTC", with: "GMT")
        context.write(wrapOutboundOut(.head(head)), promise: promise)
    }
}
