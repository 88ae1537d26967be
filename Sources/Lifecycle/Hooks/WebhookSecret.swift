import Foundation

/// What a hook's deliveries are signed with: `whsec_` and 24 to 64 bytes in base64 (Standard Webhooks). Never described.
public struct WebhookSecret: Sendable, CustomStringConvertible, CustomReflectable {
    static let prefix = "whsec_"

    let key: [UInt8]

    /// - Parameter text: with or without its prefix.
    /// - Throws: ``LifecycleError`` with the code `hook-secret`, which does not repeat it.
    public init(_ text: String) throws {
        let base64 = text.hasPrefix(Self.prefix) ? String(text.dropFirst(Self.prefix.count)) : text
        guard let data = Data(base64Encoded: base64), (24...64).contains(data.count) else {
            throw LifecycleError(
                .input, "hook-secret", "The secret is none that signs: whsec_ and 24 to 64 bytes in base64.",
                remedy: "Leave it out, and Muster makes one; or make one: echo whsec_$(head -c 32 /dev/urandom | base64).")
        }
        key = [UInt8](data)
    }

    /// A new one of 32 bytes.
    public init(from random: inout some RandomNumberGenerator) {
        key = (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &random) }
    }

    /// As the receiver needs it.
    public var text: String { Self.prefix + Data(key).base64EncodedString() }

    public var description: String { "whsec_…" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
