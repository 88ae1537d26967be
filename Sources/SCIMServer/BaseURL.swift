import HTTPTypes
import SCIM

/// The address that a client sees a service at, from which all locations are made (RFC 7644, section 3.1: absolute).
public enum BaseURL {
    /// - Parameters:
    ///   - configured: the whole address as somebody configured it; whatever the request says is no matter then.
    ///   - scheme: the connection's, "http" or "https".
    ///   - authority: `Host` or `:authority`; what is no host and port is passed over.
    ///   - path: where the service is mounted, such as "/scim/v2".
    ///   - trustsProxy: whether `Forwarded` (RFC 7239), `X-Forwarded-Proto`, `-Host`, `-Port` and `-Prefix` come from a proxy of ours; asked
    ///     where there is one of them. Of a chain of proxies the first one counts, which the client talked to.
    /// - Returns: without a slash at the end.
    public static func resolve(
        configured: String?, headers: HTTPFields, scheme: String, authority: String?, path: String, trustsProxy: @autoclosure () -> Bool
    ) -> String {
        if let configured, !configured.isEmpty { return withoutSlash(configured) }
        var scheme = self.scheme(scheme) ?? "http"
        var host = authority.flatMap { self.host($0) } ?? "localhost"
        var prefix = ""
        // Most requests come through no proxy.
        if headers.contains(where: { isForwarding($0.name) }), trustsProxy() {
            let forwarded = headers[.forwarded].map { Self.forwarded($0) } ?? (proto: nil, host: nil)
            if let said = forwarded.proto ?? first(headers[.forwardedProto]).flatMap({ self.scheme($0) }) { scheme = said }
            if let said = forwarded.host {
                host = said
            } else {
                let port = first(headers[.forwardedPort]).flatMap { self.port($0) }
                if let said = first(headers[.forwardedHost]).flatMap({ self.host($0) }) {
                    host = said
                } else if port != nil {
                    host = withoutPort(host)
                }
                if let port, withoutPort(host).utf8.count == host.utf8.count, port != (scheme == "https" ? "443" : "80") {
                    host += ":" + port
                }
            }
            prefix = first(headers[.forwardedPrefix]).flatMap { self.prefix($0) } ?? ""
        }
        return withoutSlash("\(scheme)://\(host)\(prefix)\(path)")
    }

    private static func isForwarding(_ name: HTTPField.Name) -> Bool {
        let name = name.canonicalName.utf8
        return name.starts(with: "x-forwarded-".utf8) || name.elementsEqual("forwarded".utf8)
    }

    private static func withoutSlash(_ text: String) -> String {
        if text.utf8.last != UInt8(ascii: "/") { return text }
        var rest = text[...].utf8
        while rest.last == UInt8(ascii: "/") { rest.removeLast() }
        return String(Substring(rest))
    }

    /// Of several proxies the first, which is the one that the client talked to.
    private static func first(_ header: String?) -> String? {
        header?.split(separator: ",", maxSplits: 1, omittingEmptySubsequences: false).first.map { String($0.trimmingBlanks) }
    }

    /// `for=…;proto=https;host="example.com:8443", …` of RFC 7239.
    private static func forwarded(_ header: String) -> (proto: String?, host: String?) {
        var proto: String?
        var host: String?
        var rest = header[...].utf8
        /// Reads up to one of these bytes, which it leaves; those in quotes do not count.
        func read(to ends: [UInt8]) -> String {
            var text: [UInt8] = []
            var isQuoted = false
            while let byte = rest.first, isQuoted || !ends.contains(byte) {
                rest.removeFirst()
                if byte == UInt8(ascii: "\"") {
                    isQuoted.toggle()
                } else if isQuoted, byte == UInt8(ascii: "\\") {
                    if let escaped = rest.popFirst() { text.append(escaped) }
                } else {
                    text.append(byte)
                }
            }
            return String(String(decoding: text, as: UTF8.self)[...].trimmingBlanks)
        }
        while !rest.isEmpty {
            let name = read(to: [UInt8(ascii: "="), UInt8(ascii: ";"), UInt8(ascii: ",")])
            if rest.first == UInt8(ascii: "=") {
                rest.removeFirst()
                let value = read(to: [UInt8(ascii: ";"), UInt8(ascii: ",")])
                if AttributeName.areEqual(name, "proto") { proto = proto ?? scheme(value) }
                if AttributeName.areEqual(name, "host") { host = host ?? self.host(value) }
            }
            if rest.popFirst() == UInt8(ascii: ",") { break }
        }
        return (proto, host)
    }

