import HTTPTransport
import Mimecast
import Testing
import TestSupport

@testable import MimecastClient

struct OutcomeTests {
    private let path = "/api/user/update-user"

    private func body(_ good: [String], _ bad: [(String, code: String)]) -> String {
        let data = good.map { #"{"emailAddress":"\#($0)@example.com","accountDisabled":true}"# }.joined(separator: ",")
        let fail = bad.map { #"{"key":{"emailAddress":"\#($0)@example.com"},"errors":[{"code":"\#($1)","message":"m"}]}"# }
        return #"{"meta":{"status":200},"data":[\#(data)],"fail":[\#(fail.joined(separator: ","))]}"#
    }

    private func update(_ names: [String], _ steps: [Step]) async throws -> [String] {
        let transport = ScriptedTransport([.token()] + steps)
        let updates = names.map { UserUpdate(emailAddress: "\($0)@example.com", accountDisabled: true) }
        let outcomes = try await Fixture.client(transport, retry: .never).updateUsers(updates)
        transport.assertDone()
        return outcomes.map { outcome in
            switch outcome {
            case .success(let row): row.emailAddress
            case .failure(let error): "\(error.code.rawValue)\(error.outcomeUnknown ? " unknown" : "")\(error.cause.map { " \($0)" } ?? "")"
            }
        }
    }

    @Test func eachItemHasItsOwn() async throws {
        let found = try await update(
            ["a", "b", "c"], [.expect(path, body(["a", "c"], [("b", FailureCode.directoryManaged)]))])
        #expect(found == ["a@example.com", "refused directoryManaged", "c@example.com"])
    }

    @Test func twoOfTheSameAreToldApartByTheirPlace() async throws {
        let found = try await update(["a", "a"], [.expect(path, body(["a"], [("a", FailureCode.directoryManaged)]))])
        #expect(found == ["refused directoryManaged", "a@example.com"])
    }

    @Test func whatDoesNotAddUpIsUnknown() async throws {
        let found = try await update(["a", "b", "c"], [.expect(path, body(["a"], [("c", FailureCode.directoryManaged)]))])
        #expect(found == ["wrong-answer unknown", "wrong-answer unknown", "refused directoryManaged"])
        #expect(try await update(["a"], [.expect(path, Fixture.empty)]) == ["wrong-answer unknown"])
    }

    @Test func anEchoOfAPartCountsWhereOnlyOneItemCouldBeMeant() async throws {
        func aliases(_ echo: String) async throws -> [ClientError.Cause?] {
            let body = """
                {"data":[{"domain":"e","isInternal":true,"alias":"x@e","aliasFor":"a@e"}],\
                "fail":[{"key":{\(echo)},"errors":[{"code":"err_user_already_exists","message":"m"}]}]}
                """
            let transport = ScriptedTransport([.token(), .expect("/api/user/update-alias", body)])
            return try await Fixture.client(transport).addAliases([
                AliasChange(alias: "x@e", aliasFor: "a@e"), AliasChange(alias: "y@e", aliasFor: "a@e"),
            ]).map { if case .failure(let error) = $0 { error.outcomeUnknown ? .deserialise : error.cause } else { nil } }
        }
        #expect(try await aliases(#""alias":"y@e""#) == [nil, .userExists])
        #expect(try await aliases(#""alias":"y@e","aliasFor":"a@e","more":1"#) == [nil, .userExists])
        #expect(try await aliases(#""aliasFor":"a@e""#) == [.deserialise, .deserialise], "nobody can say which")
    }

    @Test func aFailureOfTheOnlyItemNeedsNoEcho() async throws {
        let odd = #"{"data":[],"fail":[{"key":{"user":"?"},"errors":[{"code":"err_directory_managed","message":"m"}]}]}"#
        #expect(try await update(["a"], [.expect(path, odd)]) == ["refused directoryManaged"])
    }

    @Test func manyTakeSeveralCalls() async throws {
        let names = (0..<7).map { "p\($0)" }
        let found = try await update(
            names,
            [
                .expect(path, where: { $0.items.count == 5 }, body(Array(names[..<5]), [])),
                .expect(path, where: { $0.items.count == 2 }, body(["p6"], [("p5", FailureCode.addressNotFound)])),
            ])
        #expect(found == (0..<5).map { "p\($0)@example.com" } + ["refused addressNotFound", "p6@example.com"])
    }

    @Test func aCallThatIsRefusedLeavesTheNextAlone() async throws {
        let names = (0..<6).map { "p\($0)" }
        let found = try await update(
            names, [.expect(path, Fixture.refusal(FailureCode.deserialise, key: nil)), .expect(path, body(["p5"], []))])
        #expect(found == Array(repeating: "refused deserialise", count: 5) + ["p5@example.com"])
    }

    @Test func afterTroubleNothingMoreIsSent() async throws {
        let names = (0..<6).map { "p\($0)" }
        let found = try await update(names, [.fail(path, .noAnswer)])
        #expect(found == Array(repeating: "unreachable unknown", count: 5) + ["unreachable"])
    }
}
