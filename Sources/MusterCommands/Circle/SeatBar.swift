import Planning

/// Seats as a bar: who sits, who comes, what is left.
struct SeatBar {
    private static let width = 24
    let seats: SeatCount
    let output: Output

    init(_ seats: SeatCount, _ output: Output) {
        self.seats = seats
        self.output = output
    }

    /// `[##########++......]`: taken, taken by the plan, free.
    static func bar(_ seats: SeatCount) -> String? {
        guard let contracted = seats.contracted, contracted > 0 else { return nil }
        let after = seats.after ?? seats.present
        func cells(_ count: Int) -> Int { min(width, (count * width + contracted - 1) / contracted) }
        let taken = cells(min(seats.present, after))
        let coming = max(0, cells(after) - taken)
        return "[" + String(repeating: "#", count: taken) + String(repeating: "+", count: coming)
            + String(repeating: ".", count: width - taken - coming) + "]"
    }

    func show() {
        let after = seats.after.map { $0 == seats.present ? "" : ", \($0) after this plan" } ?? ""
        guard let bar = Self.bar(seats), let contracted = seats.contracted, let percent = seats.percent else {
            // Nothing is said of seats by most dialects; the number of accounts stands elsewhere.
            return
        }
        let colour: Colour = percent > 100 ? .red : percent >= SeatCount.warning ? .yellow : .green
        let rest = [
            seats.disabled > 0 ? "\(seats.disabled) disabled still count" : nil,
            seats.after == nil && seats.orphaned > 0 ? "\(seats.orphaned) linked to nobody" : nil,
        ].compactMap { $0 }
        output.line(
            "seats \(output.paint(bar, colour))  \(seats.present) of \(contracted)\(after) (\(percent) %)"
                + (rest.isEmpty ? "" : "; " + rest.joined(separator: ", ")))
    }
}
