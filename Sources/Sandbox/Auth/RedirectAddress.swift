/// Where the authorization-code flow sends somebody back to.
struct RedirectAddress: Sendable, Hashable {
    /// As the client sent it.
    let text: String

    /// - Parameter registered: the application's list. What was sent has to be one of it, character by character; of a registered
    ///   address of this machine the port may be any (RFC 8252, section 7.3).
    /// - Returns: nil where it is not on the list, and for what could not stand in a header.
    init?(_ text: String, registered: [String]) {
        guard text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }), !text.contains("#"), Self.isHarmless(text),
            registered.contains(where: { Self.isSame($0, text) })
        else { return nil }
        self.text = text
    }

    /// The address with an answer in its query.
    func with(_ answer: [(name: String, value: String)]) -> String {
        let query = answer.map { "\($0.name)=\(Self.encode($0.value))" }.joined(separator: "&")
        guard text.contains("?") else { return "\(text)?\(query)" }
        return text.hasSuffix("?") || text.hasSuffix("&") ? text + query : "\(text)&\(query)"
    }

    /// What a page's policy has to allow, since browsers apply it to where a form's answer redirects.
    var policySource: String {
        let scheme = text.prefix { $0 != ":" }
        guard text.hasPrefix("\(scheme)://") else { return "\(scheme):" }
        let host = text.dropFirst(scheme.utf8.count + 3).prefix { !"/?".contains($0) }
        // The policy's grammar has neither IPv6 literals nor user names; in such a case the scheme has to do.
        let isPlain = !host.isEmpty && host.utf8.allSatisfy { Self.isUnreserved($0) || $0 == UInt8(ascii: ":") }
        return isPlain ? "\(scheme)://\(host)" : "\(scheme):"
    }

    private static let machines = ["http://127.0.0.1", "http://[::1]", "http://localhost"]

    private static func isSame(_ registered: String, _ sent: String) -> Bool {
        if registered.utf8.elementsEqual(sent.utf8) { return true }
        for machine in machines {
            if let wanted = afterPort(registered, machine), let got = afterPort(sent, machine) { return wanted.elementsEqual(got) }
        }
        return false
    }

    /// What follows a machine and its port.
    ///
    /// - Returns: nil where another machine is meant.
    private static func afterPort(_ address: String, _ machine: String) -> Substring.UTF8View? {
        guard address.utf8.starts(with: machine.utf8) else { return nil }
        var rest = address.utf8.dropFirst(machine.utf8.count)
        if rest.first == UInt8(ascii: ":") {
            let digits = rest.dropFirst().prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
            guard let port = Int(String(decoding: digits, as: UTF8.self)), (1...65_535).contains(port) else { return nil }
            rest = rest.dropFirst(1 + digits.count)
        }
        guard rest.isEmpty || rest.first == UInt8(ascii: "/") || rest.first == UInt8(ascii: "?") else { return nil }
        return rest
    }

    /// Nothing that a browser would run.
    private static func isHarmless(_ text: String) -> Bool {
        let scheme = text.prefix { $0 != ":" }
        return scheme.count < text.count && !["javascript", "data", "vbscript"].contains(scheme.lowercased())
    }

    private static func encode(_ text: String) -> String {
        text.utf8.map { byte in
            isUnreserved(byte) ? String(UnicodeScalar(byte)) : "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
        }.joined()
    }

    /// RFC 3986, section 2.3.
    static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"):
            true
        default: false
        }
    }
}
