import HTTPTransport
import Mimecast
import Testing
import TestSupport

@testable import MimecastClient

struct VerdictTests {
    private struct Leaf: ListPage {
        var number: Int
        var rows: Int
        var announced: Int?
        var claimed: Int?
        var isLast = false
    }

    private func verdict(_ pages: [Leaf], after failure: (any Error)? = nil) -> ListVerdict {
        var tally = ListTally()
        for page in pages { tally.add(page) }
        return tally.verdict(after: failure)
    }

    @Test func aWholeListIsProvedByItsCount() {
        let pages = [Leaf(number: 1, rows: 2, announced: 2, claimed: 3), Leaf(number: 2, rows: 1, announced: 1, claimed: 3, isLast: true)]
        #expect(verdict(pages) == ListVerdict(pages: 2, rows: 3, claimed: 3, gaps: []))
        #expect(verdict(pages).isProved)
        let uncounted = verdict([Leaf(number: 1, rows: 2, isLast: true)])
        #expect(uncounted.isWhole && !uncounted.isProved)
        #expect(verdict([Leaf(number: 1, rows: 0, announced: 0, claimed: 0, isLast: true)]).isProved)
    }

    @Test func whatSpeaksAgainstItIsNamed() {
        #expect(verdict([Leaf(number: 1, rows: 1, announced: 2, isLast: true)]).gaps == [.shortPage(number: 1, rows: 1, announced: 2)])
        #expect(verdict([Leaf(number: 1, rows: 1, claimed: 2, isLast: true)]).gaps == [.short(rows: 1, claimed: 2)])
        #expect(verdict([Leaf(number: 1, rows: 3, claimed: 2, isLast: true)]).gaps == [.surplus(rows: 3, claimed: 2)])
        let changed = verdict([Leaf(number: 1, rows: 1, claimed: 3), Leaf(number: 2, rows: 1, claimed: 2, isLast: true)])
        #expect(changed.gaps == [.countChanged(from: 3, to: 2)])
        #expect(verdict([Leaf(number: 1, rows: 1, claimed: 1)]).gaps == [.unfinished("The last page was not read.")])
        #expect(verdict([]).gaps == [.unfinished("The last page was not read.")])
        #expect(!verdict([Leaf(number: 1, rows: 1, claimed: 1, isLast: true)], after: CancellationError()).isWhole)
    }

    @Test func gapsAreBounded() {
        let pages = (1...1_000).map { Leaf(number: $0, rows: 0, announced: 1, isLast: $0 == 1_000) }
        #expect(verdict(pages).gaps.count == 20)
    }

    // MARK: Over the wire

    private let path = "/api/user/get-internal-users"

    private func page(_ names: [String], next: String?, size: Int? = nil, total: Int) -> String {
        let users = names.map { #"{"emailAddress":"\#($0)@example.com","alias":false}"# }.joined(separator: ",")
        let next = next.map { #","next":"\#($0)""# } ?? ""
        return """
            {"meta":{"pagination":{"pageSize":\(size ?? names.count),"totalCount":\(total)\(next)},"status":200},\
            "data":[{"users":[\(users)],"userCount":\(total)}],"fail":[]}
            """
    }

    @Test func aShortPageIsTold() async throws {
        let transport = ScriptedTransport([
            .token(), .expect(path, page(["a"], next: "t", size: 2, total: 3)), .expect(path, page(["c"], next: nil, total: 3)),
        ])
        let verdict = try await Fixture.client(transport).internalAccounts(domain: "example.com").judged()
        #expect(verdict.gaps == [.shortPage(number: 1, rows: 1, announced: 2), .short(rows: 2, claimed: 3)])
    }

    @Test func aTokenThatComesBackIsNoEnd() async throws {
        let transport = ScriptedTransport([.token(), .expect(path, times: 2, page(["a"], next: "t", total: 2))])
        let verdict = try await Fixture.client(transport).internalAccounts(domain: "example.com").judged()
        #expect(!verdict.isWhole)
        guard case .unfinished(let reason)? = verdict.gaps.last else {
            Issue.record("\(verdict.gaps)")
            return
        }
        #expect(reason.contains("second time"))
    }

    @Test func anAccessTokenThatRunsOutMidWayIsRenewed() async throws {
        let transport = ScriptedTransport([
            .token("old", times: 1), .expect(path, page(["a"], next: "t", total: 2)),
            .expect(path, status: 401, #"{"fail":[{"code":"token_expired","message":"Token is expired"}]}"#), .token("new", times: 1),
            .expect(path, where: { $0.text.contains(#""pageToken":"t""#) }, page(["b"], next: nil, total: 2)),
        ])
        let verdict = try await Fixture.client(transport).internalAccounts(domain: "example.com").judged()
        #expect(verdict.isProved)
        transport.assertDone()
    }

    @Test(arguments: [
        (
            400,
            #"{"meta":{"status":400},"data":[],"fail":[{"errors":[{"code":"err_pagination_invalid","message":"no","retryable":false}]}]}"#
        ),
        (
            200,
            #"{"meta":{"status":200},"data":[],"fail":[{"errors":[{"code":"err_pagination_invalid","message":"no","retryable":false}]}]}"#
        ),
        (400, ""),
    ])
    func aPageTokenThatRanOutSaysSo(status: Int, body: String) async throws {
        let transport = ScriptedTransport([
            .token(), .expect(path, page(["a"], next: "t", total: 2)), .expect(path, status: status, body),
        ])
        var iterator = Fixture.client(transport).internalAccounts(domain: "example.com").makeAsyncIterator()
        _ = try await iterator.next()
        let error = try await clientError { try await iterator.next() }
        #expect(error.code == .wrongAnswer)
        #expect(error.cause == .pageTokenExpired)
        #expect(error.message.contains("page 2"))
        #expect(error.remedy.contains("from its beginning"))
        #expect(try await iterator.next() == nil)
    }

    @Test func aFirstPageThatIsRefusedIsAnotherMatter() async throws {
        let transport = ScriptedTransport([.token(), .expect(path, status: 400, "")])
        let error = try await clientError { try await Fixture.client(transport).internalAccounts(domain: "example.com").all() }
        #expect(error.code == .refused)
    }

    @Test func aLongListNeedsLittle() async throws {
        let pages = Pages<Leaf>(path: "/p") { _, number in
            (Leaf(number: number, rows: 1, isLast: number == 50_000), next: number == 50_000 ? nil : "token \(number)")
        }
        let verdict = try await pages.judged()
        #expect(verdict.rows == 50_000 && verdict.isWhole)
    }
}
