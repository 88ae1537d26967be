import Foundation
import Mimecast
import Testing

@testable import Sandbox

/// get-aliases, update-alias (which adds one), remove-alias.
@Suite(.serialized) struct AliasTests {
    private static func count(_ box: SandboxHarness) async throws -> Int? {
        try await box.call(.portal, "/api/user/get-internal-users").data.first?["userCount"]?.int
    }

    @Test func aliasesComeAndGo() async throws {
        try await SandboxHarness.run { box async throws in
            let person = try SandboxHarness.person { $0.source == .cloud && $0.aliases.isEmpty && $0.adminRoles.isEmpty }
            let alias = "Second.Name@\(box.domain)"
            let item = #"{"alias":"\#(alias)","aliasFor":"\#(person.address.uppercased())"}"#
            let before = try #require(try await Self.count(box))
            for app in App.allCases {
                let added = try #require(try await box.item(app, "/api/user/update-alias", item).data.first)
                #expect(Set(added.members.keys) == ["domain", "isInternal", "alias", "aliasDisplayName", "aliasFor", "type"])
                #expect(added["alias"]?.text == alias && added["aliasFor"]?.text == person.address)
                #expect(added["domain"]?.text == box.domain && added["isInternal"]?.bool == true)
                #expect(added["type"]?.text == "created_manually" && added["aliasDisplayName"]?.text == person.displayName)
                #expect(try await Self.count(box) == before + 1)
                let again = try await box.item(
                    app, "/api/user/update-alias", item.lowercased().replacingOccurrences(of: "aliasfor", with: "aliasFor"))
                #expect(again.data == [added])
                for asked in [person.address, alias.lowercased()] {
                    #expect(try await box.item(app, "/api/user/get-aliases", #"{"emailAddress":"\#(asked)"}"#).data == [added])
                }
                let (rows, _) = try await box.pages(.portal, "/api/user/get-internal-users", size: 50) {
                    $0.data.first?["users"]?.list ?? []
                }
                #expect(rows.contains { $0["emailAddress"]?.text == alias && $0["alias"]?.bool == true })
                #expect(try await box.item(app, "/api/user/remove-alias", item).data == [added])
                #expect(try await Self.count(box) == before)
                #expect(try await box.item(app, "/api/user/remove-alias", item).code == FailureCode.aliasNotFound)
                #expect(try await box.item(app, "/api/user/get-aliases", #"{"emailAddress":"\#(person.address)"}"#).data.isEmpty)
            }
            let effects = try await box.log("?path=/api/user/update-alias").compactMap { $0["effect"]?.text }
            #expect(effects == ["updated", "none", "updated", "none", "updated", "none"])
            let removals = try await box.log("?path=/api/user/remove-alias")
            #expect(removals.compactMap { $0["effect"]?.text } == ["updated", "refused", "updated", "refused", "updated", "refused"])
            #expect(removals.first?["target"]?.text == person.address)
        }
    }

    @Test func refusals() async throws {
        try await SandboxHarness.run { box async throws in
            let people = Company.generate(people: 60, domains: 2, seed: 1)
            let person = try SandboxHarness.person { $0.source == .cloud && $0.aliases.isEmpty }
            let other = try SandboxHarness.person { $0.source == .cloud && !$0.aliases.isEmpty }
            let synced = try SandboxHarness.person { $0.source == .ldap }
            let guest = try #require(people.guests.first)
            let taken = try #require(other.aliases.first)
            let new = "new@\(box.domain)"
            let table: [(alias: String?, owner: String?, code: String, field: String?)] = [
                (nil, person.address, FailureCode.validationNull, "alias"), (new, nil, FailureCode.validationNull, "aliasFor"),
                (" ", person.address, FailureCode.validationBlank, "alias"), (new, "", FailureCode.validationBlank, "aliasFor"),
                ("x", person.address, FailureCode.invalidEmailAddress, "alias"), (new, "x", FailureCode.invalidEmailAddress, "aliasFor"),
                (new, "no.one@\(box.domain)", FailureCode.forbiddenForAddress, "aliasFor"),
                (new, guest.address, FailureCode.forbiddenForAddress, "aliasFor"),
                (new, taken, FailureCode.forbiddenForAddress, "aliasFor"),
                (new, synced.address, FailureCode.directoryManaged, nil),
            ]
            let additions: [(alias: String?, owner: String?, code: String, field: String?)] = [
                ("a@elsewhere.example", person.address, FailureCode.forbiddenForAddress, "alias"),
                (person.address.uppercased(), person.address, FailureCode.validationInvalid, "alias"),
                (taken, person.address, FailureCode.userExists, "alias"), (other.address, person.address, FailureCode.userExists, "alias"),
                ("abuse@\(box.domain)", person.address, FailureCode.userExists, "alias"),
            ]
            let removals: [(alias: String?, owner: String?, code: String, field: String?)] = [
                (taken, person.address, FailureCode.aliasNotFound, "alias"), (new, person.address, FailureCode.aliasNotFound, "alias"),
                (person.address, person.address, FailureCode.aliasNotFound, "alias"),
            ]
            for (call, rows) in [("update-alias", table + additions), ("remove-alias", table + removals)] {
                for row in rows {
                    let fields = [row.alias.map { #""alias":"\#($0)""# }, row.owner.map { #""aliasFor":"\#($0)""# }].compactMap(\.self)
                    let reply = try await box.item(.portal, "/api/user/\(call)", "{\(fields.joined(separator: ","))}")
                    #expect(reply.status == 200 && reply.data.isEmpty && reply.code == row.code, "\(call) \(row) \(reply.text)")
                    #expect(reply.field == row.field, "\(call) \(row)")
                }
                let six = Array(repeating: #"{"alias":"\#(new)","aliasFor":"\#(person.address)"}"#, count: 6).joined(separator: ",")
                let tooMany = try await box.item(.portal, "/api/user/\(call)", six)
                #expect(tooMany.data.isEmpty && tooMany.fail.count == 6 && tooMany.code == FailureCode.tooManyItems)
                #expect(try await box.call(.portal, "/api/user/\(call)").field == "data")
            }
            // Partial success, and a fault.
            let two = try await box.item(
                .portal, "/api/user/update-alias",
                #"{"alias":"\#(new)","aliasFor":"\#(person.address)"},{"alias":"\#(new)","aliasFor":"\#(other.address)"}"#)
            #expect(two.data.count == 1 && two.fail.count == 1 && two.code == FailureCode.userExists)
            for item in ["{}", #"{"emailAddress":"no.one@\#(box.domain)"}"#] {
                #expect(try await box.item(.portal, "/api/user/get-aliases", item).fail.count == 1)
            }
            let ofSynced = try await box.item(.portal, "/api/user/get-aliases", #"{"emailAddress":"\#(guest.address)"}"#)
            #expect(ofSynced.fail.isEmpty && ofSynced.data.isEmpty)
        }
    }
}
