import Foundation
import HTTPTransport
import Mimecast
import MimecastClient
import Synchronization
import TestSupport
import Testing

@testable import Lifecycle

/// Refused credentials go to other hosts with leave alone.
@Suite struct DoctorSearchTests {
    private static let us = "https://us-api.services.mimecast.com"
    private static let eu = RegionPlace(name: "eu", url: "https://eu.example.com")

    private struct Run {
        var diagnosis: Diagnosis
        var asked: [[RegionPlace]]
        var hosts: Set<String>
    }

    /// A tenant whose credentials this region refuses, and the other one accepts.
    private static func examine(_ regions: [RegionPlace]?, mayTry: Bool) async throws -> Run {
        try await withTemporaryStore(migrations: StateSchema.migrations) { store in
            let transport = ScriptedTransport(
                [
                    Step("/oauth/token", times: nil) { request throws(TransportError) in
                        request.url.hasPrefix(us)
                            ? WireReply(status: 401, headers: [], body: Array(#"{"error":"invalid_client"}"#.utf8))
                            : WireReply(status: 200, headers: [], body: Array(#"{"access_token":"t","expires_in":1799}"#.utf8))
                    },
                    .expect("/api/login/discover-authentication", times: nil, status: 401, ""),
                    .expect("/api/account/get-account", times: nil, #"{"data":[{"accountCode":"CACME","accountName":"Acme"}],"fail":[]}"#),
                ], order: .any)
            let tenant = TenantRecord(
                code: "CACME", baseURL: us, dialect: .portal, allowWrites: false,
                credentials: .v2(clientID: "app-1", clientSecret: "env:SECRET"))
            var request = Doctor.Request()
            request.regions = regions
            let asked = Mutex<[[RegionPlace]]>([])
            var means = Doctor.Means(store: store, transport: transport, who: "tester") { baseURL, dialect, credentials, transport, now in
                TenantClient(
                    baseURL: baseURL, dialect: dialect, credentials: credentials, transport: transport,
                    clock: ManualClock(advancesItself: true), now: now)
            }
            means.mayTry = { places in
                asked.withLock { $0.append(places) }
                return mayTry
            }
            let patient = Doctor.Patient(tenant: tenant, credentials: .v2(clientID: "app-1", clientSecret: "s"))
            let diagnosis = try await Doctor(patient, request, means).examine()
            let signed = transport.requests.filter { $0.path != "/api/login/discover-authentication" }
            return Run(
                diagnosis: diagnosis, asked: asked.withLock { $0 }, hosts: Set(signed.compactMap { URL(string: $0.url)?.host }))
        }
    }

    @Test func withoutLeaveNothingGoesElsewhere() async throws {
        let run = try await Self.examine([Self.eu], mayTry: false)
        #expect(run.asked == [[Self.eu]])
        #expect(run.hosts == ["us-api.services.mimecast.com"])
        #expect(run.diagnosis.findings.map(\.code) == [.wrongCredentials])
        #expect(run.diagnosis.findings.first?.evidence.contains("was not tried") == true)
    }

    @Test func withLeaveTheOtherRegionIsFound() async throws {
        let run = try await Self.examine([Self.eu], mayTry: true)
        #expect(run.asked == [[Self.eu]], "once, with the places named")
        #expect(run.hosts == ["us-api.services.mimecast.com", "eu.example.com"])
        #expect(run.diagnosis.findings.map(\.code) == [.wrongRegion])
    }

    @Test func theVendorsOtherRegionsAreNamedInTheQuestion() async throws {
        let run = try await Self.examine(nil, mayTry: false)
        let named = try #require(run.asked.first)
        #expect(run.asked.count == 1 && named == RegionPlace.others(than: Self.us, .v2) && !named.isEmpty)
        #expect(run.hosts == ["us-api.services.mimecast.com"])
    }

    @Test func whereThereIsNobodyElseNobodyIsAsked() async throws {
        let run = try await Self.examine([RegionPlace(name: "here", url: Self.us + "/")], mayTry: true)
        #expect(run.asked.isEmpty && run.hosts == ["us-api.services.mimecast.com"])
    }
}
