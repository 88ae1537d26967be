/// How the text of an event is kept: what events have in common, and the address that it is about, are written in one byte each. The logs
/// of large tenants are long, and most of what they say is the same.
///
/// The bytes are control characters, which JSON never has in a text as they are (RFC 8259, section 7): what has none stands for itself, such
/// as all that was kept before there was a shorthand. Other texts may have them; there the last of them stands before each.
public enum EventShorthand {
    /// Stands for the folded address that the event is about.
    private static let person: UInt8 = 0x01

    /// What the bytes after that one stand for; tab and the ends of lines are left out. A word keeps its place for ever: stores are full of
    /// them. The order of keys is that of ``EventJSON``.
    private static let words: [(code: UInt8, word: [UInt8])] = [
        (0x02, #"{"account":{"address":""#),
        (0x03, #"","id":""#),
        (0x04, #""},"after":{""#),
        (0x05, #""},"before":{""#),
        (0x06, #""},"by":{"actor":""#),
        (0x07, #"","at":""#),
        (0x08, #"","audit":""#),
        (0x0B, #""},"fields":[""#),
        (0x0C, #""]}"#),
        (0x0E, #"name":""#),
        (0x0F, #"status":"active"#),
        (0x10, #"status":"disabled"#),
        (0x11, #"address":""#),
        (0x12, #""},"group":{"id":""#),
        (0x13, #""},"person":{"address":""#),
        (0x14, #"","externalId":""#),
        (0x15, #"","name":""#),
        (0x16, #"alias":""#),
        (0x17, #"role":""#),
        (0x18, #"","own":true,"plan":""#),
        (0x19, #"","reason":""#),
        (0x1A, #""source":""#),
        (0x1B, #"","adminRoles":[],"aliases":[],"id":""#),
        (0x1C, #"","internal":true,"name":""#),
        (0x1D, #"","source":"cloud","status":"active"#),
        (0x1E, #"","source":"ldap","status":"active"#),
    ].map { ($0, Array($1.utf8)) }

    /// Stands before a byte that stands for itself.
    private static let escape: UInt8 = 0x1F

    /// By their first byte, longer words first.
    private static let byFirst: [[(code: UInt8, word: [UInt8])]] = {
        var lists = [[(code: UInt8, word: [UInt8])]](repeating: [], count: 256)
        for entry in words.sorted(by: { $0.word.count > $1.word.count }) { lists[Int(entry.word[0])].append(entry) }
        return lists
    }()

    private static let byCode: [[UInt8]] = {
        var lists = [[UInt8]](repeating: [], count: 32)
        for (code, word) in words { lists[Int(code)] = word }
        return lists
    }()

    /// - Parameters:
    ///   - text: JSON, or any other text.
    ///   - person: the folded address that it is about; empty for none.
    /// - Returns: the text in shorthand.
    public static func short(_ text: String, person: String) -> String {
        let bytes = Array(text.utf8)
        let person = Array(person.utf8)
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var place = 0
        func isNext(_ word: [UInt8]) -> Bool {
            guard place + word.count <= bytes.count else { return false }
            for offset in word.indices where bytes[place + offset] != word[offset] { return false }
            return true
        }
        while place < bytes.count {
            if person.count > 1, !isCode(person[0]), bytes[place] == person[0], isNext(person) {
                result.append(Self.person)
                place += person.count
            } else if let (code, word) = byFirst[Int(bytes[place])].first(where: { isNext($0.word) }) {
                result.append(code)
                place += word.count
            } else {
                if isCode(bytes[place]) { result.append(escape) }
                result.append(bytes[place])
                place += 1
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// What ``short(_:person:)`` was given.
    public static func long(_ text: String, person: String) -> String {
        guard text.utf8.contains(where: isCode) else { return text }
        var result: [UInt8] = []
        result.reserveCapacity(text.utf8.count + 400)
        var (text, person) = (text, person)
        person.withUTF8 { person in
            text.withUTF8 { append(UnsafeRawBufferPointer($0), person: UnsafeRawBufferPointer(person), to: &result) }
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// Writes what ``long(_:person:)`` says, byte for byte.
    public static func append(_ text: UnsafeRawBufferPointer, person: UnsafeRawBufferPointer, to result: inout [UInt8]) {
        let words = byCode
        var start = 0
        var place = 0
        while place < text.count {
            let byte = text[place]
            guard isCode(byte) else {
                place += 1
                continue
            }
            result.append(contentsOf: UnsafeRawBufferPointer(rebasing: text[start..<place]))
            place += 1
            start = place
            switch byte {
            // What comes next stands for itself.
            case escape: place += 1
            case Self.person: result.append(contentsOf: person)
            default: result.append(contentsOf: words[Int(byte)])
            }
        }
        result.append(contentsOf: UnsafeRawBufferPointer(rebasing: text[min(start, text.count)...]))
    }

    private static func isCode(_ byte: UInt8) -> Bool { byte < 0x20 && byte != 0x09 && byte != 0x0A && byte != 0x0D }
}
