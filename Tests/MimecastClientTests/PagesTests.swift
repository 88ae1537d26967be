import HTTPTransport
import Mimecast
import Testing
import TestSupport

@testable import MimecastClient

struct PagesTests {
    private let path = "/api/user/get-internal-users"

    private func page(_ names: [String], next: String?, total: Int? = nil) -> String {
        let users = names.map { #"{"name":"\#($0)","emailAddress":"\#($0)@example.com","domain":"example.com","alias":false}"# }
        let next = next.map { #","next":"\#($0)""# } ?? ""
        return """
            {"meta":{"pagination":{"pageSize":\(names.count),"totalCount":\(total ?? names.count)\(next)},"status":200},\
            "data":[{"users":[\(users.joined(separator: ","))],"userCount":\(total ?? names.count)}],"fail":[]}
            """
    }

    @Test func theItemsAreSentAgainWithTheToken() async throws {
        let transport = ScriptedTransport([
            .token(), .expect(path, page(["a", "b"], next: "t1", total: 3)), .expect(path, page(["c"], next: nil, total: 3)),
        ])
        let pages = try await Fixture.client(transport).internalAccounts(domain: "example.com").all()
        #expect(pages.map(\.number) == [1, 2])
        #expect(pages.map(\.isLast) == [false, true])
        #expect(pages.map(\.rows) == [2, 1])
        #expect(pages.map(\.claimed) == [3, 3])
        #expect(pages.flatMap(\.accounts).map(\.address) == ["a@example.com", "b@example.com", "c@example.com"])
        let bodies = transport.requests(to: path).map(\.text)
        #expect(
            bodies == [
                #"{"data":[{"domain":"example.com"}],"meta":{"pagination":{"pageSize":500}}}"#,
                #"{"data":[{"domain":"example.com"}],"meta":{"pagination":{"pageSize":500,"pageToken":"t1"}}}"#,
            ])
        transport.assertDone()
    }

    @Test func theGuidePagesByQuery() async throws {
        let transport = ScriptedTransport([
            .token(),
            .expect(
                path, method: "GET", where: { $0.query == "pageSize=500" },
                #"{"data":[{"id":"1","emailAddress":"a@example.com","status":"active"}],"meta":{"pagination":{"pageToken":"t/1=","totalCount":2}}}"#
            ),
            .expect(
                path, method: "GET", where: { $0.query == "pageSize=500&pageToken=t%2F1%3D" },
                #"{"data":[{"id":"2","emailAddress":"b@example.com","status":"disabled"}],"meta":{"pagination":{"totalCount":2}}}"#),
        ])
        let pages = try await Fixture.client(transport, dialect: .guide).internalAccounts(domain: nil).all()
        #expect(pages.map(\.claimed) == [2, 2])
        #expect(pages.flatMap(\.accounts).map(\.status) == [.active, .disabled])
        #expect(transport.requests(to: path).allSatisfy { $0.body.isEmpty && $0.header("content-type") == nil })
        transport.assertDone()
    }

    @Test(arguments: [["t1", "t1"], ["t1", "t2", "t1"], ["t1", "t2", "t2"]])
    func aTokenThatComesBackEndsTheListWithAnError(tokens: [String]) async throws {
        let steps = tokens.map { Step.expect(path, page(["a"], next: $0)) }
        let transport = ScriptedTransport([.token()] + steps)
        var iterator = Fixture.client(transport).internalAccounts(domain: "example.com").makeAsyncIterator()
        for _ in tokens { #expect(try await iterator.next() != nil) }
        let error = try await clientError { try await iterator.next() }
        #expect(error.code == .wrongAnswer)
        #expect(try await iterator.next() == nil)
        transport.assertDone()
    }

    @Test(arguments: ["", nil] as [String?])
    func anEmptyTokenIsNone(token: String?) async throws {
        let transport = ScriptedTransport([.token(), .expect(path, page(["a"], next: token))])
        #expect(try await Fixture.client(transport).internalAccounts(domain: "example.com").all().count == 1)
        transport.assertDone()
    }

    @Test func aListWithoutEndIsBounded() async throws {
        let pages = Pages<Int>(path: "/p", bound: 3) { _, number in (number, next: "t\(number)") }
        var iterator = pages.makeAsyncIterator()
        for number in 1...3 { #expect(try await iterator.next() == number) }
        let error = try await clientError { try await iterator.next() }
        #expect(error.code == .wrongAnswer)
        #expect(error.message.contains("more than 3"))
        #expect(Pages<Int>.bound == 100_000)
    }

    @Test func aFailedPageIsToldAndEndsTheList() async throws {
        let transport = ScriptedTransport([
            .token(), .expect(path, page(["a"], next: "t1")), .expect(path, Fixture.refusal("err_x", key: #"{"domain":"example.com"}"#)),
        ])
        var iterator = Fixture.client(transport).internalAccounts(domain: "example.com").makeAsyncIterator()
        _ = try await iterator.next()
        #expect(try await clientError { try await iterator.next() }.code == .refused)
        #expect(try await iterator.next() == nil)
    }

    @Test func theCloudGatewaysPlainPagesAreRead() async throws {
        let body = """
            {"users":[{"id":"1","emailAddress":"a@example.com","disabled":true}],"meta":{"pagination":{"next":"n","totalCount":9}}}
            """
        let transport = ScriptedTransport([.token(), .expect("/user/cloud-gateway/v1/users", method: "GET", body)])
        let envelope = try await Fixture.client(transport).call(
            Endpoints.Gateway.users, items: [], page: PageRequest(pageSize: 100, pageToken: nil))
        #expect(envelope.data.map(\.disabled) == [true])
        #expect(envelope.meta?.pagination?.following == "n")
        #expect(transport.requests.last?.query == "pageSize=100")
    }
}
