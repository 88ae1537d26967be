import HTTPTransport
import Mimecast
import Testing
import TestSupport

@testable import MimecastClient

struct LookUpTests {
    private let guidePath = "/api/user/get-internal-users"
    private let portalPath = "/api/user/update-user"

    private func state(_ name: String, disabled: Bool) -> String {
        #"{"emailAddress":"\#(name)@example.com","name":"\#(name)","accountDisabled":\#(disabled),"accountLocked":false}"#
    }

    private func fail(_ name: String, _ code: String) -> String {
        #"{"key":{"emailAddress":"\#(name)@example.com"},"errors":[{"code":"\#(code)","message":"m","retryable":false}]}"#
    }

    private func envelope(_ data: [String], _ fail: [String] = []) -> String {
        #"{"meta":{"status":200},"data":[\#(data.joined(separator: ","))],"fail":[\#(fail.joined(separator: ","))]}"#
    }

    @Test func theGuideIsAskedOneByOne() async throws {
        let transport = ScriptedTransport([
            .token(),
            .expect(guidePath, #"{"data":[{"id":"1","emailAddress":"A@example.com","name":"A","status":"disabled","source":"cloud"}]}"#),
            .expect(guidePath, Fixture.empty),
            .expect(guidePath, Fixture.refusal(FailureCode.forbiddenForAddress)),
            .expect(guidePath, Fixture.refusal(FailureCode.addressNotFound, key: nil)),
        ])
        let found = try await Fixture.client(transport, dialect: .guide)
            .lookUp(["a@EXAMPLE.com", "b@example.com", "c@example.com", "d@example.com", "A@example.com", "no address"])
        #expect(found.keys.sorted() == ["a@example.com"])
        #expect(found["a@example.com"]?.status == .disabled)
        #expect(found["a@example.com"]?.id == "1")
        #expect(transport.requests(to: guidePath).map(\.items.count) == [1, 1, 1, 1])
        transport.assertDone()
    }

    @Test func aRowForAnotherAddressIsNotTheAccount() async throws {
        let transport = ScriptedTransport([
            .token(), .expect(guidePath, #"{"data":[{"id":"1","emailAddress":"owner@example.com","alias":["x@example.com"]}]}"#),
        ])
        #expect(try await Fixture.client(transport, dialect: .guide).lookUp(["x@example.com"]).isEmpty)
    }

    @Test func thePortalIsAskedFiveAtATime() async throws {
        let names = ["a", "b", "c", "d", "e", "f"]
        let transport = ScriptedTransport([
            .token(),
            .expect(
                portalPath,
                envelope(
                    [state("a", disabled: false), state("b", disabled: true), state("e", disabled: false)],
                    [fail("c", FailureCode.forbiddenForAddress), fail("d", FailureCode.directoryManaged)])),
            .expect(portalPath, envelope([state("f", disabled: true)])),
        ])
        let found = try await Fixture.client(transport).lookUp(names.map { "\($0)@example.com" })
        #expect(found.keys.sorted() == ["a", "b", "d", "e", "f"].map { "\($0)@example.com" })
        #expect(found["b@example.com"]?.status == .disabled)
        #expect(found["a@example.com"]?.status == .active)
        #expect(found["d@example.com"]?.authority == .ldap)
        #expect(found["d@example.com"]?.status == nil)
        let items = transport.requests(to: portalPath).map(\.items)
        #expect(items.map(\.count) == [5, 1])
        #expect(items.first?.first == .object(["emailAddress": .string("a@example.com")]))
        transport.assertDone()
    }

    @Test func itIsARead() async throws {
        let transport = ScriptedTransport([
            .token(), .expect(portalPath, status: 500, ""), .fail(portalPath, .lostConnection),
            .expect(portalPath, envelope([state("a", disabled: false)])),
        ])
        #expect(try await Fixture.client(transport).lookUp(["a@example.com"]).count == 1)
        transport.assertDone()

        let gone = ScriptedTransport([.token(), .fail(portalPath, times: 4, .noAnswer)])
        let error = try await clientError { try await Fixture.client(gone).lookUp(["a@example.com"]) }
        #expect(!error.outcomeUnknown)
        gone.assertDone()
    }

    @Test func anAddressNobodySpokeOfIsNotAbsent() async throws {
        let transport = ScriptedTransport([.token(), .expect(portalPath, envelope([state("a", disabled: false)]))])
        let error = try await clientError { try await Fixture.client(transport).lookUp(["a@example.com", "b@example.com"]) }
        #expect(error.code == .wrongAnswer)
    }

    @Test func aFailureWithoutAKeyIsAskedAgainOneByOne() async throws {
        let keyless = Fixture.refusal(FailureCode.forbiddenForAddress, key: nil)
        let transport = ScriptedTransport([
            .token(), .expect(portalPath, keyless), .expect(portalPath, envelope([state("a", disabled: false)])),
            .expect(portalPath, keyless),
        ])
        #expect(try await Fixture.client(transport).lookUp(["a@example.com", "b@example.com"]).keys.sorted() == ["a@example.com"])
        transport.assertDone()
    }

    @Test(arguments: [Dialect.guide, .portal])
    func anotherReasonIsAnError(dialect: Dialect) async throws {
        let path = dialect == .guide ? guidePath : portalPath
        let transport = ScriptedTransport([.token(), .expect(path, Fixture.refusal("err_something"))])
        let error = try await clientError { try await Fixture.client(transport, dialect: dialect).lookUp(["a@example.com"]) }
        #expect(error.code == .refused)
        #expect(error.has("err_something"))
    }

    @Test func nothingAskedIsNothingCalled() async throws {
        let transport = ScriptedTransport([])
        #expect(try await Fixture.client(transport).lookUp([]).isEmpty)
        #expect(try await Fixture.client(transport, dialect: .guide).lookUp(["nonsense"]).isEmpty)
    }
}
