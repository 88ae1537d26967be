import ArgumentParser
import HTTPTransport
import Mimecast
import MimecastClient

/// What `script/bench client` prints: people a second through the client, beside the same pages fetched and thrown away.
struct ClientCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "client", abstract: "Reads everybody of a running sandbox through the client library and prints a table.")

    @Argument(help: "The file that --credentials-out wrote.") var credentials: String
    @Option(help: "How often everything is read.") var rounds = 3

    func run() async throws {
        try await Desk.open(credentials: credentials) { try await measure($0) }
    }

    private func measure(_ desk: Desk) async throws {
        print("| list | people | client | people/s | fetched and thrown away | people/s | share | anonymous memory at most |")
        print("| --- | --- | --- | --- | --- | --- | --- | --- |")
        for list in PagedList.all where list.pageSize == 500 {
            var bare: [Duration] = []
            var whole: [Duration] = []
            var people = 0
            var peak = 0
            // In turns, so that a busy neighbour disturbs both.
            for _ in 0..<rounds {
                let start = ContinuousClock.now
                try await Walk.discarding(list, desk)
                let middle = ContinuousClock.now
                bare.append(middle - start)
                people = 0
                for try await page in desk.client(list.application).internalAccounts(domain: nil) {
                    people += page.accounts.count
                    if page.number % 50 == 1 { peak = max(peak, ProcessMemory(.own)?.anonymous ?? 0) }
                }
                whole.append(ContinuousClock.now - middle)
            }
            print(
                "| \(list.name) | \(people) | \(Figure.seconds(whole.median)) s | \(Figure.rate(people, whole.median)) "
                    + "| \(Figure.seconds(bare.median)) s | \(Figure.rate(people, bare.median)) "
                    + "| \(Figure.percent(bare.median, whole.median)) | \(peak / 1_024) MB |")
        }
    }
}

extension Walk {
    /// Fetches every page. Nothing is read out of one but where the next one begins.
    static func discarding(_ list: PagedList, _ desk: Desk) async throws {
        var token: String?
        repeat {
            let body = try await desk.page(list, token).body
            token = PageToken.next(body)
        } while token != nil
    }
}

/// The next page's token, found without decoding: `"next":"…"`.
enum PageToken {
    static func next(_ body: some Collection<UInt8>) -> String? {
        let bytes = Array(body)
        let name = Array(#""next":""#.utf8)
        guard bytes.count > name.count else { return nil }
        // It stands in front of the rows or behind them.
        for start in 0...(bytes.count - name.count) where bytes[start] == name[0] && bytes[start + 1] == name[1] {
            guard bytes[start..<start + name.count].elementsEqual(name) else { continue }
            return String(decoding: bytes[(start + name.count)...].prefix { $0 != UInt8(ascii: "\"") }, as: UTF8.self)
        }
        return nil
    }
}
