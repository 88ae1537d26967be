import Foundation
import Mimecast
import NIOHTTP1
import Testing

@testable import Sandbox

/// import-users and get-import-status.
@Suite(.serialized) struct ImportTests {
    private static let path = "/api/user/import-users"

    private static func send(
        _ box: SandboxHarness, _ file: String, app: App = .portal, argument: String? = nil, type: String? = nil
    ) async throws -> Reply {
        var headers: [(String, String)] = []
        if app == .v1 {
            headers = try box.signedHeaders(path)
        } else {
            headers = [("authorization", "Bearer \(try await box.token(app))")]
        }
        if let argument { headers.append(("x-mc-arg", argument)) }
        if let type { headers.append(("content-type", type)) }
        return try await box.send(.POST, path, headers: headers, body: file)
    }

    private static func advance(_ box: SandboxHarness, _ seconds: Int) async throws {
        #expect(try await box.send(.POST, "/control/clock", body: #"{"advance":\#(seconds)}"#).status == 200)
    }

    private static func status(_ box: SandboxHarness, _ id: String, app: App = .portal) async throws -> JSON {
        try #require(try await box.item(app, "/api/user/get-import-status", #"{"id":"\#(id)"}"#).data.first)
    }

    private static func addressType(_ box: SandboxHarness, _ address: String) async throws -> String? {
        let (rows, _) = try await box.pages(.portal, "/api/user/get-internal-users", size: 500) { $0.data.first?["users"]?.list ?? [] }
        return rows.first { $0["emailAddress"]?.text == address }?["addressType"]?.text
    }

