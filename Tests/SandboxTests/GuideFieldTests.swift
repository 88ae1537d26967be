import Foundation
import Mimecast
import Testing

@testable import Sandbox

/// The guide's table of the user object, a test a field: what it says of create, of update, and in its notes.
@Suite(.serialized) struct GuideFieldTests {
    private static let users = "/api/user/get-internal-users"

    private func create(_ box: SandboxHarness, _ fields: String = "", address: String? = nil) async throws -> Reply {
        let address = address ?? "new.person@\(box.domain)"
        let rest = fields.isEmpty ? "" : "," + fields
        return try await box.item(.guide, "/api/user/create-managed-sender", #"{"emailAddress":"\#(address)","name":"New Person"\#(rest)}"#)
    }

    private func created(_ box: SandboxHarness, _ fields: String = "") async throws -> JSON {
        let reply = try await create(box, fields)
        #expect(reply.status == 200 && reply.fail.isEmpty, "\(reply.text)")
        return try #require(reply.data.first)
    }

    private func update(_ box: SandboxHarness, _ user: JSON, _ fields: String) async throws -> Reply {
        let id = try #require(user["id"]?.text)
        return try await box.item(.guide, "/api/user/update-managed-sender", #"{"id":"\#(id)",\#(fields)}"#)
    }

    private func updated(_ box: SandboxHarness, _ user: JSON, _ fields: String) async throws -> JSON {
        let reply = try await update(box, user, fields)
        #expect(reply.fail.isEmpty, "\(fields) \(reply.text)")
        return try #require(reply.data.first)
    }

    private func read(_ box: SandboxHarness, _ user: JSON) async throws -> JSON {
        try #require(try await box.item(.guide, Self.users, #"{"id":"\#(user["id"]?.text ?? "")"}"#).data.first)
    }

    @Test func emailAddressIsRequiredUniqueAndMayChange() async throws {
        try await SandboxHarness.run { box async throws in
            let missing = try await box.item(.guide, "/api/user/create-managed-sender", #"{"name":"X"}"#)
            #expect(missing.code == FailureCode.validationNull && missing.field == "emailAddress")
            for (text, code) in [
                (" ", FailureCode.validationBlank), ("no at sign", FailureCode.invalidEmailAddress),
                ("@x", FailureCode.invalidEmailAddress),
            ] { #expect(try await create(box, address: text).code == code, "\(text)") }
            #expect(try await create(box, address: "a@elsewhere.example").code == FailureCode.forbiddenForAddress)
            let user = try await created(box)
            for taken in ["new.person@\(box.domain)", "NEW.Person@\(box.domain.uppercased())"] {
                #expect(try await create(box, address: taken).code == FailureCode.userExists)
            }
            // The same name in the account's other domain is another address.
            #expect(try await create(box, address: "new.person@quillhaven-cargo.example").fail.isEmpty)
            #expect(try await updated(box, user, #""name":"Kept""#)["emailAddress"] == user["emailAddress"])
            let renamed = try await updated(box, user, #""emailAddress":"other.name@\#(box.domain)""#)
            #expect(renamed["emailAddress"]?.text == "other.name@\(box.domain)" && renamed["id"] == user["id"])
            #expect(try await update(box, user, #""emailAddress":"new.person@quillhaven-cargo.example""#).code == FailureCode.userExists)
        }
    }

    @Test func nameIsRequiredAndMayChange() async throws {
        try await SandboxHarness.run { box async throws in
            let address = "new.person@\(box.domain)"
            for (item, code) in [("", FailureCode.validationNull), (#","name":"""#, FailureCode.validationBlank)] {
                let reply = try await box.item(.guide, "/api/user/create-managed-sender", #"{"emailAddress":"\#(address)"\#(item)}"#)
                #expect(reply.code == code && reply.field == "name")
            }
            let user = try await created(box)
            #expect(try await updated(box, user, #""name":"Zoë 李""#)["name"]?.text == "Zoë 李")
            #expect(try await read(box, user)["name"]?.text == "Zoë 李")
        }
    }

    @Test func firstAndLastNameAreOptional() async throws {
        try await SandboxHarness.run { box async throws in
            let without = try await created(box)
            #expect(without["firstName"] == nil && without["lastName"] == nil)
            let first = try await updated(box, without, #""firstName":"New""#)
            #expect(first["firstName"]?.text == "New" && first["lastName"] == nil)
            let both = try await updated(box, without, #""lastName":"Person""#)
            #expect(both["firstName"]?.text == "New" && both["lastName"]?.text == "Person")
            let other = try await create(box, #""firstName":"A","lastName":"B""#, address: "a.b@\(box.domain)")
            #expect(other.data.first?["firstName"]?.text == "A" && other.data.first?["lastName"]?.text == "B")
        }
    }

    @Test func accountCodeIsTheApplicationsAndReadOnly() async throws {
        try await SandboxHarness.run { box async throws in
            let code = box.value("ACCOUNT_CODE")
            #expect(try await create(box, #""accountCode":"CUSB0A1""#).code == FailureCode.validationInvalid)
            let user = try await created(box, #""accountCode":"\#(code)""#)
            #expect(user["accountCode"]?.text == code)
            #expect(try await updated(box, user, #""accountCode":"\#(code)","name":"X""#)["accountCode"]?.text == code)
            let changed = try await update(box, user, #""accountCode":"CUSB0A1""#)
            #expect(changed.code == FailureCode.validationInvalid && changed.field == "accountCode")
            #expect(try await create(box, address: "b@\(box.domain)").data.first?["accountCode"]?.text == code)
        }
    }

    @Test func domainIsDerivedAndReadOnly() async throws {
        try await SandboxHarness.run { box async throws in
            #expect(try await create(box, #""domain":"quillhaven-cargo.example""#).field == "domain")
            let user = try await created(box)
            #expect(user["domain"]?.text == box.domain)
            #expect(try await update(box, user, #""domain":"quillhaven-cargo.example""#).field == "domain")
            let moved = try await updated(box, user, #""emailAddress":"n@quillhaven-cargo.example""#)
            #expect(moved["domain"]?.text == "quillhaven-cargo.example")
        }
    }

    @Test func aliasIsAnOptionalList() async throws {
        try await SandboxHarness.run { box async throws in
            let user = try await created(box, #""alias":["np@\#(box.domain)"]"#)
            #expect(user["alias"] == .array([.string("np@\(box.domain)")]))
            #expect(try await updated(box, user, #""name":"X""#)["alias"]?.list.count == 1)
            let two = try await updated(box, user, #""alias":["np@\#(box.domain)","n2@\#(box.domain)"]"#)
            #expect(two["alias"]?.list.count == 2)
            #expect(try await updated(box, user, #""alias":[]"#)["alias"] == .array([]))
            let taken = try SandboxHarness.person { !$0.aliases.isEmpty }
            for alias in [taken.address] + taken.aliases {
                #expect(try await update(box, user, #""alias":["\#(alias)"]"#).code == FailureCode.userExists)
            }
            #expect(try await update(box, user, #""alias":"np@\#(box.domain)""#).code == FailureCode.deserialise)
        }
    }

    @Test func userTypeIsOptionalAndFollowsTheAddress() async throws {
        try await SandboxHarness.run { box async throws in
            let user = try await created(box, #""userType":"internal""#)
            #expect(user["userType"]?.text == "internal")
            #expect(try await update(box, user, #""userType":"external""#).field == "userType")
            #expect(try await updated(box, user, #""userType":"Internal""#)["userType"]?.text == "internal")
            let guest = try #require(try await box.call(.guide, "/api/user/get-external-users").data.first)
            #expect(guest["userType"]?.text == "external")
        }
    }

    @Test func adminRolesAreOptionalAndMustBeKnown() async throws {
        try await SandboxHarness.run { box async throws in
            #expect(try await create(box, #""adminRoles":["Emperor"]"#).field == "adminRoles")
            let user = try await created(box)
            #expect(user["adminRoles"] == .array([]))
            for role in AdministratorRole.allCases {
                let changed = try await updated(box, user, #""adminRoles":["\#(role.rawValue)"]"#)
                #expect(changed["adminRoles"] == .array([.string(role.rawValue)]))
            }
            #expect(try await update(box, user, #""adminRoles":["full administrator"]"#).field == "adminRoles")
            #expect(try await updated(box, user, #""adminRoles":[]"#)["adminRoles"] == .array([]))
        }
    }

    /// Group ids; managed by the membership calls as well.
    @Test func groupsAreIDsThatMembershipCallsManageToo() async throws {
        try await SandboxHarness.run { box async throws in
            let cloud = try await box.item(.guide, "/api/directory/find-groups", #"{"source":"cloud"}"#).data.compactMap { $0["id"]?.text }
            let ldap = try await box.item(.guide, "/api/directory/find-groups", #"{"source":"ldap"}"#).data.compactMap { $0["id"]?.text }
            let (one, two) = (try #require(cloud.first), try #require(cloud.last))
            let user = try await created(box, #""groups":["\#(one)"]"#)
            #expect(user["groups"] == .array([.string(one)]))
            let added = try await box.item(
                .guide, "/api/directory/add-group-member", #"{"id":"\#(two)","emailAddress":"new.person@\#(box.domain)"}"#)
            #expect(added.fail.isEmpty)
            #expect(Set(try await read(box, user)["groups"]?.list ?? []) == [.string(one), .string(two)])
            #expect(try await updated(box, user, #""groups":[]"#)["groups"] == .array([]))
            #expect(try await update(box, user, #""groups":["\#(try #require(ldap.first))"]"#).code == FailureCode.directoryManaged)
            #expect(try await update(box, user, #""groups":["eN-not-there"]"#).code == FailureCode.folderNotFound)
            #expect(try await read(box, user)["groups"] == .array([]))
        }
    }

    @Test func idIsTheServersAndKeysLaterCalls() async throws {
        try await SandboxHarness.run { box async throws in
            #expect(try await create(box, #""id":"mine""#).field == "id")
            let user = try await created(box)
            let id = try #require(user["id"]?.text)
            #expect(try await read(box, user) == user)
            #expect(try await updated(box, user, #""name":"By Id""#)["id"]?.text == id)
            // An id and another's address together: the id cannot be changed.
            let other = try await create(box, address: "b@\(box.domain)")
            let wrong = try await box.item(
                .guide, Self.users, #"{"id":"\#(id)","emailAddress":"\#(try #require(other.data.first)["emailAddress"]?.text ?? "")"}"#)
            #expect(wrong.code == FailureCode.validationInvalid)
            let deleted = try await box.item(.guide, "/api/user/delete-managed-sender", #"{"id":"\#(id)"}"#)
            #expect(deleted.data == [.object(["id": .string(id), "status": .string("deleted")])])
            #expect(try await update(box, user, #""name":"Gone""#).code == FailureCode.forbiddenForAddress)
            // Whoever comes with the same address is somebody else.
            #expect(try await created(box)["id"]?.text != id)
        }
    }

    @Test func statusDeactivatesWithoutDeleting() async throws {
        try await SandboxHarness.run { box async throws in
            let user = try await created(box)
            #expect(user["status"]?.text == "active")
            #expect(try await updated(box, user, #""status":"disabled""#)["status"]?.text == "disabled")
            let row = try await read(box, user)
            #expect(row["status"]?.text == "disabled" && row["emailAddress"] == user["emailAddress"])
            #expect(try await create(box).code == FailureCode.userExists)
            #expect(try await updated(box, user, #""status":"active""#)["status"]?.text == "active")
            #expect(try await update(box, user, #""status":"deleted""#).field == "status")
            let born = try await create(box, #""status":"disabled""#, address: "b@\(box.domain)")
            #expect(born.data.first?["status"]?.text == "disabled")
        }
    }
}
