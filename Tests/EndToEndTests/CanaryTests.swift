import Foundation
import Mimecast
import TestSupport
import Testing

/// The one look of the doctor's that changes something: it must show what is wrong, and never leave a trace.
@Suite struct CanaryTests {
    @Test(arguments: [Flavour.portal, .guide]) func aServiceThatKeepsWhatItAnswersIsWell(_ flavour: Flavour) async throws {
        try await Desk.with(flavour) { desk in
            let person = try await desk.titled()
            let mark = try await desk.control.mark()
            let seen = try await desk.doctor(["--canary", person.address, "--yes"])
            #expect(seen.findings.isEmpty, "\(seen)")
            #expect(try await desk.title(person.id) == person.title)
            let effects = try await desk.control.requests(since: mark).filter(\.hadEffect)
            #expect(effects.map(\.path) == ["/scim/v2/Users/{id}", "/scim/v2/Users/{id}"], "there and back")
        }
    }

    @Test(arguments: [Flavour.portal, .guide]) func aServiceThatKeepsNothingIsFound(_ flavour: Flavour) async throws {
        try await Desk.with(flavour, sandbox: ["--sso", "degraded"]) { desk in
            let person = try await desk.titled()
            // Nothing shows it but a change.
            #expect(try await desk.doctor(["--scim"]).findings.isEmpty)
            let seen = try await desk.doctor(["--canary", person.address, "--yes"], expect: 1)
            #expect(seen.codes == ["sso-degraded"], "\(seen)")
            #expect(seen["sso-degraded"]?["evidence"]?.text?.contains(person.address) == true)
            #expect(try await desk.title(person.id) == person.title)
        }
    }

    @Test func aPersonWithoutATitleHasNoneAfterwards() async throws {
        try await Desk.with { desk in
            let person = try await desk.titled()
            try await desk.setTitle(person.id, nil)
            #expect(try await desk.doctor(["--canary", person.address, "--yes"]).findings.isEmpty)
            #expect(try await desk.title(person.id) == nil)
        }
    }

    @Test func anUndoThatIsNotKeptIsToldAndMadeUpFor() async throws {
        try await Desk.with { desk in
            let person = try await desk.titled()
            var fault = ScriptedFault("degrade-sso", "/scim/v2/Users/{id}", skip: 1, count: 3)
            fault.match.method = "PATCH"
            try await desk.control.script([fault])
            let seen = try await desk.doctor(["--canary", person.address, "--yes"], expect: 1)
            #expect(seen.codes == ["sso-degraded"], "\(seen)")
            let left = try #require(try await desk.title(person.id))
            #expect(left.contains(person.title) && seen.outcome.out.contains("muster doctor --canary \(person.address)"))
            try await desk.control.clearFaults()
            let again = try await desk.doctor(["--canary", person.address, "--yes"])
            #expect(again.findings.isEmpty && again.outcome.out.contains("put back first"), "\(again)")
            #expect(try await desk.title(person.id) == person.title)
        }
    }

    @Test(arguments: [SIGKILL, SIGINT]) func whoIsStoppedInBetweenLeavesNothingForLong(_ signal: Int32) async throws {
        try await Desk.with { desk in
            let person = try await desk.titled()
            var fault = ScriptedFault("delay", "/scim/v2/Users/{id}", skip: 1, seconds: 1.5)
            fault.match.method = "GET"
            try await desk.control.script([fault])
            let run = try desk.binary.start(["doctor", "--canary", person.address, "--yes"])
            try await eventually("the marker is to be read back") { try await desk.control.firedCount() == 1 }
            #expect(try await desk.title(person.id)?.hasPrefix("[muster doctor canary") == true)
            run.send(signal: signal)
            let ended = try await run.outcome()
            if signal == SIGINT {
                // Ctrl-C waits for the way back.
                #expect(ended.exit == 4, "\(ended)")
            } else {
                #expect(try await desk.title(person.id)?.hasPrefix("[muster doctor canary") == true)
                try await desk.control.clearFaults()
                let again = try await desk.doctor(["--canary", person.address, "--yes"])
                #expect(again.findings.isEmpty && again.outcome.out.contains("put back first"), "\(again)")
            }
            #expect(try await desk.title(person.id) == person.title)
        }
    }
}

extension Desk {
    fileprivate struct Titled: Sendable {
        var id: String
        var address: String
        var title: String
    }

    private func scim() async throws -> HTTP {
        let form = [
            ("grant_type", "client_credentials"), ("client_id", sandbox.credentials["MIMECAST_CLIENT_ID"] ?? ""),
            ("client_secret", sandbox.credentials["MIMECAST_CLIENT_SECRET"] ?? ""),
        ]
        let reply = try await HTTP(base: sandbox.baseURL).post("/oauth/token", form: form)
        let token = try JSONDecoder().decode(JSON.self, from: reply)["access_token"]?.text
        return HTTP(base: sandbox.credentials["MIMECAST_SCIM_URL"] ?? "", token: token)
    }

    /// A person of the cloud, who has a title.
    fileprivate func titled() async throws -> Titled {
        let person = try await tenant.users().pick()
        let found = try await scim().get("/Users?filter=userName%20eq%20%22\(person.address)%22")
        let user = try #require(try JSONDecoder().decode(JSON.self, from: found)["Resources"]?.list.first)
        let id = try #require(user["id"]?.text)
        return Titled(id: id, address: person.address, title: try #require(user["title"]?.text))
    }

    /// As the sandbox's people list has it, whatever befalls reads of one person.
    fileprivate func title(_ id: String) async throws -> String? {
        let found = try await scim().get("/Users?filter=id%20eq%20%22\(id)%22")
        return try JSONDecoder().decode(JSON.self, from: found)["Resources"]?.list.first?["title"]?.text
    }

    fileprivate func setTitle(_ id: String, _ title: String?) async throws {
        let http = try await scim()
        let operation: [String: JSON] =
            title.map { ["op": .string("replace"), "path": .string("title"), "value": .string($0)] }
            ?? ["op": .string("remove"), "path": .string("title")]
        let body = JSON.object([
            "schemas": .array([.string("urn:ietf:params:scim:api:messages:2.0:PatchOp")]), "Operations": .array([.object(operation)]),
        ])
        try await http.patch("/Users/\(id)", body)
    }
}
