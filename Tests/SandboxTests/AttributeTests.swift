import Mimecast
import Testing

@testable import Sandbox

/// get-attributes and update-attributes.
@Suite(.serialized) struct AttributeTests {
    private static func values(_ row: JSON?) -> [String: String] {
        Dictionary(
            (row?["attributes"]?.list ?? []).map { ($0["name"]?.text ?? "", $0["value"]?.text ?? "") }, uniquingKeysWith: { $0 + $1 })
    }

    @Test func attributesAreKept() async throws {
        try await SandboxHarness.run { box async throws in
            let person = try SandboxHarness.person { $0.source == .cloud }
            let shown = ["department": person.department, "employeeNumber": person.employeeID, "title": person.title]
            func change(_ app: App, _ attributes: String) async throws -> Reply {
                try await box.item(
                    app, "/api/user/update-attributes", #"{"emailAddress":"\#(person.address.uppercased())","attributes":[\#(attributes)]}"#
                )
            }
            for app in App.allCases {
                let asked = try await box.item(app, "/api/user/get-attributes", #"{"emailAddress":"\#(person.address)"}"#)
                #expect(Self.values(asked.data.first) == shown && asked.data.first?["emailAddress"]?.text == person.address)
                let set = try await change(
                    app,
                    #"{"name":"Phone","value":"+44 1"},{"name":"stadt","value":"Zürich 王"},{"name":"TITLE","value":"\#(person.title)"}"#)
                #expect(Self.values(set.data.first) == shown.merging(["Phone": "+44 1", "stadt": "Zürich 王"]) { $1 }, "\(set.text)")
                let same = try await change(app, #"{"name":"PHONE","value":"+44 1"}"#)
                #expect(same.data == set.data)
                let less = try await change(app, #"{"name":"phone","value":null},{"name":"STADT","value":""},{"name":"nothing"}"#)
                #expect(Self.values(less.data.first) == shown)
                #expect(try await change(app, "").data == less.data)
            }
            let effects = try await box.log("?path=/api/user/update-attributes").compactMap { $0["effect"]?.text }
            #expect(effects == (0..<3).flatMap { _ in ["updated", "none", "updated", "none"] })
            let several = try await box.item(
                .portal, "/api/user/get-attributes", #"{"emailAddress":"\#(person.address)"},{"emailAddress":"no.one@\#(box.domain)"}"#)
            #expect(several.data.count == 1 && several.fail.count == 1 && several.code == FailureCode.forbiddenForAddress)
        }
    }

    @Test func refusals() async throws {
        try await SandboxHarness.run { box async throws in
            let person = try SandboxHarness.person { $0.source == .cloud }
            let synced = try SandboxHarness.person { $0.source == .ldap }
            let guest = try #require(Company.generate(people: 60, domains: 2, seed: 1).guests.first)
            let one = #""attributes":[{"name":"a","value":"b"}]"#
            let own = #""emailAddress":"\#(person.address)""#
            let table: [(item: String, code: String, field: String?)] = [
                (one, FailureCode.validationNull, "emailAddress"), (own, FailureCode.validationNull, "attributes"),
                (#"\#(own),"attributes":null"#, FailureCode.validationNull, "attributes"),
                (#"\#(own),"attributes":[{"value":"b"}]"#, FailureCode.validationNull, "name"),
                (#"\#(own),"attributes":[{"name":"","value":"b"}]"#, FailureCode.validationBlank, "name"),
                (#"\#(own),"attributes":[{"name":"a\u0000","value":"b"}]"#, FailureCode.validationInvalid, "name"),
                (#"\#(own),"attributes":[{"name":"a","value":"b\u0000"}]"#, FailureCode.validationInvalid, "value"),
                (#"\#(own),"attributes":[{"name":"a","value":"b"},{"name":"A","value":"c"}]"#, FailureCode.validationInvalid, "name"),
                (#"\#(own),"attributes":[{"name":"title","value":"King"}]"#, FailureCode.validationInvalid, "name"),
                (#"\#(own),"attributes":[{"name":"Department","value":""}]"#, FailureCode.validationInvalid, "name"),
                (#"\#(own),"attributes":[{"name":"thumbnailPhoto","value":"no base64!"}]"#, FailureCode.validationInvalid, "value"),
                (#"\#(own),"attributes":"a""#, FailureCode.deserialise, nil),
                (#""emailAddress":"\#(synced.address)",\#(one)"#, FailureCode.directoryManaged, nil),
                (#""emailAddress":"\#(guest.address)",\#(one)"#, FailureCode.forbiddenForAddress, "emailAddress"),
                (#""emailAddress":"no.one@\#(box.domain)",\#(one)"#, FailureCode.forbiddenForAddress, "emailAddress"),
            ]
            for row in table {
                let reply = try await box.item(.portal, "/api/user/update-attributes", "{\(row.item)}")
                #expect(reply.status == 200 && reply.data.isEmpty, "\(row.item)")
                #expect(reply.code == row.code && reply.field == row.field, "\(row.item) \(reply.text)")
            }
            for call in ["get", "update"] {
                let many = Array(repeating: "{\(own),\(one)}", count: 26).joined(separator: ",")
                let reply = try await box.item(.portal, "/api/user/\(call)-attributes", many)
                #expect(reply.data.isEmpty && reply.fail.count == 26 && reply.code == FailureCode.tooManyItems)
            }
            #expect(try await box.item(.portal, "/api/user/get-attributes", "{}").field == "emailAddress")
            let after = try await box.item(.portal, "/api/user/get-attributes", "{\(own)}")
            #expect(Set(Self.values(after.data.first).keys) == ["department", "employeeNumber", "title"])
        }
    }

    @Test func limits() throws {
        func edit(_ wanted: [Attribute], kept: [String: String] = [:]) throws -> AttributeEdit {
            try AttributeEdit(wanted, shown: [:], kept: kept)
        }
        func isRefused(_ wanted: [Attribute], kept: [String: String] = [:]) -> Bool {
            do {
                _ = try edit(wanted, kept: kept)
                return false
            } catch { return error is ItemFailure }
        }
        let name = String(repeating: "ä", count: 128)
        #expect(try edit([Attribute(name: name, value: "x")]).set == [name: "x"])
        #expect(isRefused([Attribute(name: name + "b", value: "x")]))
        // One character to a string, and as long as one likes.
        #expect(isRefused([Attribute(name: "a" + String(repeating: "\u{301}", count: 1_000), value: "x")]))
        let value = String(repeating: "v", count: 65_536)
        #expect(!isRefused([Attribute(name: "a", value: value)]))
        #expect(isRefused([Attribute(name: "a", value: value + "v")]))
        let full = Dictionary(uniqueKeysWithValues: (0..<100).map { ("name \($0)", "x") })
        #expect(isRefused([Attribute(name: "one more", value: "x")], kept: full))
        #expect(!isRefused([Attribute(name: "name 7", value: "y")], kept: full))
        #expect(!isRefused([Attribute(name: "one more", value: "x"), Attribute(name: "NAME 0", value: nil)], kept: full))
        let heavy = Dictionary(uniqueKeysWithValues: (0..<4).map { ("photo \($0)", value) })
        #expect(isRefused([Attribute(name: "one more", value: "x")], kept: heavy))
        let swapped = try edit([Attribute(name: "PHOTO 0", value: ""), Attribute(name: "one more", value: "x")], kept: heavy)
        #expect(swapped.gone == ["photo 0"] && swapped.set == ["one more": "x"])
    }
}
