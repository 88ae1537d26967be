import Foundation
import Mimecast
import TestSupport
import Testing

/// Exports of people as other products write them, against the built program.
@Suite struct ExportTests {
    enum Export: String, CaseIterable, Sendable {
        case google, oktaReport, oktaAPI, objects

        /// The tenant's accounts, one of them inactive, and one person more.
        func text(_ users: [TenantUser], leaver: String, joiner: String) -> String {
            let people = users.map { ($0.address, $0.address != leaver) } + [(joiner, true)]
            func id(_ index: Int) -> String { "00u\(1_000 + index)" }
            switch self {
            case .google:
                let rows = people.map { address, isActive in
                    "Nova,Vance,\(address),hunter2,/Staff,\(isActive ? "Active" : "Suspended")"
                }
                let header =
                    "First Name [Required],Last Name [Required],Email Address [Required],Password [Required],Org Unit Path [Required],"
                return ([header + "Status [READ ONLY]"] + rows).joined(separator: "\r\n")
            case .oktaReport:
                let rows = people.enumerated().map { "Nova,Vance,\($1.0),\(id($0)),\($1.1 ? "ACTIVE" : "DEPROVISIONED"),hunter2" }
                return (["First name,Last name,Login,User Id,Status,Password"] + rows).joined(separator: "\n")
            case .oktaAPI:
                let rows = people.enumerated().map { index, person in
                    #"{"id":"\#(id(index))","status":"\#(person.1 ? "ACTIVE" : "SUSPENDED")","profile":{"login":"\#(person.0)","#
                        + #""email":"\#(person.0)","firstName":"Nova","lastName":"Vance"},"credentials":{"password":{"value":"hunter2"}}}"#
                }
                return "[" + rows.joined(separator: ",") + "]"
            case .objects:
                let rows = people.enumerated().map { index, person in
                    #"{"email":"\#(person.0)","externalId":"\#(id(index))","name":"Nova Vance","active":\#(person.1),"password":"hunter2"}"#
                }
                return rows.joined(separator: "\n")
            }
        }

        /// Where a person stands in the file.
        var unit: String { self == .oktaAPI ? "entry" : "line" }
    }

    @Test(arguments: Export.allCases)
    func anExportIsBroughtAboutAndKeepsNoPassword(_ export: Export) async throws {
        try await Desk.with { desk in
            let users = try await desk.tenant.users().filter { !$0.isSynced }
            let leaver = try users.pick { $0.isPlain && $0.isActive }.address
            let joiner = "nova@\(desk.sandbox.domain)"
            let source = try desk.folder.write(export.text(users, leaver: leaver, joiner: joiner), to: "export.txt")
            let plan = try #require(
                try await desk.muster("plan", "--from", source, "--out", desk.folder.file("first.plan"), "--json", expect: 2).document)
            #expect(plan["counts"]?["create"]?.int == 1)
            #expect(plan["counts"]?["disable"]?.int == 1)
            let create = plan["changes"]?.list.first { $0["kind"]?.text == "create" }
            #expect(create?["evidence"]?.text?.hasPrefix(export.unit + " ") == true)
            let id = plan["plan"]?.text ?? ""
            try await desk.muster("approve", id, expect: 0)
            try await desk.muster("apply", id, expect: 0)
            #expect(try await desk.tenant.user(joiner)?.name == "Nova Vance")
            #expect(try await desk.tenant.user(leaver)?.isActive == false)
            try await desk.muster("plan", "--from", source, expect: 0)
            // Nothing of what stood in a password's place is in the store or a plan.
            for name in try FileManager.default.contentsOfDirectory(atPath: desk.folder.path) where name != "export.txt" {
                let bytes = FileManager.default.contents(atPath: desk.folder.file(name)) ?? Data()
                #expect(bytes.range(of: Data("hunter2".utf8)) == nil, "\(name)")
            }
        }
    }
}
