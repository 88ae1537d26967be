import NIOCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// An address of a network, IPv4 or IPv6, without a port.
public struct NetworkAddress: Sendable, Hashable, CustomStringConvertible {
    /// What may be found at an address.
    public enum Reach: String, Sendable, CaseIterable {
        /// The public internet.
        case global
        /// This machine (127.0.0.0/8, ::1).
        case loopback
        /// A network of somebody's own (RFC 1918, RFC 4193).
        case privateUse = "private"
        /// Between a carrier and its customers (RFC 6598).
        case shared
        /// The wire that a machine is on (169.254.0.0/16, fe80::/10); clouds keep their machines' credentials there.
        case linkLocal = "link-local"
        case multicast
        /// Examples, benchmarks, tunnels and what else is not for deliveries, such as IPv4 inside of IPv6 (IANA's registries of special-purpose
        /// addresses).
        case reserved
    }

    /// 4 bytes or 16.
    public let bytes: [UInt8]

    /// Nil for a text that is no address: `10.0.0.1`, `fd00::1`; no brackets, no port, no zone, no octal, hexadecimal or shortened IPv4.
    public init?(_ text: String) {
        guard !text.contains("%"), let address = try? SocketAddress(ipAddress: text, port: 0) else { return nil }
        self.init(address)
    }

    init?(_ address: SocketAddress) {
        switch address {
        case .v4(let address): bytes = withUnsafeBytes(of: address.address.sin_addr) { Array($0) }
        case .v6(let address): bytes = withUnsafeBytes(of: address.address.sin6_addr) { Array($0) }
        case .unixDomainSocket: return nil
        }
    }

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    public var description: String {
        (try? SocketAddress(packedIPAddress: ByteBuffer(bytes: bytes), port: 0))?.ipAddress ?? "?"
    }

    public var reach: Reach { bytes.count == 4 ? Self.reach(v4: bytes) : reachV6 }

    private static func reach(v4 bytes: [UInt8]) -> Reach {
        switch (bytes[0], bytes[1], bytes[2]) {
        case (127, _, _): .loopback
        case (10, _, _), (172, 16...31, _), (192, 168, _): .privateUse
        case (100, 64...127, _): .shared
        case (169, 254, _): .linkLocal
        case (224...239, _, _): .multicast
        // This network; protocol assignments; documentation; 6to4 relays; benchmarks; class E and broadcast.
        case (0, _, _), (192, 0, 0), (192, 0, 2), (192, 88, 99), (198, 18...19, _), (198, 51, 100), (203, 0, 113), (240..., _, _): .reserved
        default: .global
        }
    }

    private var reachV6: Reach {
        if bytes == [UInt8](repeating: 0, count: 15) + [1] { return .loopback }
        if bytes[0] == 0xFF { return .multicast }
        if bytes[0] & 0xFE == 0xFC { return .privateUse }
        if bytes[0] == 0xFE, bytes[1] & 0xC0 == 0x80 { return .linkLocal }
        // 64:ff9b::/96, where a network without IPv4 translates (RFC 6052): what counts is where it leads.
        if bytes.starts(with: [0x00, 0x64, 0xFF, 0x9B, 0, 0, 0, 0, 0, 0, 0, 0]) { return Self.reach(v4: Array(bytes[12...])) }
        // Only 2000::/3 is given out; the rest, IPv4-mapped addresses included, is special.
        guard bytes[0] & 0xE0 == 0x20 else { return .reserved }
        switch (bytes[0], bytes[1], bytes[2], bytes[3]) {
        // Protocol assignments (Teredo, ORCHID, benchmarks), documentation, 6to4, documentation again.
        case (0x20, 0x01, 0x00...0x01, _), (0x20, 0x01, 0x0D, 0xB8), (0x20, 0x02, _, _), (0x3F, 0xFF, 0x00...0x0F, _): return .reserved
        default: return .global
        }
    }
}
