import SCIM

/// The place of a resource in the order of a search, behind which the next page begins.
struct PageKey: Sendable, Hashable {
    /// Where it stands, beside its id.
    enum Place: Sendable, Hashable {
        /// Ordered by id.
        case id
        case text(ExactText)
        /// A text that is too long for a key: the resource has it.
        case row
        case number(Int)
        /// Ordered in memory: so many stand before it.
        case rank(Int)
    }

    /// Which of the search's stretches it is in.
    var stretch: Int
    var place: Place
    var id: String

    /// Of texts, in bytes; longer ones are left out of cursors and of what is remembered.
    static let longestText = 512

    /// Without a text that is too long.
    var short: PageKey {
        guard case .text(let text) = place, text.text.utf8.count > Self.longestText else { return self }
        return PageKey(stretch: stretch, place: .row, id: id)
    }

    /// As a cursor shows it: for nobody but ``init(_:)``.
    var text: String {
        switch place {
        case .id: "\(stretch).i\(id)"
        case .row: "\(stretch).l\(id)"
        case .text(let text): "\(stretch).t\(text.text.utf8.count):\(text.text)\(id)"
        case .number(let number): "\(stretch).n\(number):\(id)"
        case .rank(let rank): "\(stretch).r\(rank):\(id)"
        }
    }

    init(stretch: Int, place: Place, id: String) {
        self.stretch = stretch
        self.place = place
        self.id = id
    }

    /// - Throws: 400 `invalidCursor`.
    init(_ text: String) throws {
        var rest = text[...]
        guard let dot = rest.firstIndex(of: "."), let stretch = Int(rest[..<dot]), stretch >= 0 else { throw Self.invalid }
        rest = rest[rest.index(after: dot)...]
        guard let kind = rest.unicodeScalars.popFirst() else { throw Self.invalid }
        self.stretch = stretch
        if kind == "i" || kind == "l" {
            place = kind == "i" ? .id : .row
        } else {
            guard let colon = rest.utf8.firstIndex(of: UInt8(ascii: ":")), let number = Int(rest[..<colon]) else { throw Self.invalid }
            rest = rest[rest.utf8.index(after: colon)...]
            switch kind {
            case "n": place = .number(number)
            case "r" where number >= 0: place = .rank(number)
            case "t" where number >= 0:
                guard let end = rest.utf8.index(rest.utf8.startIndex, offsetBy: number, limitedBy: rest.utf8.endIndex),
                    let value = String(rest.utf8[..<end])
                else { throw Self.invalid }
                place = .text(ExactText(value))
                rest = rest[end...]
            default: throw Self.invalid
            }
        }
        guard let id = String(rest.utf8), !id.isEmpty else { throw Self.invalid }
        self.id = id
    }

    static let gone = SCIMError(
        400, .invalidCursor, "The resource that the cursor stands at is gone. Start again without a cursor.")
    static let invalid = SCIMError(400, .invalidCursor, "The cursor is none that this search made. Start again without one.")
}