    private static func scheme(_ text: String) -> String? {
        if AttributeName.areEqual(text, "https") { return "https" }
        return AttributeName.areEqual(text, "http") ? "http" : nil
    }

    /// A name, an IPv4 address, or an IPv6 address in brackets; with or without a port.
    private static func host(_ text: String) -> String? {
        var text = text
        // By bytes side by side: every request passes here.
        return text.withUTF8 { isHost($0) } ? text : nil
    }

    private static func isHost(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        guard (1...255).contains(text.count) else { return false }
        let isBracketed = text[0] == UInt8(ascii: "[")
        guard isBracketed || isLetterOrDigit(text[0]) else { return false }
        var end = 1
        if isBracketed {
            while end < text.count, isHexadecimal(text[end]) || text[end] == 0x3A || text[end] == 0x2E { end += 1 }
            guard end > 2, end < text.count, text[end] == UInt8(ascii: "]") else { return false }
            end += 1
        } else {
            while end < text.count, isLetterOrDigit(text[end]) || text[end] == 0x2D || text[end] == 0x2E || text[end] == 0x5F { end += 1 }
        }
        guard end < text.count else { return true }
        return text[end] == UInt8(ascii: ":") && isPort(text[(end + 1)...])
    }

    private static func isPort(_ digits: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
        guard (1...5).contains(digits.count), digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return false }
        return (1...65_535).contains(digits.reduce(0) { $0 * 10 + Int($1 - 0x30) })
    }

    private static func withoutPort(_ host: String) -> String {
        let isBracketed = host.utf8.first == UInt8(ascii: "[")
        guard let colon = host.utf8.lastIndex(of: UInt8(ascii: ":")) else { return host }
        if isBracketed, let end = host.utf8.lastIndex(of: UInt8(ascii: "]")), colon < end { return host }
        return String(host[..<colon])
    }

    private static func port(_ text: String) -> String? {
        guard (1...5).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(text),
            (1...65_535).contains(number)
        else { return nil }
        return String(number)
    }

    private static func prefix(_ text: String) -> String? {
        guard text.utf8.first == UInt8(ascii: "/"), text.utf8.count <= 200 else { return nil }
        let parts = text.utf8.split(separator: UInt8(ascii: "/"))
        let isSafe = parts.allSatisfy { part in
            !part.elementsEqual("..".utf8) && !part.elementsEqual(".".utf8)
                && part.allSatisfy { isLetterOrDigit($0) || [0x2D, 0x2E, 0x5F, 0x7E].contains($0) }
        }
        return isSafe ? parts.map { "/" + String(Substring($0)) }.joined() : nil
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) || (byte | 0x20) &- 0x61 < 26 }

    private static func isHexadecimal(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) || (byte | 0x20) &- 0x61 < 6 }
}

extension HTTPField.Name {
    fileprivate static let forwarded = known("Forwarded")
    fileprivate static let forwardedProto = known("X-Forwarded-Proto")
    fileprivate static let forwardedHost = known("X-Forwarded-Host")
    fileprivate static let forwardedPort = known("X-Forwarded-Port")
    fileprivate static let forwardedPrefix = known("X-Forwarded-Prefix")

    /// - Parameter name: a token, as all of these are.
    private static func known(_ name: String) -> HTTPField.Name { HTTPField.Name(name) ?? .via }
}
