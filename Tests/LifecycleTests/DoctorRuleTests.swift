import Foundation
import Mimecast
import MimecastClient
import Planning
import Testing

@testable import Lifecycle

/// The doctor's rules, by table.
@Suite struct DoctorRuleTests {
    private static let here = "https://us-api.services.mimecast.com"
    private static let refused = ClientError(.unauthorized, "Refused.", remedy: "Check.", status: 401, cause: .invalidClient)
    private static let unsigned = ClientError(.unauthorized, "Refused.", remedy: "Check.", status: 401, cause: .invalidSignature)
    private static let unknown = ClientError(.unauthorized, "Refused.", remedy: "Check.", status: 200, cause: .unknownApplication)
    private static let eu = RegionPlace(name: "eu", url: "https://uk-api.services.mimecast.com")

    private static func refusal(
        _ generation: Generation, _ error: ClientError = refused, _ change: (inout CredentialCheck.Refusal) -> Void = { _ in }
    ) -> CredentialCheck.Refusal {
        var seen = CredentialCheck.Refusal(error: error, generation: generation, code: "CACME", baseURL: here)
        change(&seen)
        return seen
    }

    private static let refusals: [(CredentialCheck.Refusal, Finding.Code)] = [
        (refusal(.v2), .wrongCredentials),
        (refusal(.v2) { $0.isKnownToV1 = false }, .wrongCredentials),
        (refusal(.v2) { $0.isKnownToV1 = true }, .wrongGeneration),
        (refusal(.v2) { $0.search = .notAllowed([eu]) }, .wrongCredentials),
        (refusal(.v2) { $0.search = .tried([eu], accepting: []) }, .wrongCredentials),
        (refusal(.v2) { $0.search = .tried([eu], accepting: [eu]) }, .wrongRegion),
        (refusal(.v2, ClientError(.misconfigured, "No token endpoint.", remedy: "Check.", status: 404)), .wrongGeneration),
        (refusal(.v1, ClientError(.notFound, "No such call.", remedy: "Check.", status: 404)), .wrongGeneration),
        (refusal(.v1, unsigned), .wrongCredentials),
        (refusal(.v1, unsigned) { $0.isKnownToV1 = true }, .wrongCredentials),
        (refusal(.v1, unsigned) { ($0.isKnownToV1, $0.acceptedOn) = (true, Date(timeIntervalSince1970: 0)) }, .migratedApplication),
        (refusal(.v1, unsigned) { ($0.isKnownToV1, $0.hasWorkingV2) = (true, true) }, .migratedApplication),
        // Nobody knows the application: it was not moved.
        (refusal(.v1, unknown) { ($0.isKnownToV1, $0.hasWorkingV2) = (false, true) }, .wrongCredentials),
        (refusal(.v1, unknown) { ($0.isKnownToV1, $0.isTakenByV2) = (false, true) }, .wrongGeneration),
        (refusal(.v1, unsigned) { $0.discovered = ("ann@acme.example", "https://eu-api.mimecast.com") }, .wrongRegion),
        (refusal(.v1, unsigned) { $0.discovered = ("ann@acme.example", here + "/") }, .wrongCredentials),
        (refusal(.v1, ClientError(.expiredBinding, "Run out.", remedy: "New keys.", status: 418)), .wrongCredentials),
    ]

    @Test(arguments: refusals.indices) func aRefusalHasTheLikeliestReason(_ index: Int) throws {
        let (seen, code) = Self.refusals[index]
        let found = CredentialCheck.findings(seen)
        #expect(found.map(\.code) == [code])
        let finding = try #require(found.first)
        #expect(finding.severity == .error && !finding.evidence.isEmpty && !finding.remedy.isEmpty)
    }

    @Test func whatIsNotCertainIsSaidToBeLikely() throws {
        let seen = Self.refusal(.v1, Self.unsigned) { ($0.isKnownToV1, $0.hasWorkingV2) = (true, true) }
        let finding = try #require(CredentialCheck.findings(seen).first)
        #expect(finding.evidence.contains("Likely"))
        let open = Self.refusal(.v2) { $0.search = .notAllowed([Self.eu]) }
        #expect(CredentialCheck.findings(open).first?.remedy.contains("--try-regions") == true)
    }

