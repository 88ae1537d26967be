import HTTPTransport
import Mimecast
import Testing
import TestSupport

@testable import MimecastClient

struct DialectTests {
    private let path = "/api/user/get-internal-users"

    private func detect(_ transport: ScriptedTransport, _ credentials: Credentials = Fixture.v2) async throws -> Dialect {
        try await TenantClient.detectDialect(
            baseURL: Fixture.base, credentials: credentials, transport: transport, clock: ManualClock(advancesItself: true))
    }

    @Test func aListThatAnswersIsTheGuides() async throws {
        let transport = ScriptedTransport([.token(), .expect(path, method: "GET", where: { $0.query == "pageSize=1" }, #"{"data":[]}"#)])
        #expect(try await detect(transport) == .guide)
        transport.assertDone()
    }

    @Test(arguments: [404, 405])
    func aListThatIsNotThereIsThePortals(status: Int) async throws {
        let transport = ScriptedTransport([.token(), .expect(path, method: "GET", status: status, "")])
        #expect(try await detect(transport) == .portal)
        transport.assertDone()
    }

    @Test(arguments: [(401, ClientError.Code.unauthorized), (400, .refused)])
    func otherAnswersSayNeither(status: Int, code: ClientError.Code) async throws {
        let transport = ScriptedTransport([.token(), .expect(path, method: "GET", status: status, "")])
        #expect(try await clientError { try await detect(transport) }.code == code)
    }

    @Test(arguments: [
        (#"{"accountCode":"C","companyName":"X","maxUsers":5}"#, Dialect.guide), (#"{"accountCode":"C","accountName":"X"}"#, .portal),
    ])
    func whoMayNotReadPeopleIsKnownByTheAccount(row: String, dialect: Dialect) async throws {
        let transport = ScriptedTransport([
            .token(), .expect(path, method: "GET", status: 403, ""), .expect(Fixture.accountPath, #"{"data":[\#(row)],"fail":[]}"#),
        ])
        #expect(try await detect(transport) == dialect)
        transport.assertDone()
    }

    @Test(arguments: [(403, ""), (200, #"{"data":[{"accountCode":"C"}],"fail":[]}"#), (200, Fixture.empty)])
    func whoMayReadNothingIsNotKnown(status: Int, body: String) async throws {
        let transport = ScriptedTransport([
            .token(), .expect(path, method: "GET", status: 403, ""), .expect(Fixture.accountPath, status: status, body),
        ])
        #expect(try await clientError { try await detect(transport) }.code == .forbidden)
    }

    @Test func aTokenCallThatIsNotThereSaysNothing() async throws {
        let transport = ScriptedTransport([.expect("/oauth/token", status: 404, "")])
        #expect(try await clientError { try await detect(transport) }.code == .misconfigured)
    }

    @Test func v1IsThePortals() async throws {
        #expect(try await detect(ScriptedTransport([]), Fixture.v1) == .portal)
    }
}
