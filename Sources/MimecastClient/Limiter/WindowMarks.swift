/// When windows of a fixed length began, as far as that was seen, and what that says about their length.
///
/// A beginning is only known to lie between a call that was refused and the first one that was accepted. Two of them that are `n` windows
/// apart bound the length to their distance, divided by `n`; so the length is known ever better, however coarse each look was.
struct WindowMarks {
    struct Span: Equatable {
        var low: Double
        var high: Double

        var width: Double { high - low }
    }

    private struct Mark {
        let index: Int
        let span: Span
    }

    /// The window's length; its upper bound is infinite until a second beginning was seen.
    private(set) var period: Span
    private var marks: [Mark]
    private static let most = 8
    /// Delays vary, and so do clocks.
    private static let slack = 1.0

    init(first: Span, atLeast length: Double) {
        period = Span(low: length, high: .infinity)
        marks = [Mark(index: 0, span: Span(low: first.low - Self.slack, high: first.high + Self.slack))]
    }

    /// The window that is `ahead` after the last one that was seen to begin, and when it begins.
    func beginning(ahead: Int) -> Span {
        guard let last = marks.last else { return Span(low: -.infinity, high: .infinity) }
        var span = Span(low: -.infinity, high: .infinity)
        for mark in marks {
            let windows = Double(last.index - mark.index + ahead)
            // Nothing times infinity is not a number.
            guard windows > 0 else {
                span = Span(low: max(span.low, mark.span.low), high: min(span.high, mark.span.high))
                continue
            }
            span.low = max(span.low, mark.span.low + windows * period.low)
            span.high = min(span.high, mark.span.high + windows * period.high)
        }
        return Span(low: span.low, high: max(span.low, span.high))
    }

    /// A window lasts as long as this at least.
    mutating func extend(toAtLeast length: Double) {
        guard length > period.low, length < period.high else { return }
        period.low = length
    }

    /// A window was seen to begin.
    mutating func append(_ seen: Span) {
        guard let last = marks.last else { return }
        let span = Span(low: seen.low - Self.slack, high: seen.high + Self.slack)
        let apart = Span(low: max(span.low - last.span.high, 1), high: max(span.high - last.span.low, 1))
        let fewest = period.high.isFinite ? max(1, (apart.low / period.high).rounded(.up)) : 1
        let windows = period.high.isFinite ? max(1, (apart.high / period.low).rounded(.down)) : 1
        guard fewest == windows else {
            // Nobody knows how many windows passed, or the length is another one now.
            marks = [Mark(index: 0, span: span)]
            if fewest > windows { period = Span(low: period.low * 0.8, high: period.high * 1.25) }
            return
        }
        let index = last.index + Int(windows)
        for mark in marks {
            let windows = Double(index - mark.index)
            period.low = max(period.low, (span.low - mark.span.high) / windows)
            period.high = min(period.high, (span.high - mark.span.low) / windows)
        }
        marks.append(Mark(index: index, span: span))
        if marks.count > Self.most { marks.removeFirst() }
        if period.low > period.high {
            period = Span(low: apart.low / Double(windows), high: apart.high / Double(windows))
            marks = [Mark(index: 0, span: span)]
        }
    }
}
