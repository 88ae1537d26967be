import Mimecast
import NIOHTTP1
import Testing

@testable import Sandbox

/// get-profile: the only call of the portal that names a role.
@Suite(.serialized) struct ProfileTests {
    private static let path = "/api/user/get-profile"

    private static func get(_ box: SandboxHarness, _ app: App, _ item: String) async throws -> JSON {
        let reply = try await box.item(app, path, item)
        #expect(reply.status == 200 && reply.fail.isEmpty, "\(reply.text)")
        #expect(reply.json["meta"]?.members.keys.sorted() == ["status"])
        return try #require(reply.data.first)
    }

    @Test func everyApplicationIsServed() async throws {
        try await SandboxHarness.run { box async throws in
            let admin = try SandboxHarness.person { $0.adminRoles == ["Full Administrator"] }
            for app in App.allCases {
                let profile = try await Self.get(box, app, #"{"emailAddress":"\#(admin.address.uppercased())","unknown":1}"#)
                #expect(
                    Set(profile.members.keys) == [
                        "id", "emailAddress", "name", "role", "admin", "external", "editable", "localPassword", "changePassword",
                        "companyName", "serverTimeZone", "accountCode", "attributes", "links",
                    ])
                #expect(profile["id"]?.text == admin.address && profile["emailAddress"]?.text == admin.address)
                #expect(profile["name"]?.text == admin.displayName && profile["role"]?.text == "Full Administrator")
                #expect(profile["admin"]?.bool == true && profile["external"]?.bool == false && profile["editable"]?.bool == true)
                #expect(profile["accountCode"]?.text == box.value("ACCOUNT_CODE"))
                #expect(profile["attributes"]?["department"]?.text == admin.department)
                let link = try #require(profile["links"]?.list.first)
                #expect(link["name"]?.text == "self" && link["method"]?.text == "POST" && link["uri"]?.text == Self.path)
            }
        }
    }

    @Test func kindsOfPeople() async throws {
        try await SandboxHarness.run { box async throws in
            let synced = try SandboxHarness.person { $0.source == .ldap }
            let plain = try SandboxHarness.person { $0.source == .cloud && $0.adminRoles.isEmpty && !$0.aliases.isEmpty }
            let guest = try #require(Company.generate(people: 60, domains: 2, seed: 1).guests.first)
            let ofSynced = try await Self.get(box, .portal, #"{"emailAddress":"\#(synced.address)"}"#)
            #expect(ofSynced["editable"]?.bool == false && ofSynced["role"]?.text == "User" && ofSynced["admin"]?.bool == false)
            let alias = try #require(plain.aliases.first)
            let byAlias = try await Self.get(box, .portal, #"{"emailAddress":"\#(alias)"}"#)
            #expect(byAlias["id"]?.text == plain.address && byAlias["editable"]?.bool == true)
            let ofGuest = try await Self.get(box, .portal, #"{"emailAddress":"\#(guest.address)"}"#)
            #expect(ofGuest["external"]?.bool == true && ofGuest["editable"]?.bool == false && ofGuest["role"]?.text == "User")
            let update = #"{"emailAddress":"\#(plain.address)","forcePasswordChange":"True"}"#
            #expect(try await box.item(.portal, "/api/user/update-user", update).fail.isEmpty)
            #expect(try await Self.get(box, .v1, #"{"emailAddress":"\#(plain.address)"}"#)["changePassword"]?.bool == true)
        }
    }

    @Test func thePictureComesWhenItIsAskedFor() async throws {
        try await SandboxHarness.run { box async throws in
            let plain = try SandboxHarness.person { $0.source == .cloud }
            let item =
                #"{"emailAddress":"\#(plain.address)","attributes":[{"name":"ThumbnailPhoto","value":"iVBORw0KGgo="},{"name":"phone","value":"1"}]}"#
            #expect(try await box.item(.portal, "/api/user/update-attributes", item).fail.isEmpty)
            let without = try await Self.get(box, .portal, #"{"emailAddress":"\#(plain.address)","showAvatar":"false"}"#)
            #expect(without["avatarCode"] == nil && without["avatarMimeType"] == nil)
            #expect(without["attributes"]?["phone"]?.text == "1" && without["attributes"]?["ThumbnailPhoto"] == nil)
            let with = try await Self.get(box, .portal, #"{"emailAddress":"\#(plain.address)","showAvatar":"true"}"#)
            #expect(with["avatarCode"]?.text == "iVBORw0KGgo=" && with["avatarMimeType"]?.text == "image/png")
        }
    }

    @Test func refusals() async throws {
        try await SandboxHarness.run { box async throws in
            for (item, code, field) in [
                ("{}", FailureCode.validationNull, "emailAddress"),
                (#"{"emailAddress":null}"#, FailureCode.validationNull, "emailAddress"),
                (#"{"emailAddress":" "}"#, FailureCode.validationBlank, "emailAddress"),
                (#"{"emailAddress":"nobody"}"#, FailureCode.invalidEmailAddress, "emailAddress"),
                (#"{"emailAddress":"no.one@\#(box.domain)"}"#, FailureCode.forbiddenForAddress, "emailAddress"),
                (#"{"emailAddress":"abuse@\#(box.domain)"}"#, FailureCode.forbiddenForAddress, "emailAddress"),
                (#"{"emailAddress":"a@elsewhere.example"}"#, FailureCode.forbiddenForAddress, "emailAddress"),
            ] {
                let reply = try await box.item(.portal, Self.path, item)
                #expect(reply.status == 200 && reply.data.isEmpty && reply.code == code && reply.field == field, "\(item) \(reply.text)")
            }
            let none = try await box.call(.portal, Self.path)
            #expect(none.code == FailureCode.validationNull && none.field == "data")
            let two = try await box.item(.portal, Self.path, "{},{}")
            #expect(two.data.isEmpty && two.fail.count == 2 && two.code == FailureCode.tooManyItems)
            #expect(try await box.call(.portal, Self.path, nil, method: .GET).status == 405)
        }
    }
}
