import Foundation
import Mimecast
import NIOHTTP1
import Testing

@testable import Sandbox

/// Credentials are good in their tenant's region alone; elsewhere they are as wrong as wrong ones.
@Suite(.serialized) struct RegionTests {
    @Test func anotherRegionKnowsNobody() async throws {
        try await SandboxHarness.run({ $0.regions = [.us, .eu] }) { box async throws in
            let other = try await box.addTenant(#"{"seed":"people:5","region":"eu"}"#)
            #expect(other.baseURL != box.baseURL)
            for (home, away) in [(box, other), (other, box)] {
                for app in App.allCases { #expect(try await home.call(app, "/api/account/get-account").status == 200) }
                let bearer = [("authorization", "Bearer \(try await home.token(.portal))")]
                let astray = try await away.send(.POST, "/api/account/get-account", headers: bearer, body: "{}")
                #expect(astray.status == 401 && astray.code == FailureCode.tokenVerificationFailed)
                let signed = try home.signedHeaders("/api/account/get-account")
                let refused = try await away.send(.POST, "/api/account/get-account", headers: signed, body: "{}")
                #expect(refused.status == 401 && refused.code == FailureCode.invalidSignature)
                for app in [App.portal, .guide] {
                    let secret = home.value(app == .guide ? "GUIDE_CLIENT_SECRET" : "CLIENT_SECRET")
                    let form = "grant_type=client_credentials&client_id=\(home.id(app))&client_secret=\(secret)"
                    let type = [("content-type", "application/x-www-form-urlencoded")]
                    #expect(try await away.send(.POST, "/oauth/token", headers: type, body: form).status == 401)
                    #expect(try await home.send(.POST, "/oauth/token", headers: type, body: form).status == 200)
                }
            }
            let list = try await other.control(.GET, "/tenants").json["tenants"]?.list ?? []
            #expect(list.compactMap { $0["region"]?.text } == ["us", "eu"])
            #expect(list.compactMap { $0["baseURL"]?.text } == [box.baseURL, other.baseURL])
        }
    }

    @Test func aRegionThatIsServedNoMore() async throws {
        let folder = try DataFolder()
        let data = folder.file()
        let code = try await SandboxHarness.run({
            $0.dataPath = data
            $0.regions = [.us, .eu]
        }) { box async throws in try await box.addTenant(#"{"seed":"empty","region":"eu"}"#).code }
        try await SandboxHarness.run({
            $0.dataPath = data
            $0.regions = [.us]
        }) { box async throws in
            let report = try await box.control(.GET, "/tenants/\(code)")
            #expect(report.status == 200 && report.json["baseURL"] == nil && report.json["region"]?.text == "eu")
            #expect(try await box.control(.GET, "/tenants/\(code)/credentials").status == 422)
        }
    }
}
