import SCIM

/// Where the reading of a list stands, and what it has seen. Pure: it asks for pages and judges them.
struct SCIMWalk: Sendable {
    /// No list is this long; a server that says so is going in circles.
    static let mostPages = 100_000

    let byCursor: Bool
    /// For messages.
    let place: String
    let pageSize: Int
    private var number = 0
    private var rows = 0
    private var cursor = ""
    private var cursors: Set<ExactText> = []
    private var ids: Set<ExactText> = []
    private var total: Int?

    init(byCursor: Bool, place: String, pageSize: Int) {
        self.byCursor = byCursor
        self.place = place
        self.pageSize = pageSize
    }

    /// How the next page is asked for.
    var parameters: [(String, String)] {
        // An empty cursor asks for the first page (RFC 9865, section 2).
        [byCursor ? ("cursor", cursor) : ("startIndex", String(rows + 1)), ("count", String(pageSize))]
    }

    /// Judges a page that came.
    ///
    /// - Parameters:
    ///   - start: the `startIndex` that the answer names.
    ///   - next: the cursor of the next page.
    /// - Throws: ``SCIMClientError`` (incomplete).
    mutating func take(_ records: [SCIMRecord], total: Int?, start: Int?, next: String?) throws -> SCIMPage {
        number += 1
        if number > Self.mostPages { throw incomplete("has more than \(Self.mostPages) pages") }
        if let total, let before = self.total, total != before {
            throw incomplete("counted \(before) resources at first and \(total) on page \(number)")
        }
        self.total = total ?? self.total
        if !byCursor, let start, start != rows + 1, !records.isEmpty {
            throw incomplete("was asked for a page from \(rows + 1) on and gave one from \(start) on")
        }
        for record in records {
            guard !record.id.isEmpty else { throw incomplete("shows a resource without id, on page \(number)") }
            guard ids.insert(ExactText(record.id)).inserted else {
                throw incomplete("shows the resource \(record.id.prefix(100)) twice, the second time on page \(number)")
            }
        }
        rows += records.count
        let completeness = byCursor ? try end(next: next) : try end(isEmpty: records.isEmpty)
        return SCIMPage(number: number, records: records, total: self.total, completeness: completeness)
    }

    private mutating func end(next: String?) throws -> SCIMPage.Completeness? {
        if let next, !next.isEmpty {
            guard cursors.insert(ExactText(next)).inserted else { throw incomplete("gave a cursor a second time, on page \(number)") }
            cursor = next
            return nil
        }
        guard let total else { return .unclaimed }
        guard total == rows else { throw incomplete("ended after \(rows) of \(total) resources") }
        return .counted
    }

    private func end(isEmpty: Bool) throws -> SCIMPage.Completeness? {
        guard let total, total >= 0 else { throw incomplete("does not say how many resources it has") }
        if rows > total { throw incomplete("shows \(rows) resources and counts \(total)") }
        if rows == total { return .counted }
        if isEmpty { throw incomplete("ended after \(rows) of \(total) resources") }
        return nil
    }

    private func incomplete(_ what: String) -> SCIMClientError {
        SCIMClientError(
            .incomplete, "\(place) \(what): what was read is not the whole list.",
            remedy: "Read it again; if that stays, report it to the service provider.", status: 200)
    }
}
