import Foundation
import Mimecast
import MimecastClient
import MusterStore
import Synchronization
import TestSupport
import Testing

@testable import Lifecycle

/// What a limiter learned, from one process to the next.
@Suite struct QuotaMemoryTests {
    private static let quota = LearnedQuota(perSecond: 2.5, burst: 10, windowSeconds: 4, source: .refusals)
    private static let start = Date(timeIntervalSince1970: 1_800_000_000)

    private static func tenant(_ code: String = "CACME", application: String = "app-1") -> TenantRecord {
        TenantRecord(
            code: code, baseURL: "https://api.example.com", dialect: .portal, allowWrites: false,
            credentials: .v2(clientID: application, clientSecret: "env:SECRET"))
    }

    private static func memory(_ store: any Store, _ tenant: TenantRecord = tenant(), after seconds: Double = 0) -> QuotaMemory {
        QuotaMemory(store: store, tenant: tenant) { start.addingTimeInterval(seconds) }
    }

    @Test func whatIsKeptIsRecalledWithTheTimeSince() async throws {
        try await withTemporaryStore(migrations: StateSchema.migrations) { store in
            #expect(try await Self.memory(store).recall().isEmpty)
            try await Self.memory(store).keep([.user: Self.quota])
            let later = LearnedQuota(perSecond: 1, source: .headers)
            try await Self.memory(store, after: 100).keep([.domain: later])
            #expect(
                try await Self.memory(store, after: 160).recall() == [
                    .user: RememberedQuota(Self.quota, idle: .seconds(160)), .domain: RememberedQuota(later, idle: .seconds(60)),
                ])
            try await Self.memory(store, after: 200).keep([.user: later])
            #expect(try await Self.memory(store, after: 200).recall()[.user] == RememberedQuota(later))
        }
    }

    @Test func eachApplicationHasItsOwn() async throws {
        try await withTemporaryStore(migrations: StateSchema.migrations) { store in
            try await Self.memory(store).keep([.user: Self.quota])
            #expect(try await Self.memory(store, Self.tenant(application: "app-2")).recall().isEmpty)
            #expect(try await Self.memory(store, Self.tenant("COTHER")).recall().isEmpty)
        }
    }

    @Test func aClockThatWasSetBackBringsNothingBack() async throws {
        try await withTemporaryStore(migrations: StateSchema.migrations) { store in
            try await Self.memory(store, after: 0.5).keep([.user: Self.quota])
            #expect(try await Self.memory(store, after: -500).recall()[.user]?.idle == .zero)
        }
    }

    @Test func whatAnOutageTaughtIsNotKept() async throws {
        try await withTemporaryStore(migrations: StateSchema.migrations) { store in
            try await Self.memory(store).keep([.user: Self.quota])
            try await Self.memory(store).keep([.user: LearnedQuota(perSecond: 0.001, source: .refusals)])
            #expect(try await Self.memory(store).recall()[.user]?.quota == Self.quota)
        }
    }

    @Test func whatCannotBeReadIsLearnedAnew() async throws {
        try await withTemporaryStore(migrations: StateSchema.migrations) { store in
            try await store.write("CACME") { tx in
                for (category, text) in [("user", "{}"), ("audit", "no JSON"), ("unheard-of", #"{"perSecond":1,"source":"headers"}"#)] {
                    try tx.execute(
                        "INSERT INTO learned_quotas (tenant, application, category, quota, used) VALUES ('CACME', 'app-1', $1, $2, 0)",
                        [.text(category), .text(text)])
                }
            }
            #expect(try await Self.memory(store).recall().isEmpty)
        }
    }

    @Test func aTenantThatIsRemovedIsForgotten() async throws {
        try await withTemporaryStore(migrations: StateSchema.migrations) { store in
            let registry = TenantRegistry(store: store)
            try await registry.put(Self.tenant(), now: 0, who: "pat")
            try await Self.memory(store).keep([.user: Self.quota])
            #expect(try await registry.remove("CACME", now: 1, who: "pat"))
            #expect(try await Self.memory(store).recall().isEmpty)
        }
    }

    /// Calls over SCIM count against the quota of the same application.
    @Test func callsOverSCIMPassTheGateOfTheClient() async throws {
        let gate = Counting()
        let transport = ScriptedTransport([
            .token(),
            .expect("/scim/v2/ServiceProviderConfig", method: "GET", #"{"filter":{"supported":true,"maxResults":100}}"#),
            .expect("/scim/v2/Users", method: "GET", #"{"totalResults":0,"Resources":[]}"#),
        ])
        let client = TenantClient(
            baseURL: "https://api.example.com", dialect: .portal, credentials: .v2(clientID: "app-1", clientSecret: "s"),
            transport: transport, gate: gate)
        try await SCIMChannel(tenant: Self.tenant(), client: client, transport: transport).prove()
        transport.assertDone()
        #expect(gate.admitted.withLock { $0 } == [.user, .user])
    }

    private final class Counting: CallGate {
        let admitted = Mutex<[EndpointDescription.Category]>([])

        func admit(category: EndpointDescription.Category, urgent: Bool) async throws -> CallTicket {
            admitted.withLock { $0.append(category) }
            return CallTicket(category: category, urgent: urgent)
        }

        func ended(_ ticket: CallTicket, _ outcome: CallOutcome) async {}
    }
}
