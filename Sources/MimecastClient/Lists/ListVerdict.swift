/// Whether a list was read whole, by what its pages say about themselves. A list that was not read to its end never is.
///
/// It is about one reading: rows that came twice, or went from one page to another meanwhile, show only in what the rows are.
public struct ListVerdict: Sendable, Hashable {
    /// Why it cannot be taken for the whole.
    public enum Gap: Sendable, Hashable {
        /// The reading ended before the last page, with the reason.
        case unfinished(String)
        /// A page has fewer rows than its own count says.
        case shortPage(number: Int, rows: Int, announced: Int)
        /// All pages together have fewer rows than the list's count says.
        case short(rows: Int, claimed: Int)
        /// There are more rows than the list's count says: something came twice, or changed meanwhile.
        case surplus(rows: Int, claimed: Int)
        /// The list's count was another one later on: it changed while it was read.
        case countChanged(from: Int, to: Int)
    }

    public let pages: Int
    public let rows: Int
    /// The list's own count, as it was said last.
    public let claimed: Int?
    public let gaps: [Gap]

    /// Read to its end, and nothing speaks against it.
    public var isWhole: Bool { gaps.isEmpty }
    /// Whole, and the vendor's own count says so, too.
    public var isProved: Bool { isWhole && claimed != nil }
}

/// Counts the pages of one reading, in constant memory.
public struct ListTally: Sendable {
    private static let mostGaps = 20

    private var pages = 0
    private var rows = 0
    private var claimed: Int?
    private var isAtEnd = false
    private var gaps: [ListVerdict.Gap] = []

    public init() {}

    public mutating func add(_ page: some ListPage) {
        pages += 1
        rows += page.rows
        isAtEnd = page.isLast
        if let announced = page.announced, announced > page.rows {
            note(.shortPage(number: page.number, rows: page.rows, announced: announced))
        }
        if let count = page.claimed {
            if let claimed, claimed != count { note(.countChanged(from: claimed, to: count)) }
            claimed = count
        }
    }

    /// - Parameter failure: what ended the reading before its end.
    public func verdict(after failure: (any Error)? = nil) -> ListVerdict {
        var gaps = gaps
        if let failure {
            gaps.append(.unfinished((failure as? ClientError)?.message ?? "The reading was cancelled."))
        } else if !isAtEnd {
            gaps.append(.unfinished("The last page was not read."))
        } else if let claimed, rows != claimed {
            gaps.append(rows < claimed ? .short(rows: rows, claimed: claimed) : .surplus(rows: rows, claimed: claimed))
        }
        return ListVerdict(pages: pages, rows: rows, claimed: claimed, gaps: gaps)
    }

    private mutating func note(_ gap: ListVerdict.Gap) {
        if gaps.count < Self.mostGaps { gaps.append(gap) }
    }
}

extension Pages where Page: ListPage {
    /// Reads the list to its end and judges it.
    ///
    /// - Parameter body: gets each page as it comes.
    /// - Returns: the verdict; a list that broke off is not whole, with the reason.
    /// - Throws: what `body` throws, and `CancellationError`.
    public func judged(_ body: (Page) async throws -> Void = { _ in }) async throws -> ListVerdict {
        var tally = ListTally()
        var iterator = makeAsyncIterator()
        while true {
            let page: Page?
            do {
                page = try await iterator.next()
            } catch let error as ClientError {
                return tally.verdict(after: error)
            }
            guard let page else { return tally.verdict() }
            tally.add(page)
            try await body(page)
        }
    }
}
