import HTTPTransport
import Mimecast
import Testing
import TestSupport

@testable import MimecastClient

struct AccountTests {
    private func transport(_ path: String, _ row: String) -> ScriptedTransport {
        ScriptedTransport([.token(), .expect(path, #"{"meta":{"status":200},"data":[\#(row)],"fail":[]}"#)])
    }

    private let full = NewAccount(
        address: "a@example.com", name: "A B", firstName: "A", lastName: "B", aliases: ["x@example.com"], adminRoles: ["Basic"])

    @Test func theGuideCreatesWithAllFields() async throws {
        let transport = transport("/api/user/create-managed-sender", #"{"id":"1","emailAddress":"a@example.com","status":"active"}"#)
        try await Fixture.client(transport, dialect: .guide).create(full)
        let expected = """
            {"data":[{"adminRoles":["Basic"],"alias":["x@example.com"],"emailAddress":"a@example.com","firstName":"A",\
            "lastName":"B","name":"A B"}]}
            """
        #expect(transport.requests.last?.text == expected)
    }

    @Test func thePortalCreatesWithAddressAndName() async throws {
        let transport = transport("/api/user/create-user", #"{"id":"1","emailAddress":"a@example.com"}"#)
        try await Fixture.client(transport).create(full)
        #expect(transport.requests.last?.text == #"{"data":[{"emailAddress":"a@example.com","name":"A B"}]}"#)
    }

    @Test(arguments: [
        (AccountKey(id: "1", address: "a@example.com"), AccountChange(name: "N"), #"{"id":"1","name":"N"}"#),
        (AccountKey(address: "a@example.com"), AccountChange(name: "N"), #"{"emailAddress":"a@example.com","name":"N"}"#),
        (
            AccountKey(id: "1", address: "a@example.com"), AccountChange(newAddress: "b@example.com", status: .disabled),
            #"{"emailAddress":"b@example.com","id":"1","status":"disabled"}"#
        ),
        (
            AccountKey(id: "1", address: "a@example.com"),
            AccountChange(firstName: "F", lastName: "L", aliases: [], adminRoles: ["R"], status: .active),
            #"{"adminRoles":["R"],"alias":[],"firstName":"F","id":"1","lastName":"L","status":"active"}"#
        ),
    ])
    func theGuideUpdatesByID(key: AccountKey, change: AccountChange, item: String) async throws {
        let transport = transport("/api/user/update-managed-sender", #"{"id":"1","emailAddress":"a@example.com"}"#)
        try await Fixture.client(transport, dialect: .guide).update(key, change)
        #expect(transport.requests.last?.text == #"{"data":[\#(item)]}"#)
    }

    @Test(arguments: [
        (AccountChange(name: "N"), #"{"emailAddress":"a@example.com","name":"N"}"#),
        (AccountChange(status: .disabled), #"{"accountDisabled":true,"emailAddress":"a@example.com"}"#),
        (AccountChange(name: "N", status: .active), #"{"accountDisabled":false,"emailAddress":"a@example.com","name":"N"}"#),
    ])
    func thePortalUpdatesByAddress(change: AccountChange, item: String) async throws {
        let transport = transport("/api/user/update-user", #"{"emailAddress":"a@example.com","accountDisabled":false}"#)
        try await Fixture.client(transport).update(AccountKey(id: "ignored", address: "a@example.com"), change)
        #expect(transport.requests.last?.text == #"{"data":[\#(item)]}"#)
    }

    @Test(arguments: [
        AccountChange(newAddress: "b@example.com"), AccountChange(firstName: "F"), AccountChange(lastName: "L"),
        AccountChange(aliases: []), AccountChange(name: "N", adminRoles: ["R"]),
    ])
    func whatTheDialectCannotCarryIsRefusedBeforeAnyCall(change: AccountChange) async throws {
        let transport = ScriptedTransport([])
        for credentials in [Fixture.v1, Fixture.v2] {
            let client = Fixture.client(transport, credentials: credentials)
            let error = try await clientError { try await client.update(AccountKey(address: "a@example.com"), change) }
            #expect(error.code == .refused)
            #expect(error.status == nil && !error.outcomeUnknown)
        }
        #expect(transport.requests.isEmpty)
    }

    @Test func aNewAddressNeedsTheID() async throws {
        let transport = ScriptedTransport([])
        let client = Fixture.client(transport, dialect: .guide)
        let change = AccountChange(newAddress: "b@example.com")
        #expect(try await clientError { try await client.update(AccountKey(address: "a@example.com"), change) }.code == .refused)
    }

    @Test func anEmptyChangeMakesNoCall() async throws {
        let transport = ScriptedTransport([])
        try await Fixture.client(transport).update(AccountKey(address: "a@example.com"), AccountChange())
        #expect(transport.requests.isEmpty)
    }

    @Test(arguments: [
        (AccountKey(id: "1", address: "a@example.com"), #"{"id":"1"}"#),
        (AccountKey(address: "a@example.com"), #"{"emailAddress":"a@example.com"}"#),
    ])
    func onlyTheGuideDeletes(key: AccountKey, item: String) async throws {
        let transport = transport("/api/user/delete-managed-sender", #"{"id":"1","status":"deleted"}"#)
        try await Fixture.client(transport, dialect: .guide).delete(key)
        #expect(transport.requests.last?.text == #"{"data":[\#(item)]}"#)
        let portal = ScriptedTransport([])
        #expect(try await clientError { try await Fixture.client(portal).delete(key) }.code == .refused)
    }

    @Test(arguments: [Dialect.guide, .portal], ["add", "remove"])
    func membersComeAndGo(dialect: Dialect, verb: String) async throws {
        let row =
            dialect == .guide
            ? #"{"id":"g1","emailAddress":"a@example.com","status":"added"}"#
            : #"{"id":"m1","folderId":"g1","emailAddress":"a@example.com","internal":true}"#
        let transport = transport("/api/directory/\(verb)-group-member", row)
        let client = Fixture.client(transport, dialect: dialect)
        if verb == "add" {
            try await client.addMember("a@example.com", toGroup: "g1")
        } else {
            try await client.removeMember("a@example.com", fromGroup: "g1")
        }
        #expect(transport.requests.last?.text == #"{"data":[{"emailAddress":"a@example.com","id":"g1"}]}"#)
    }

    @Test(arguments: [
        FailureCode.userExists, FailureCode.directoryManaged, FailureCode.forbiddenForAddress, FailureCode.memberAlreadyExists,
    ])
    func aRefusedItemIsAFailureWithItsReasons(code: String) async throws {
        let transport = ScriptedTransport([.token(), .expect("/api/user/create-user", Fixture.refusal(code))])
        let error = try await clientError { try await Fixture.client(transport).create(full) }
        #expect(error.code == .refused)
        #expect(error.status == 200)
        #expect(error.has(code))
        #expect(!error.remedy.isEmpty)
        #expect(!error.outcomeUnknown)
    }
}
