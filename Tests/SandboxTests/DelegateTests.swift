import Mimecast
import Testing

@testable import Sandbox

/// add-delegate-user, find-delegate-users, remove-delegate-user.
@Suite(.serialized) struct DelegateTests {
    private static func pair(_ primary: String, _ delegate: String) -> String {
        #"{"primaryAddress":"\#(primary)","delegateAddress":"\#(delegate)"}"#
    }

    private static func cloudPeople() -> [Employee] {
        Company.generate(people: 60, domains: 2, seed: 1).people.filter { $0.source == .cloud && $0.adminRoles.isEmpty }
    }

    @Test func rightsComeAndGo() async throws {
        try await SandboxHarness.run { box async throws in
            let people = Self.cloudPeople()
            let (boss, helper) = (people[0].address, people[1].address)
            for app in App.allCases {
                let added = try #require(
                    try await box.item(app, "/api/user/add-delegate-user", Self.pair(boss.uppercased(), helper)).data.first)
                #expect(Set(added.members.keys) == ["id", "success"] && added["success"]?.bool == true)
                let id = try #require(added["id"]?.text)
                #expect(
                    try await box.item(app, "/api/user/add-delegate-user", Self.pair(boss, helper)).code == FailureCode.delegateExists)
                // The other way round is another right.
                let back = try await box.item(app, "/api/user/add-delegate-user", Self.pair(helper, boss))
                #expect(back.fail.isEmpty)
                let found = try await box.item(app, "/api/user/find-delegate-users", #"{"primaryAddress":"\#(boss)"}"#)
                let row = try #require(found.data.first?["delegateUsers"]?.list.first)
                #expect(row["id"]?.text == id && row["emailAddress"]?.text == helper && row["name"]?.text == people[1].displayName)
                #expect(found.pagination?["pageSize"]?.int == 1 && found.pagination?["next"] == nil)
                let backID = back.data.first?["id"]?.text ?? ""
                let removed = try await box.item(app, "/api/user/remove-delegate-user", #"{"id":"\#(id)"},{"id":"\#(backID)"}"#)
                #expect(removed.data.count == 2 && removed.data.first == added)
                #expect(
                    try await box.item(app, "/api/user/remove-delegate-user", #"{"id":"\#(id)"}"#).code == FailureCode.delegateNotFound)
                let none = try await box.item(app, "/api/user/find-delegate-users", #"{"primaryAddress":"\#(boss)"}"#)
                #expect(none.data.first?["delegateUsers"]?.list.isEmpty == true)
            }
            #expect(
                try await box.log("?path=/api/user/add-delegate-user").compactMap { $0["effect"]?.text }
                    == (0..<3).flatMap { _ in ["added", "refused", "added"] })
        }
    }

    @Test func pagesAndVanishingAccounts() async throws {
        try await SandboxHarness.run { box async throws in
            let people = Self.cloudPeople()
            let boss = people[0].address
            for person in people[1...12] {
                #expect(try await box.item(.portal, "/api/user/add-delegate-user", Self.pair(boss, person.address)).fail.isEmpty)
            }
            let item = #"{"primaryAddress":"\#(boss)"}"#
            for size in [1, 5, 12] {
                let (rows, _) = try await box.pages(.portal, "/api/user/find-delegate-users", item: item, size: size) {
                    $0.data.first?["delegateUsers"]?.list ?? []
                }
                #expect(Set(rows.compactMap { $0["emailAddress"]?.text }) == Set(people[1...12].map(\.address)) && rows.count == 12)
            }
            #expect(
                try await box.item(.guide, "/api/user/delete-managed-sender", #"{"emailAddress":"\#(people[3].address)"}"#).fail.isEmpty)
            let left = try await box.item(.portal, "/api/user/find-delegate-users", item)
            #expect(left.data.first?["delegateUsers"]?.list.count == 11)
        }
    }

    @Test func refusals() async throws {
        try await SandboxHarness.run { box async throws in
            let people = Self.cloudPeople()
            let synced = try SandboxHarness.person { $0.source == .ldap }
            let guest = try #require(Company.generate(people: 60, domains: 2, seed: 1).guests.first)
            let own = people[0].address
            let table: [(item: String, code: String, field: String)] = [
                (#"{"delegateAddress":"\#(own)"}"#, FailureCode.validationNull, "primaryAddress"),
                (#"{"primaryAddress":"\#(own)"}"#, FailureCode.validationNull, "delegateAddress"),
                (Self.pair(" ", own), FailureCode.validationBlank, "primaryAddress"),
                (Self.pair(own, "x"), FailureCode.invalidEmailAddress, "delegateAddress"),
                (Self.pair(own, own.uppercased()), FailureCode.validationInvalid, "delegateAddress"),
                (Self.pair(guest.address, own), FailureCode.forbiddenForAddress, "primaryAddress"),
                (Self.pair(own, guest.address), FailureCode.forbiddenForAddress, "delegateAddress"),
                (Self.pair(own, "no.one@\(box.domain)"), FailureCode.forbiddenForAddress, "delegateAddress"),
            ]
            for row in table {
                let reply = try await box.item(.portal, "/api/user/add-delegate-user", row.item)
                #expect(reply.status == 200 && reply.data.isEmpty && reply.code == row.code && reply.field == row.field, "\(row.item)")
            }
            // Rights are not the directory's.
            #expect(try await box.item(.portal, "/api/user/add-delegate-user", Self.pair(synced.address, own)).fail.isEmpty)
            for (call, item) in [("add-delegate-user", Self.pair(own, synced.address)), ("remove-delegate-user", #"{"id":"eNx"}"#)] {
                let many = Array(repeating: item, count: 26).joined(separator: ",")
                let reply = try await box.item(.portal, "/api/user/\(call)", many)
                #expect(reply.data.isEmpty && reply.fail.count == 26 && reply.code == FailureCode.tooManyItems)
                #expect(try await box.call(.portal, "/api/user/\(call)").field == "data")
            }
            #expect(try await box.item(.portal, "/api/user/remove-delegate-user", "{}").field == "id")
            let malformed = try await box.item(.portal, "/api/user/remove-delegate-user", #"{"id":"not an id"}"#)
            #expect(malformed.status == 400 && malformed.text.isEmpty)
            for (item, field) in [
                ("{}", "primaryAddress"), (#"{"primaryAddress":"no.one@\#(box.domain)"}"#, "primaryAddress"),
                (#"{"primaryAddress":"\#(guest.address)"}"#, "primaryAddress"),
            ] {
                #expect(try await box.item(.portal, "/api/user/find-delegate-users", item).field == field)
            }
            #expect(try await box.call(.portal, "/api/user/find-delegate-users").field == "data")
        }
    }
}
