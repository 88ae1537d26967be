import Crypto
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import NIOTLS
import SwiftASN1
import Synchronization
import X509

/// A certificate authority that lives as long as a test.
struct TestAuthority {
    let certificate: Certificate
    private let key: Certificate.PrivateKey
    private let name: DistinguishedName

    init() throws {
        key = Certificate.PrivateKey(P256.Signing.PrivateKey())
        name = try DistinguishedName { CommonName("Receivers of a test") }
        certificate = try Certificate(
            version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: key.publicKey,
            notValidBefore: Date(timeIntervalSinceNow: -3_600),
            notValidAfter: Date(timeIntervalSinceNow: 3_600), issuer: name, subject: name, signatureAlgorithm: .ecdsaWithSHA256,
            extensions: Certificate.Extensions {
                Critical(BasicConstraints.isCertificateAuthority(maxPathLength: nil))
                Critical(KeyUsage(keyCertSign: true))
            }, issuerPrivateKey: key)
    }

    /// What trusts this authority and no other.
    var roots: NIOSSLTrustRoots { get throws { .certificates([try Self.nio(certificate)]) } }

    /// A server's side of TLS.
    ///
    /// - Parameters:
    ///   - host: whom the certificate names.
    ///   - end: when it ends, in seconds from now.
    func server(for host: String, validFor end: TimeInterval = 3_600) throws -> NIOSSLContext {
        let own = P256.Signing.PrivateKey()
        let leaf = try Certificate(
            version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: Certificate.PrivateKey(own).publicKey,
            notValidBefore: Date(timeIntervalSinceNow: -7_200), notValidAfter: Date(timeIntervalSinceNow: end), issuer: name,
            subject: try DistinguishedName { CommonName("A receiver") }, signatureAlgorithm: .ecdsaWithSHA256,
            extensions: Certificate.Extensions {
                Critical(BasicConstraints.notCertificateAuthority)
                try ExtendedKeyUsage([.serverAuth])
                SubjectAlternativeNames([.dnsName(host)])
            }, issuerPrivateKey: key)
        return try NIOSSLContext(
            configuration: .makeServerConfiguration(
                certificateChain: [.certificate(try Self.nio(leaf))],
                privateKey: .privateKey(try NIOSSLPrivateKey(bytes: Array(own.pemRepresentation.utf8), format: .pem))))
    }

    private static func nio(_ certificate: Certificate) throws -> NIOSSLCertificate {
        try NIOSSLCertificate(bytes: Array(certificate.serializeAsPEM().pemString.utf8), format: .pem)
    }
}

/// A receiver of deliveries that speaks TLS on this machine, and remembers who it was called as and what came.
final class TLSReceiver: Sendable {
    private struct State {
        var names: [String?] = []
        var bodies: [String] = []
    }

    private let state = Mutex(State())
    private let channel: Mutex<(any Channel)?> = Mutex(nil)

    /// The names that connections asked for (SNI), nil for none.
    var names: [String?] { state.withLock(\.names) }
    var bodies: [String] { state.withLock(\.bodies) }
    var port: Int { channel.withLock { $0?.localAddress?.port } ?? 0 }

    static func with<T: Sendable>(_ context: NIOSSLContext, _ body: (TLSReceiver) async throws -> T) async throws -> T {
        let receiver = TLSReceiver()
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(ChannelOptions.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let sni = SNIHandler { result in
                        receiver.state.withLock { state in
                            if case .hostname(let name) = result { state.names.append(name) } else { state.names.append(nil) }
                        }
                        return channel.eventLoop.makeCompletedFuture {
                            let pipeline = channel.pipeline.syncOperations
                            try pipeline.addHandler(NIOSSLServerHandler(context: context))
                            try pipeline.configureHTTPServerPipeline()
                            try pipeline.addHandler(Answer(receiver))
                        }
                    }
                    try channel.pipeline.syncOperations.addHandler(ByteToMessageHandler(sni))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        receiver.channel.withLock { $0 = channel }
        let result: T
        do {
            result = try await body(receiver)
        } catch {
            try? await channel.close()
            throw error
        }
        try? await channel.close()
        return result
    }

    private final class Answer: ChannelInboundHandler {
        typealias InboundIn = HTTPServerRequestPart
        typealias OutboundOut = HTTPServerResponsePart

        private let receiver: TLSReceiver
        private var body = ""

        init(_ receiver: TLSReceiver) { self.receiver = receiver }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            switch unwrapInboundIn(data) {
            case .head: body = ""
            case .body(let bytes): body += String(decoding: bytes.readableBytesView, as: UTF8.self)
            case .end:
                receiver.state.withLock { $0.bodies.append(body) }
                let head = HTTPResponseHead(version: .http1_1, status: .noContent)
                context.write(wrapOutboundOut(.head(head)), promise: nil)
                context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
            }
        }

        /// A caller who does not trust us hangs up.
        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }
}
