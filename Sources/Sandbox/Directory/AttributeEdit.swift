import Foundation
import Mimecast

/// What update-attributes changes of one account, worked out and checked before anything is changed. Names are compared in any letter
/// case and kept as they were first written (our choice, as in the company's own directory).
struct AttributeEdit: Sendable, Equatable {
    /// Limits; all of them are our choice.
    static let most = 100
    static let mostCharactersOfName = 128
    static let mostBytesOfValue = 64 * 1_024
    /// Of all values together: one call asks for 25 accounts.
    static let mostBytes = 256 * 1_024

    /// Names that show what the account's resource says; folded.
    static let shown: Set<String> = ["department", "employeenumber", "title"]

    /// Names, as kept, to be taken away.
    private(set) var gone: [String] = []
    /// Values to be set, by name as it is to be kept.
    private(set) var set: [String: String] = [:]

    var isEmpty: Bool { gone.isEmpty && set.isEmpty }

    static func isPhoto(_ name: String) -> Bool { EmailAddress.fold(name) == "thumbnailphoto" }

    /// - Parameters:
    ///   - wanted: as the call has it.
    ///   - shown: what the account's resource says, by folded name; it can be sent along, but not be changed.
    ///   - kept: what is kept of the account, by name.
    init(_ wanted: [Attribute], shown: [String: String], kept: [String: String]) throws {
        let names = Dictionary(kept.keys.map { (EmailAddress.fold($0), $0) }, uniquingKeysWith: { first, _ in first })
        var seen: Set<String> = []
        var after = kept
        for attribute in wanted {
            let name = try FieldCheck.required(attribute.name, "name")
            guard name.count <= Self.mostCharactersOfName, name.utf8.count <= 4 * Self.mostCharactersOfName else {
                throw ItemFailure.invalid("name", "At most \(Self.mostCharactersOfName) characters are allowed")
            }
            let folded = EmailAddress.fold(name)
            guard seen.insert(folded).inserted else { throw ItemFailure.invalid("name", "\(name) is named twice") }
            let value = try Self.value(attribute.value, isPhoto: Self.isPhoto(name))
            if Self.shown.contains(folded) {
                guard value == shown[folded] else { throw ItemFailure.invalid("name", "\(name) follows from the account") }
                continue
            }
            let known = names[folded]
            guard value != known.flatMap({ kept[$0] }) else { continue }
            if let value { set[known ?? name] = value } else if let known { gone.append(known) }
            after[known ?? name] = value
        }
        guard after.count <= Self.most else { throw ItemFailure.invalid("attributes", "An account has at most \(Self.most) attributes") }
        guard isEmpty || after.values.reduce(0, { $0 + $1.utf8.count }) <= Self.mostBytes else {
            throw ItemFailure.invalid("attributes", "The values of an account have at most \(Self.mostBytes) bytes together")
        }
    }

    /// - Returns: nil for one that is to be taken away.
    private static func value(_ text: String?, isPhoto: Bool) throws -> String? {
        guard let text, !text.isEmpty else { return nil }
        let value = try FieldCheck.plain(text, "value", most: mostBytesOfValue)
        guard !isPhoto || Data(base64Encoded: value) != nil else { throw ItemFailure.invalid("value", "A picture is base64") }
        return value
    }
}
