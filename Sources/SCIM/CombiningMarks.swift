/// Marks that join the letter before them. Long runs of them are no text, and to normalise or compare them costs their square
/// (UAX #15 calls 30 "stream-safe").
enum CombiningMarks {
    /// How many may follow one another.
    static let most = 30

    static func areTooMany(in text: String) -> Bool {
        var run = 0
        for scalar in text.unicodeScalars {
            run = isMark(scalar) ? run + 1 : 0
            if run > most { return true }
        }
        return false
    }

    private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        // Latin, and the ideographs and syllables of East Asia, have none, and are not worth a look into the tables.
        case ..<0x300, 0x3100...0xA66E, 0xAC00...0xD7FF: return false
        default:
            switch scalar.properties.generalCategory {
            case .nonspacingMark, .spacingMark, .enclosingMark: return true
            default: return false
            }
        }
    }
}
