import Crypto
import Foundation
import SCIM

/// Turns a provider's key into a cursor and back (RFC 9865): sealed by AES-GCM, so that a client can neither read nor make one, bound to
/// the search that it belongs to, and good for a while.
struct CursorSeal: Sendable {
    private let key: SymmetricKey
    private let seconds: Int

    /// More than any key that a provider makes comes to.
    private static let mostBytes = 8_192

    init(key: [UInt8], seconds: Int) {
        self.key = SymmetricKey(data: SHA256.hash(data: Array("muster scim cursor 1".utf8) + key))
        self.seconds = seconds
    }

    /// What a cursor is bound to: everything that decides which resources there are, and in what order. Not the size of a page, which may
    /// change on the way, nor what is shown of a resource.
    struct Binding {
        fileprivate let digest: [UInt8]

        init(tenant: String, query: ResourceQuery) {
            var hash = SHA256()
            func add(_ text: String) {
                let bytes = Array(text.utf8)
                hash.update(data: Self.bytes(UInt64(bytes.count)))
                hash.update(data: bytes)
            }
            add(tenant)
            for type in query.types { add(type.name) }
            add(query.filter.map { "filter " + $0.description } ?? "all")
            add(query.sort.map { ($0.isAscending ? "ascending " : "descending ") + $0.path.description } ?? "unsorted")
            digest = Array(hash.finalize())
        }

        fileprivate static func bytes(_ number: UInt64) -> [UInt8] {
            (0..<8).map { UInt8(truncatingIfNeeded: number >> (56 - 8 * UInt64($0))) }
        }
    }

    /// - Parameter now: in seconds since 1970.
    func seal(_ key: String, _ binding: Binding, now: Int) throws -> String {
        let text = Binding.bytes(UInt64(max(0, now + seconds))) + Array(key.utf8)
        let box = try AES.GCM.seal(text, using: self.key, authenticating: binding.digest)
        return Base64URL.encode(Array(box.nonce) + Array(box.ciphertext) + Array(box.tag))
    }

    /// - Throws: `invalidCursor` for one that we did not make, or not for this search; `expiredCursor`.
    func open(_ cursor: String, _ binding: Binding, now: Int) throws -> String {
        guard cursor.utf8.count <= Self.mostBytes, let bytes = Base64URL.decode(cursor), bytes.count >= 12 + 8 + 16,
            let box = try? AES.GCM.SealedBox(combined: bytes),
            let opened = try? AES.GCM.open(box, using: key, authenticating: binding.digest)
        else { throw Self.invalid }
        let text = Array(opened)
        let expiry = text.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard let key = String(validating: text.dropFirst(8), as: UTF8.self) else { throw Self.invalid }
        if expiry < UInt64(max(0, now)) {
            throw SCIMError(
                400, .expiredCursor, "The cursor is older than \(seconds) s. Begin again with an empty cursor.")
        }
        return key
    }

    static let invalid = SCIMError(
        400, .invalidCursor,
        "The cursor is not one of this search. Repeat filter, sortBy and sortOrder as they were, or begin again with an empty cursor.")
}
