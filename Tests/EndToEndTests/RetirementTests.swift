import Foundation
import Mimecast
import TestSupport
import Testing

/// What hangs on accounts and how they end, by hand, with the built program against the sandbox.
@Suite struct RetirementTests {
    @Test(arguments: Way.allCases)
    func aliasesRightsGroupsAndPurgesByHand(_ way: Way) async throws {
        try await Desk.with(way) { desk in
            func muster(_ arguments: String..., expect: Int32) async throws -> Outcome {
                let outcome = try await desk.binary.run(arguments + desk.flags)
                try #require(outcome.exit == expect, "\(outcome)")
                return outcome
            }
            func approved(_ arguments: String...) async throws {
                let outcome = try await desk.binary.run(arguments + ["--json"] + desk.flags)
                try #require(outcome.exit == 3, "\(outcome)")
                let plan = try #require(outcome.document?["plan"]?.text)
                try await desk.muster("approve", plan, expect: 0)
                try await desk.muster("apply", plan, expect: 0)
            }
            let users = try await desk.tenant.users().filter(\.isPlain)
            let (leaver, mailbox) = (users[0].address, users[1].address)
            let alias = "second.name@\(desk.sandbox.domain)"
            _ = try await muster("users", "alias", "add", leaver, alias, expect: 0)
            _ = try await muster("users", "alias", "add", leaver, mailbox, expect: 1)
            _ = try await muster("users", "alias", "remove", leaver, alias, expect: 0)
            _ = try await muster("users", "delegate", "add", mailbox, leaver, expect: 0)
            _ = try await muster("users", "delegate", "remove", mailbox, leaver, expect: 0)
            _ = try await muster("users", "delegate", "add", mailbox, leaver, expect: 0)
            _ = try await muster("groups", "create", "Field Crew", expect: 0)
            _ = try await muster("groups", "add", "field crew", leaver, expect: 0)
            _ = try await muster("users", "purge", leaver, expect: 1)
            try await approved("users", "disable", leaver)
            try await approved("users", "purge", leaver)
            _ = try await muster("users", "unpurge", leaver, expect: 0)
            #expect(try await desk.tenant.user(leaver) != nil)
        }
    }
}
