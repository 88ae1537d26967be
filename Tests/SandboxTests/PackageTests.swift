import Foundation
import Mimecast
import NIOHTTP1
import Testing

@testable import Sandbox

/// What a tenant is, and what it has been given.
@Suite(.serialized) struct PackageTests {
    @Test func packagesAreTheAccounts() async throws {
        try await SandboxHarness.run { box async throws in
            for app in App.allCases {
                for body in ["", "{}", #"{"data":[]}"#, #"{"data":[{}]}"#] {
                    let reply = try await box.call(app, "/api/provisioning/get-packages", body)
                    #expect(reply.status == 200 && reply.fail.isEmpty && reply.json["meta"]?.members.count == 1)
                    let labels = reply.data.compactMap { row -> String? in
                        guard let id = row["products"]?["id"]?.text, let name = row["products"]?["name"]?.text else { return nil }
                        return "\(name) [\(id)]"
                    }
                    let account = try await box.call(.portal, "/api/account/get-account").data.first
                    #expect(!labels.isEmpty && labels == account?["packages"]?.list.compactMap(\.text))
                }
                #expect(try await box.call(app, "/api/provisioning/get-packages", #"{"data":null}"#).status == 400)
            }
        }
    }

    @Test func theAccountHasTheRecordedKeysAndKinds() async throws {
        try await SandboxHarness.run { box async throws in
            for app in [App.portal, .v1] {
                let account = try #require(try await box.call(app, "/api/account/get-account").data.first).members
                let flags = [
                    "archive", "gateway", "policyInheritance", "automatedSegmentPurge", "maxRetentionConfirmed", "minRetentionEnabled",
                    "searchReason", "exportApi", "exgestAllowQuery",
                ]
                let numbers = ["userCount", "maxRetention", "adminSessionTimeout"]
                let texts = [
                    "accountCode", "accountName", "mimecastId", "region", "type", "domain", "adminEmail", "contactEmail", "supportCode",
                    "databaseCode", "passphrase", "contactName", "telephone", "contentAdministratorDefaultView",
                ]
                #expect(Set(account.keys) == Set(flags + numbers + texts + ["packages"]) && account.count == 27)
                for name in flags { #expect(account[name]?.bool != nil, "\(name)") }
                for name in numbers { #expect(account[name]?.int != nil, "\(name)") }
                for name in texts { #expect(account[name]?.text != nil, "\(name)") }
                #expect(account["packages"]?.list.isEmpty == false && account["packages"]?.list.allSatisfy { $0.text != nil } == true)
            }
        }
    }

    @Test func internalDomains() async throws {
        try await SandboxHarness.run({ $0.domains = 7 }) { box async throws in
            let path = "/api/domain/get-internal-domain"
            for app in App.allCases {
                let (rows, _) = try await box.pages(app, path, size: 3) { $0.data }
                let domains = rows.compactMap { $0["domain"]?.text }
                #expect(domains.count == 7 && domains == domains.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
                for body in ["", "{}", #"{"data":[]}"#, #"{"data":[{}]}"#] {
                    #expect(try await box.call(app, path, body).data == rows)
                }
                #expect(try await box.call(app, path, #"{"data":null}"#).code == FailureCode.deserialise)
                let one = try await box.item(app, path, #"{"domain":"\#(box.domain.uppercased())"}"#)
                #expect(one.data.compactMap { $0["domain"]?.text } == [box.domain])
                let unknown = try await box.item(app, path, #"{"domain":"elsewhere.example"}"#)
                #expect(unknown.status == 200 && unknown.code == FailureCode.forbiddenForAddress && unknown.field == "domain")
            }
        }
    }
}
