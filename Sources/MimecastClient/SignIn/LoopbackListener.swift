import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// Listens on 127.0.0.1 for one browser (RFC 8252, section 7.3).
public struct LoopbackListener: RedirectListener {
    public init() {}

    /// - Throws: ``ClientError``: `misconfigured` where the port cannot be had.
    public func open(port: Int?) async throws -> any OpenListener {
        let desk = RedirectDesk()
        let bootstrap = ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline(withPipeliningAssistance: true)
                    try channel.pipeline.syncOperations.addHandler(RedirectHandler(desk: desk))
                }
            }
        do {
            let channel = try await bootstrap.bind(host: "127.0.0.1", port: port ?? 0).get()
            return OpenLoopback(channel: channel, desk: desk)
        } catch {
            throw ClientError(
                .misconfigured, "The port \(port.map(String.init) ?? "") of 127.0.0.1 cannot be listened on (\(error)).",
                remedy: "Name another port, or none.")
        }
    }
}

private struct OpenLoopback: OpenListener {
    let channel: any Channel
    let desk: RedirectDesk

    var port: Int { channel.localAddress?.port ?? 0 }

    func expect(_ path: String, answer: @escaping @Sendable (String) -> RedirectPage) { desk.expect(path, answer) }

    func target() async throws -> String {
        for await target in desk.targets { return target }
        throw CancellationError()
    }

    func close() async { try? await channel.close().get() }
}

/// What is waited for, and what came.
private final class RedirectDesk: Sendable {
    private struct Expected {
        let path: String
        let answer: @Sendable (String) -> RedirectPage
    }

    let targets: AsyncStream<String>
    private let arrivals: AsyncStream<String>.Continuation
    /// Nil before anything is expected, and again once it has come: a second answer would be somebody else's.
    private let expected = Mutex<Expected?>(nil)

    init() { (targets, arrivals) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(1)) }

    func expect(_ path: String, _ answer: @escaping @Sendable (String) -> RedirectPage) {
        expected.withLock { $0 = Expected(path: path, answer: answer) }
    }

    /// - Returns: the page, and whether it is the one that was waited for.
    func page(for request: HTTPRequestHead) -> (page: RedirectPage, isExpected: Bool) {
        let path = request.uri.prefix { $0 != "?" }
        let found = expected.withLock { expected -> Expected? in
            guard let wanted = expected, request.method == .GET, wanted.path == path else { return nil }
            expected = nil
            return wanted
        }
        guard let found else { return (RedirectPage(status: 404, text: "There is nothing here."), false) }
        return (found.answer(request.uri), true)
    }

    func arrived(_ target: String) { arrivals.yield(target) }
}

/// Answers each request with its page and closes.
private final class RedirectHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let desk: RedirectDesk
    private var head: HTTPRequestHead?

    init(desk: RedirectDesk) { self.desk = desk }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): self.head = head
        case .body: break
        case .end:
            guard let head else { return }
            self.head = nil
            let (page, isExpected) = desk.page(for: head)
            let body = ByteBuffer(string: page.html)
            let headers: HTTPHeaders = [
                "Content-Type": "text/html; charset=utf-8", "Content-Length": "\(body.readableBytes)", "Connection": "close",
                "Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "Content-Security-Policy": "default-src 'none'",
            ]
            let status = HTTPResponseStatus(statusCode: page.status)
            context.write(wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: status, headers: headers))), promise: nil)
            context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
            let channel = context.channel
            let (desk, uri) = (desk, head.uri)
            context.writeAndFlush(wrapOutboundOut(.end(nil))).whenComplete { _ in
                channel.close(promise: nil)
                if isExpected { desk.arrived(uri) }
            }
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
