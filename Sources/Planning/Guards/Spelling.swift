/// Finds the word that a misspelt one was to be.
public enum Spelling {
    /// - Returns: the word with the fewest changed, missing or swapped-in letters, unless it is another word altogether.
    public static func nearest(to text: String, among words: [String]) -> String? {
        let wanted = Array(text.lowercased().prefix(100))
        let best = words.map { ($0, distance(wanted, Array($0.lowercased()))) }.min { ($0.1, $0.0) < ($1.1, $1.0) }
        guard let best, best.1 <= max(2, best.0.count / 3) else { return nil }
        return best.0
    }

    /// Levenshtein's.
    static func distance(_ one: [Character], _ other: [Character]) -> Int {
        var row = Array(0...other.count)
        for (index, letter) in one.enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for (place, against) in other.enumerated() {
                let above = row[place + 1]
                row[place + 1] = min(above + 1, row[place] + 1, diagonal + (letter == against ? 0 : 1))
                diagonal = above
            }
        }
        return row[other.count]
    }
}