    @Test func credentialsGoToNobodyButTheVendor() {
        #expect(RegionPlace.others(than: "http://127.0.0.1:8460", .v2).isEmpty)
        #expect(RegionPlace.others(than: "https://api.services.mimecast.com.attacker.example", .v2).isEmpty)
        let others = RegionPlace.others(than: Self.here + "/", .v2)
        #expect(others.map(\.url) == ["https://api.services.mimecast.com", "https://uk-api.services.mimecast.com"])
        #expect(others.map(\.name) == ["global/de/ca/za/au/offshore", "uk/eu"])
        #expect(RegionPlace.others(than: Self.here, .v1).isEmpty, "a v2 host is none of v1's")
        #expect(RegionPlace.others(than: "https://eu-api.mimecast.com", .v1).count == 7)
    }

    @Test(
        arguments: [
            (0, Generation.v2, nil), (299, .v2, nil), (-299, .v1, nil), (301, .v2, Finding.Severity.warning), (-1_000, .v2, .warning),
            (301, .v1, .warning), (901, .v1, .error), (-901, .v1, .error),
        ] as [(Double, Generation, Finding.Severity?)])
    func aClockIsToldByWhatItDoes(_ lead: Double, _ generation: Generation, _ severity: Finding.Severity?) {
        let found = ClockCheck.findings(lead: lead, generation, isRefusedForIt: false)
        #expect(found.map(\.code) == (severity == nil ? [] : [.clockSkew]))
        #expect(found.first?.severity == severity)
        #expect(ClockCheck.findings(lead: nil, generation, isRefusedForIt: false).isEmpty)
    }

    @Test(
        arguments: [
            (403, true, Finding.Code.planWithoutSCIM, Finding.Severity.error), (403, false, .planWithoutSCIM, .info),
            (401, true, .ssoOff, .error),
            (401, false, .ssoOff, .info), (404, true, .planWithoutSCIM, .error), (404, false, nil, .info),
            (500, true, .unreachable, .error),
            (500, false, nil, .info),
        ] as [(Int, Bool, Finding.Code?, Finding.Severity)])
    func whatSCIMAnswersIsJudgedByWhetherItIsNeeded(_ status: Int, _ isNeeded: Bool, _ code: Finding.Code?, _ severity: Finding.Severity) {
        let error = ClientError(.refused, "SCIM: no.", remedy: "Look.", status: status)
        let found = SCIMCheck.findings(error, isNeeded: isNeeded)
        #expect(found.map(\.code) == [code].compactMap(\.self))
        #expect(found.allSatisfy { $0.severity == severity })
        #expect(SCIMCheck.findings(nil, isNeeded: isNeeded).isEmpty)
    }

    @Test func providersAreToldByWhatTheVendorSupports() {
        let google = Connection(id: "MTOKEN:1", enabled: true, serverType: "google_workspace", status: "ok", syncRunning: false)
        #expect(ProviderCheck.findings(.google, connections: []).map(\.code) == [.unsupportedProvider])
        #expect(ProviderCheck.findings(.google, connections: []).first?.severity == .warning)
        #expect(ProviderCheck.findings(nil, connections: [google]).map(\.severity) == [.info])
        #expect(ProviderCheck.findings(nil, connections: []).isEmpty)
        for provider in [IdentityProvider.okta, .entra, .onelogin] {
            #expect(ProviderCheck.findings(provider, connections: []).map(\.code) == [.groupPushUnsure])
        }
    }

    @Test func anIntegrationIsBrokenWhereItIsOffOrSaysSo() {
        func connection(_ enabled: Bool, _ status: String?, info: String? = nil) -> Connection {
            Connection(id: "MTOKEN:1", enabled: enabled, description: "Leeds", info: info, status: status, syncRunning: false)
        }
        #expect(IntegrationCheck.findings([connection(true, "ok"), connection(true, nil), connection(true, "OK")]).isEmpty)
        #expect(IntegrationCheck.findings([connection(false, "ok")]).first?.evidence.contains("disabled") == true)
        let found = IntegrationCheck.findings([connection(true, "ok"), connection(true, "error", info: "bind failed")])
        #expect(found.map(\.code) == [.integrationError])
        #expect(found.first?.evidence.contains("bind failed") == true && found.first?.evidence.contains("destructive") == true)
    }