    private static func group(_ box: SandboxHarness, _ name: String) async throws -> JSON {
        let reply = try await box.item(.portal, "/api/directory/find-groups", #"{"query":"\#(name)"}"#)
        return try #require(reply.data.first?["folders"]?.list.first)
    }

    @Test func peopleAreMadeWhenTheTimeHasCome() async throws {
        try await SandboxHarness.run { box async throws in
            let existing = try SandboxHarness.person { $0.source == .cloud }
            for (index, app) in App.allCases.enumerated() {
                let file = """
                    \u{FEFF}"Name",Email Address,password\r
                    "Zoë ""Z"" 王, junior",Zoe\(index)@\(box.domain),secret\r
                    \r
                    ,plain\(index)@\(box.domain.uppercased()),\r
                    Again,ZOE\(index)@\(box.domain),\r
                    Foreign,a@elsewhere.example,\r
                    Bad,nobody,\r
                    Known,\(existing.address),\r
                    System,abuse@\(box.domain),
                    """
                let argument =
                    index == 0 ? #"{"data":[{"notifyEmailAddress":"\#(existing.address)"}]}"# : index == 1 ? "{'fileType': 'CSV'}" : nil
                let reply = try await Self.send(box, file, app: app, argument: argument, type: index == 0 ? "text/csv" : "application/json")
                let accepted = try #require(reply.data.first, "\(reply.text)")
                #expect(accepted["status"]?.text == "queued" && reply.fail.isEmpty)
                let id = try #require(accepted["id"]?.text)
                try await Self.advance(box, 60)
                let done = try await Self.status(box, id, app: app)
                #expect(done["id"]?.text == id && done["status"]?.text == "completed", "\(done)")
                #expect(done["totalUsers"]?.int == 7 && done["successfulImportedUsers"]?.int == 2)
                #expect(done["importer"]?.text == box.value("ADMIN_EMAIL") && done["created"]?.text?.hasSuffix("+0000") == true)
                #expect(try await Self.addressType(box, "Zoe\(index)@\(box.domain)") == "created_by_import")
                let profile = try await box.item(.portal, "/api/user/get-profile", #"{"emailAddress":"zoe\#(index)@\#(box.domain)"}"#)
                #expect(profile.data.first?["name"]?.text == #"Zoë "Z" 王, junior"#)
            }
            let lines = try await box.log("?path=\(Self.path)")
            #expect(lines.compactMap { $0["effect"]?.text } == ["created", "created", "created"])
            #expect(try await box.call(.portal, "/api/account/get-account").data.first?["userCount"]?.int == 66)
        }
    }

    @Test func partsHaveTimesOfTheirOwn() async throws {
        try await SandboxHarness.run { box async throws in
            let rows = (0..<2_500).map { "p\($0)@\(box.domain)" }.joined(separator: "\n")
            let id = try #require(try await Self.send(box, rows).data.first?["id"]?.text)
            try await Self.advance(box, 600)
            let done = try await Self.status(box, id)
            #expect(done["status"]?.text == "completed" && done["successfulImportedUsers"]?.int == 2_500)
            #expect(try await box.call(.portal, "/api/account/get-account").data.first?["userCount"]?.int == 2_560)
        }
    }

    @Test func groupsAreFilledAndCleared() async throws {
        try await SandboxHarness.run { box async throws in
            let people = Company.generate(people: 60, domains: 2, seed: 1).people
            let inside = try #require(people.first { $0.groups.contains("VPN Users") })
            let outside = try #require(people.first { !$0.groups.contains("VPN Users") && $0.source == .ldap })
            let group = try await Self.group(box, "VPN Users")
            let id = try #require(group["id"]?.text)
            let before = try #require(group["userCount"]?.int)
            let file = "email,name\n\(inside.address),\n\(outside.address),\nnew.one@\(box.domain),New One\n"
            let first = try #require(try await Self.send(box, file, argument: #"{"data":[{"groupId":"\#(id)"}]}"#).data.first?["id"]?.text)
            try await Self.advance(box, 60)
            // One was in the group already, so nothing was done about that row.
            #expect(try await Self.status(box, first)["successfulImportedUsers"]?.int == 2)
            #expect(try await Self.group(box, "VPN Users")["userCount"]?.int == before + 2)
            let argument = #"{"data":[{"groupId":"\#(id)","clearGroup":"true"}]}"#
            let second = try #require(try await Self.send(box, file, argument: argument).data.first?["id"]?.text)
            try await Self.advance(box, 60)
            let done = try await Self.status(box, second)
            #expect(done["successfulImportedUsers"]?.int == 3 && done["clearGroup"]?.bool == true)
            let members = try await box.item(.portal, "/api/directory/get-group-members", #"{"id":"\#(id)"}"#)
            #expect(
                Set((members.data.first?["groupMembers"]?.list ?? []).compactMap { $0["emailAddress"]?.text })
                    == [inside.address, outside.address, "new.one@\(box.domain)"])
        }
    }

    @Test func seatsAreKept() async throws {
        try await SandboxHarness.run({
            $0.seats = 62
            $0.seatsEnforced = true
        }) { box async throws in
            let rows = (0..<5).map { "p\($0)@\(box.domain)" }.joined(separator: "\n")
            let id = try #require(try await Self.send(box, rows).data.first?["id"]?.text)
            try await Self.advance(box, 60)
            let done = try await Self.status(box, id)
            #expect(done["totalUsers"]?.int == 5 && done["successfulImportedUsers"]?.int == 2)
        }
    }

    @Test func refusals() async throws {
        try await SandboxHarness.run { box async throws in
            let ldap = try #require(
                try await box.item(.portal, "/api/directory/find-groups", #"{"source":"ldap"}"#).data.first?["folders"]?.list.first?["id"]?
                    .text)
            let good = "a@\(box.domain)"
            let table: [(file: String, argument: String?, code: String, field: String?)] = [
                ("", nil, FailureCode.importInvalid, nil), ("email,name\r\n", nil, FailureCode.importInvalid, nil),
                ("PK\u{3}\u{4}rest", nil, FailureCode.importInvalid, nil), ("a@b.example,\"open", nil, FailureCode.importInvalid, nil),
                ("a\u{0}b", nil, FailureCode.importInvalid, nil), (good, "no json", FailureCode.importInvalid, nil),
                (good, "[]", FailureCode.importInvalid, nil), (good, #"{"data":[{},{}]}"#, FailureCode.tooManyItems, nil),
                (good, #"{"clearGroup":"perhaps"}"#, FailureCode.importInvalid, nil),
                (good, #"{"fileType":"xlsx"}"#, FailureCode.importInvalid, "fileType"),
                (good, #"{"clearGroup":true}"#, FailureCode.validationNull, "groupId"),
                (good, #"{"groupId":"eNnothing"}"#, FailureCode.folderNotFound, "groupId"),
                (good, #"{"groupId":"\#(ldap)"}"#, FailureCode.directoryManaged, nil),
                (good, #"{"notifyEmailAddress":"x"}"#, FailureCode.invalidEmailAddress, "notifyEmailAddress"),
            ]
            for row in table {
                let reply = try await Self.send(box, row.file, argument: row.argument)
                #expect(reply.status == 200 && reply.data.isEmpty, "\(row)")
                #expect(reply.code == row.code && reply.field == row.field, "\(row) \(reply.text)")
            }
            let echoed = try await Self.send(box, good, argument: #"{"data":[{"fileType":"xls","mine":1}]}"#)
            #expect(echoed.fail.first?["key"]?["mine"]?.int == 1)
            #expect(try await box.log("?path=\(Self.path)").allSatisfy { $0["effect"]?.text == "refused" })
            #expect(try await Self.send(box, String(repeating: "a", count: 3 << 20)).status == 413)

            let call = "/api/user/get-import-status"
            #expect(try await box.item(.portal, call, "{}").field == "id")
            #expect(try await box.item(.portal, call, #"{"id":"eNnothing"}"#).code == FailureCode.importNotFound)
            let many = Array(repeating: #"{"id":"eNnothing"}"#, count: 11).joined(separator: ",")
            #expect(try await box.item(.portal, call, many).code == FailureCode.tooManyItems)
            #expect(try await box.item(.portal, call, #"{"id":"not an id"}"#).status == 400)
        }
    }

    @Test func records() throws {
        func parse(_ text: String, most: Int = 10) throws -> [[String]] { try CSVRecords.parse(Array(text.utf8), most: most) }
        #expect(try parse("") == [])
        #expect(try parse("a,b\r\nc,\n,d\re") == [["a", "b"], ["c", ""], ["", "d"], ["e"]])
        #expect(try parse("\n\r\n\r") == [])
        #expect(try parse("\"a,\"\"b\"\"\n\",\"\"\r\n\"c\"") == [["a,\"b\"\n", ""], ["c"]])
        #expect(try parse("é,王") == [["é", "王"]])
        for bad in ["\"a", "\"a\"b", "a\"b", "a,b\n\"c\" ,d"] { #expect(throws: CSVRecords.Failure.self) { try parse(bad) } }
        #expect(throws: CSVRecords.Failure.self) { try parse("a\nb\nc", most: 2) }
        #expect(throws: CSVRecords.Failure.self) { try parse(String(repeating: ",", count: 1_000)) }
    }

    @Test func columns() throws {
        typealias Row = ImportFile.Row
        func rows(_ text: String) throws -> [Row] {
            let file = try ImportFile(Data(text.utf8))
            return file.rows
        }
        #expect(try rows("a@x.example") == [Row(email: "a@x.example", name: nil)])
        #expect(try rows(" a@x.example , A B ") == [Row(email: "a@x.example", name: "A B")])
        #expect(
            try rows("id,E-Mail,Display Name\n1,a@x.example,A\n2\n") == [Row(email: "a@x.example", name: "A"), Row(email: "", name: nil)])
        #expect(try rows("EMAILADDRESS\na@x.example") == [Row(email: "a@x.example", name: nil)])
        let many = String(repeating: "a\n", count: ImportFile.most)
        #expect(try rows("email\n" + many).count == ImportFile.most)
        #expect(throws: ItemFailure.self) { try rows(many + "a") }
        #expect(throws: ItemFailure.self) { try ImportFile(Data([0x61, 0xFF])) }
        #expect(throws: ItemFailure.self) { try ImportFile(Data([0xD0, 0xCF, 0x11, 0xE0, 0x61])) }
    }

    /// A domain that is longer than a label once it is decoded leaves the group like any other.
    @Test func aGroupWithAStrangeDomainIsCleared() async throws {
        try await SandboxHarness.run { box async throws in
            let made = try await box.item(.portal, "/api/directory/create-group", #"{"description":"Odd"}"#)
            let group = try #require(made.data.first?["id"]?.text)
            // Forty times U+4E2D.
            let domain = "xn--" + "fiq" + String(repeating: "a", count: 39) + ".example"
            let added = try await box.item(.portal, "/api/directory/add-group-member", #"{"id":"\#(group)","domain":"\#(domain)"}"#)
            #expect(added.fail.isEmpty, "\(added.text)")
            let token = try await box.token(.portal)
            let order = try await box.send(
                .POST, "/api/user/import-users",
                headers: [("authorization", "Bearer \(token)"), ("x-mc-arg", #"{"data":[{"groupId":"\#(group)","clearGroup":true}]}"#)],
                body: "email,name\nodd@\(box.domain),Odd\n")
            #expect(order.fail.isEmpty, "\(order.text)")
            #expect(try await box.control(.POST, "/clock", #"{"advance":60}"#).status == 200)
            let members = try await box.item(.portal, "/api/directory/get-group-members", #"{"id":"\#(group)"}"#)
            #expect(members.data.first?["groupMembers"]?.list.compactMap { $0["emailAddress"]?.text } == ["odd@\(box.domain)"])
        }
    }
}
