import Foundation

/// What the consent page carries from the sign-in to the answer, in place of a cookie: who signed in, and for what. Sealed, so that
/// nobody else can make one or change it, and good for minutes.
struct Consent: Codable, Sendable {
    /// How long somebody may think, in milliseconds.
    static let life = 5 * 60 * 1_000
    private static let label = Data("consent ".utf8)

    let request: AuthorizationRequest
    let account: String
    /// The password's; another one since then ends this.
    let stamp: String
    /// Milliseconds since 1970.
    let expires: Int

    func sealed(_ keys: KeyRing) throws -> String {
        let message = try JSONEncoder().encode(self)
        return Base64URL.encode(keys.seal(Self.label + message) + message)
    }

    /// - Returns: nil where it was not made here, or too long ago.
    static func open(_ text: String, _ keys: KeyRing, now: Int) -> Consent? {
        guard let bytes = Base64URL.decode(text), bytes.count > 16 else { return nil }
        let message = Data(bytes.dropFirst(16))
        guard keys.isSealed(label + message, by: Data(bytes.prefix(16))),
            let consent = try? JSONDecoder().decode(Consent.self, from: message),
            now < consent.expires
        else { return nil }
        return consent
    }
}
