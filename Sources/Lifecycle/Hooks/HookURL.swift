import Foundation
import HTTPTransport

/// Where a subscriber takes deliveries.
///
/// Our choices: https, unless the hook may go to private addresses; no user or password in it (the signature says who sends), no fragment;
/// below port 1024 only 80 and 443; at most 2,048 characters of ASCII.
public struct HookURL: Sendable, Hashable {
    /// As it is called, put together anew from its parts.
    public let text: String
    /// In lower case; an IPv6 address without its brackets.
    public let host: String
    public let isSecure: Bool

    /// - Throws: ``LifecycleError`` with the code `hook-url`. The text itself is not repeated: it may hold a password.
    public init(_ text: String, allowPrivate: Bool) throws {
        guard text.utf8.count <= 2_048, text.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "\\") }) else {
            throw Self.unusable(
                "is longer than 2,048 characters, or holds others than ASCII has",
                "Write names in their ASCII form (xn--…), the rest with %.")
        }
        guard let parts = URLComponents(string: text), let scheme = parts.scheme?.lowercased(), ["https", "http"].contains(scheme),
            let bracketed = parts.encodedHost?.lowercased(), Self.isHost(bracketed)
        else { throw Self.unusable("cannot be read", "Give it as https://host/path.") }
        guard parts.percentEncodedUser == nil, parts.percentEncodedPassword == nil else {
            throw Self.unusable("holds a user or a password", "Leave them out: deliveries are signed, and the receiver verifies that.")
        }
        guard parts.percentEncodedFragment == nil else { throw Self.unusable("has a fragment (#…)", "Leave it out.") }
        guard scheme == "https" || allowPrivate else {
            throw Self.unusable(
                "is plain http, which would send people's changes in clear", "Use https; for a private network, say --allow-private.")
        }
        guard parts.port.map({ [80, 443].contains($0) || (1_024...65_535).contains($0) }) ?? true else {
            throw Self.unusable("names a port that is no web server's", "Use 80, 443, or one from 1024 on.")
        }
        let path = parts.percentEncodedPath.isEmpty ? "/" : parts.percentEncodedPath
        self.text =
            "\(scheme)://\(bracketed)" + (parts.port.map { ":\($0)" } ?? "") + path + (parts.percentEncodedQuery.map { "?\($0)" } ?? "")
        host = bracketed.trimmingCharacters(in: ["[", "]"])
        isSecure = scheme == "https"
        // What is known without asking anybody; names are judged when they are resolved, each time.
        if let address = NetworkAddress(host), let why = judge(allowPrivate: allowPrivate)(address) {
            throw Self.unusable(
                "leads to \(host), which \(why)", allowPrivate ? "Give another." : "For a private network, say --allow-private.")
        }
    }

    /// Without the query, which may hold a token.
    public static func shown(_ text: String) -> String {
        let bare = String(text.prefix { $0 != "?" })
        return bare == text ? text : bare + "?…"
    }

    /// Which addresses may be called.
    ///
    /// - Returns: nil for those, else why not.
    public func judge(allowPrivate: Bool) -> PinnedTransport.Judge {
        { [isSecure] address in
            switch address.reach {
            case .global:
                isSecure ? nil : "is no private address, and plain http would send people's changes there in clear"
            case .loopback, .privateUse, .shared, .linkLocal:
                allowPrivate ? nil : "is a \(address.reach.rawValue) address; only a hook with --allow-private delivers there"
            case .multicast, .reserved: "is a \(address.reach.rawValue) address"
            }
        }
    }

    /// A name or an address and nothing else, so that nobody who reads it after us finds another host in it.
    private static func isHost(_ text: String) -> Bool {
        if text.hasPrefix("[") { return text.hasSuffix("]") && NetworkAddress(String(text.dropFirst().dropLast())) != nil }
        let isName = text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
                UInt8(ascii: "_"):
                true
            default: false
            }
        }
        return isName && !text.isEmpty && text.utf8.count <= 253
    }

    private static func unusable(_ what: String, _ remedy: String) -> LifecycleError {
        LifecycleError(.usage, "hook-url", "The URL \(what).", remedy: remedy)
    }
}
