import Foundation

/// A list read from its first page to its last, with the pages that are measured again afterwards.
struct Walk: Sendable {
    struct Page: Sendable {
        let token: String?
        let body: Data
        let rows: Int
    }

    let list: PagedList
    let first: Page
    /// The last page may hold a few rows only; that would compare nothing.
    let lastFull: Page
    let pages: Int
    let rows: Int
    /// The sum of the pages' times: reading them out is not the sandbox's work.
    let elapsed: Duration

    static func whole(_ list: PagedList, _ desk: Desk) async throws -> Walk {
        var token: String?
        var (first, lastFull): (Page?, Page?)
        var (pages, rows) = (0, 0)
        var elapsed = Duration.zero
        repeat {
            let (body, time) = try await desk.page(list, token)
            let (count, next) = try list.read(body)
            let page = Page(token: token, body: body, rows: count)
            if first == nil { first = page }
            if count == list.pageSize { lastFull = page }
            pages += 1
            rows += count
            elapsed += time
            token = next
        } while token != nil
        guard let first else { throw CancellationError() }
        return Walk(list: list, first: first, lastFull: lastFull ?? first, pages: pages, rows: rows, elapsed: elapsed)
    }

    /// The medians of many rounds. A round has one of each, so that a busy neighbour disturbs all alike.
    func medians(rounds: Int, _ desk: Desk) async throws -> (first: Duration, last: Duration, encoding: Duration) {
        let encode = try list.encoding(lastFull.body)
        var times: (first: [Duration], last: [Duration], encoding: [Duration]) = ([], [], [])
        for _ in 0..<rounds {
            times.first.append(try await desk.page(list, first.token).elapsed)
            times.last.append(try await desk.page(list, lastFull.token).elapsed)
            times.encoding.append(try ContinuousClock().measure { try encode() })
        }
        return (times.first.median, times.last.median, times.encoding.median)
    }
}