    @Test func scopeIsWhomTheSourceNames() {
        let people = [
            Person(address: "Ann@acme.example", groups: ["All Staff", "Synced"]), Person(address: "bob@acme.example"),
            Person(address: "new@acme.example"), Person(address: "gone@acme.example", active: false),
        ]
        let desired = DesiredState(people: people, source: "people.csv", digest: "")
        let groups = [
            Group(id: "1", name: "synced", authority: .ldap), Group(id: "2", name: "All Staff", authority: .cloud),
            Group(id: "3", name: "Other", authority: .ldap),
        ]
        let taken: [String: Authority] = ["ann@acme.example": .ldap, "bob@acme.example": .cloud, "zoe@acme.example": .ldap]
        let scope = ScopeCheck.scope(desired, taken: taken, groups: groups)
        #expect(scope.ownedPeople == ["Ann@acme.example"] && scope.ownedGroups == ["synced"] && scope.newcomers == 1)
        #expect(ScopeCheck.findings(scope).map(\.code) == [.ldapOwned])
        #expect(ScopeCheck.findings(ScopeCheck.scope(desired, taken: [:], groups: [])).isEmpty)
    }

    @Test(
        arguments: [(10, 10, 0, 0), (10, 11, 0, 1), (10, 9, 1, 0), (10, 9, 2, 1), (nil, 9, 2, 0), (10, nil, 2, 0)]
            as [(Int?, Int?, Int, Int)])
    func seatsAreCounted(_ seats: Int?, _ people: Int?, _ newcomers: Int, _ expected: Int) {
        #expect(SeatsCheck.findings(seats: seats, people: people, newcomers: newcomers).count == expected)
    }

    @Test func rightsThatLackAreNamedOnce() {
        let no = ClientError(
            .forbidden, "No.", remedy: "", status: 403,
            reasons: [.init(code: "app_forbidden", message: "The application lacks the right user/read")])
        let trials: [RightsCheck.Trial] = [
            .init(what: "the account", right: "account/read", verbs: "sync"),
            .init(what: "the people", right: "user/read", verbs: "sync, plan", refusal: no),
            .init(what: "the groups", right: "user/read", verbs: "sync, plan", refusal: no),
        ]
        let found = RightsCheck.findings(trials)
        #expect(found.map(\.code) == [.narrowRights])
        #expect(found.first?.remedy == "Give the application in the console: user/read.")
        #expect(found.first?.evidence.contains("lacks the right user/read") == true)
        #expect(RightsCheck.findings([trials[0]]).isEmpty)
    }

    @Test(arguments: ["Engineer", "", "[odd]", "a; undo to: b", nil] as [String?]) func aMarkerSaysWhatToPutBack(_ old: String?) throws {
        let marker = CanaryMarker(over: old)
        let read = try #require(CanaryMarker(reading: marker.title))
        #expect(read == marker)
        #expect(read.old == (old == "" ? nil : old))
        #expect(CanaryMarker(reading: old) == nil)
    }

    @Test(
        arguments: [
            (ClientError.Code.unreachable, true), (.server, true), (.rateLimited, true), (.malformedReply, true), (.unauthorized, false),
            (.forbidden, false),
        ] as [(ClientError.Code, Bool)])
    func whoAnswersIsReached(_ code: ClientError.Code, _ isUnreachable: Bool) {
        let found = ReachCheck.findings(ClientError(code, "What.", remedy: "Do."), baseURL: Self.here)
        #expect(found.map(\.code) == (isUnreachable ? [.unreachable] : []))
    }

    @Test func aDialectIsRightOrNot() {
        #expect(DialectCheck.findings(configured: .guide, spoken: .guide, code: "C").isEmpty)
        #expect(DialectCheck.findings(configured: .guide, spoken: .portal, code: "C").map(\.code) == [.wrongDialect])
    }

    @Test func theCodesAreTheContract() {
        let contract: Set = [
            "wrong-region", "wrong-generation", "migrated-application", "wrong-dialect", "narrow-rights", "clock-skew", "plan-without-scim",
            "sso-off", "sso-degraded", "unsupported-provider", "integration-error", "ldap-owned", "seats-short", "unreachable",
        ]
        #expect(contract.isSubset(of: Set(Finding.Code.allCases.map(\.rawValue))))
    }
}
