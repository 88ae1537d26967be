import Crypto
import CryptoExtras
import Foundation
import Mimecast

/// A password as it is kept: scrypt (RFC 7914) with a salt of its own.
///
/// Our choice: 4 MiB and some 10 ms a password. That is less than a production system should take, and enough for invented people.
struct PasswordHash: Sendable, Hashable {
    /// log₂ of scrypt's rounds, for new ones.
    private static let cost: UInt8 = 12
    private static let blockSize = 8
    private static let saltLength = 16
    private static let keyLength = 32
    private static let version: UInt8 = 1
    /// Longest password, in bytes of its NFC form.
    static let longest = 256

    /// Of nobody. A sign-in of somebody unknown is compared with it, so that it takes as long as another one.
    static let nobodys = PasswordHash(
        cost: cost, salt: [UInt8](repeating: 0, count: saltLength), key: [UInt8](repeating: 0, count: keyLength))

    private let cost: UInt8
    private let salt: [UInt8]
    private let key: [UInt8]

    /// - Throws: where the machine lacks the memory.
    init(_ password: String) throws {
        let salt = [UInt8](KeyRing.randomBytes().prefix(Self.saltLength))
        self.init(cost: Self.cost, salt: salt, key: try Self.derive(password, salt, Self.cost))
    }

    private init(cost: UInt8, salt: [UInt8], key: [UInt8]) {
        self.cost = cost
        self.salt = salt
        self.key = key
    }

    /// - Parameter stored: version, cost, salt, key.
    init?(stored: [UInt8]) {
        guard stored.count == 2 + Self.saltLength + Self.keyLength, stored[0] == Self.version, (10...20).contains(stored[1]) else {
            return nil
        }
        self.init(
            cost: stored[1], salt: [UInt8](stored[2..<2 + Self.saltLength]), key: [UInt8](stored[(2 + Self.saltLength)...]))
    }

    var stored: [UInt8] { [Self.version, cost] + salt + key }

    /// Tells this password from the account's next one, and tells nothing about it.
    var stamp: String { Base64URL.encode(SHA256.hash(data: stored).prefix(12)) }

    /// Compares in constant time.
    func matches(_ password: String) -> Bool {
        // Before it is normalised: that takes long for a text made for it.
        guard password.utf8.count <= 4 * Self.longest, Self.normal(password).utf8.count <= Self.longest,
            let other = try? Self.derive(password, salt, cost)
        else { return false }
        return ConstantTime.areEqual(key, other)
    }

    /// A password that is to be set.
    ///
    /// - Throws: ``ItemFailure`` for one that is empty, longer than ``longest`` or has U+0000 in it.
    static func checked(_ password: String, _ field: String = "password") throws -> PasswordHash {
        guard !password.isEmpty else {
            throw ItemFailure(FailureCode.validationBlank, "This field must not be blank", field: field)
        }
        return try PasswordHash(FieldCheck.plain(normal(FieldCheck.plain(password, field, most: 4 * longest)), field, most: longest))
    }

    /// The same password from every keyboard (RFC 8265, section 4.2).
    private static func normal(_ password: String) -> String { password.precomposedStringWithCanonicalMapping }

    private static func derive(_ password: String, _ salt: [UInt8], _ cost: UInt8) throws -> [UInt8] {
        let key = try KDF.Scrypt.deriveKey(
            from: Data(normal(password).utf8), salt: salt, outputByteCount: keyLength, rounds: 1 << Int(cost), blockSize: blockSize,
            parallelism: 1)
        return key.withUnsafeBytes { [UInt8]($0) }
    }
}

extension JSON {
    /// An item as `fail` may show it: a password is not echoed (our choice; the vendor is not on record).
    var withoutPassword: JSON {
        guard case .object(let members) = self else { return self }
        return .object(members.filter { $0.key.lowercased() != "password" })
    }
}
