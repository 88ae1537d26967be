import Mimecast

/// The known name that somebody who mistyped most likely meant.
public enum Nearest {
    /// The name with the fewest letters changed, added, left out or swapped; nil where more than a third of it would have to change.
    public static func name(to wanted: String, among names: some Sequence<String>) -> String? {
        let letters = Array(EmailAddress.fold(wanted).unicodeScalars.prefix(64))
        let best = names.map { ($0, distance(letters, Array(EmailAddress.fold($0).unicodeScalars.prefix(64)))) }
            .min { ($0.1, $0.0) < ($1.1, $1.0) }
        guard let (name, distance) = best, distance <= max(1, max(letters.count, name.unicodeScalars.count) / 3) else { return nil }
        return name
    }

    /// Damerau's distance, neighbours swapped counting once.
    private static func distance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
        var before: [Int] = []
        var previous = Array(0...right.count)
        for i in 0..<left.count {
            var row = [i + 1]
            for j in 0..<right.count {
                var cost = min(previous[j] + (left[i] == right[j] ? 0 : 1), previous[j + 1] + 1, row[j] + 1)
                if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] { cost = min(cost, before[j - 1] + 1) }
                row.append(cost)
            }
            before = previous
            previous = row
        }
        return previous[right.count]
    }
}
