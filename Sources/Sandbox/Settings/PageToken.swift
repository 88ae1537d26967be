import Foundation
import Mimecast

/// A place in a list, sealed so that nobody else can make one, and bound to the query that it continues.
///
/// It carries the query: clients may leave the items out when they send it (recorded behaviour of clients).
struct PageToken<Item: Codable & Sendable>: Codable, Sendable {
    /// The endpoint's name.
    var endpoint: String
    var tenant: String
    var item: Item
    /// The list's key of the last row seen; empty is the first page.
    var after: [String]

    func sealed(_ keys: KeyRing) throws -> String {
        let message = try JSONEncoder().encode(self)
        return Base64URL.encode(keys.seal(message) + message)
    }

    /// - Returns: nil where this server did not make it, or made it for another call or tenant.
    static func open(_ text: String, endpoint: String, tenant: String, _ keys: KeyRing) -> PageToken? {
        guard text.utf8.count < 4_096, let bytes = Base64URL.decode(text), bytes.count > 16 else { return nil }
        let message = Data(bytes.dropFirst(16))
        guard keys.isSealed(message, by: Data(bytes.prefix(16))), let token = try? JSONDecoder().decode(PageToken.self, from: message),
            token.endpoint == endpoint, token.tenant == tenant
        else { return nil }
        return token
    }
}
