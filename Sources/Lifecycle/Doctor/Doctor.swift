import Foundation
import HTTPTransport
import Mimecast
import MimecastClient
import MusterStore
import Planning
import SCIMClient

/// Examines a tenant: looks by calls that change nothing (the canary alone does, and undoes it), and has the checks judge what was seen.
///
/// The order is that of what rests on what: without an answer nothing else can be seen, without accepted credentials hardly anything.
public struct Doctor: Sendable {
    /// Whom it is about.
    public struct Patient: Sendable {
        public var tenant: TenantRecord
        public var credentials: Credentials
        /// When the tenant was added with these credentials, where it was.
        public var acceptedOn: Date?
        /// A v2 application that is said to be the same tenant's, for a v1 patient.
        public var twin: Credentials?
        /// Somebody said which dialect it is; otherwise it is found out.
        public var isDialectKnown: Bool

        public init(
            tenant: TenantRecord, credentials: Credentials, acceptedOn: Date? = nil, twin: Credentials? = nil, isDialectKnown: Bool = true
        ) {
            self.tenant = tenant
            self.credentials = credentials
            self.acceptedOn = acceptedOn
            self.twin = twin
            self.isDialectKnown = isDialectKnown
        }
    }

    /// What is asked besides.
    public struct Request: Sendable {
        /// Whence people are pushed.
        public var provider: IdentityProvider?
        /// Contracted seats, where the vendor does not say.
        public var seats: Int?
        /// SCIM is to be used, though it is not yet.
        public var wantsSCIM = false
        /// An address of the tenant, by which the vendor's discovery tells the region.
        public var address: String?
        /// Whose title is changed for a moment.
        public var canary: String?
        /// The other regions; nil for the vendor's.
        public var regions: [RegionPlace]?
        /// The people whom a source names, given the tenant's folded domains.
        public var source: (@Sendable (Set<String>) throws -> DesiredState)?

        public init() {}
    }

    /// What it reaches the world by.
    public struct Means: Sendable {
        public var store: any Store
        public var transport: any Transport
        public var who: String
        public var clock: any Clock<Duration> = ContinuousClock()
        public var now: @Sendable () -> Date = { Date() }
        /// Makes a client; it makes no call.
        public var client:
            @Sendable (
                _ baseURL: String, _ dialect: Dialect, _ credentials: Credentials, _ transport: any Transport,
                _ now: @escaping @Sendable () -> Date
            ) -> TenantClient
        /// Whether the credentials may be sent to these hosts, too.
        public var mayTry: @Sendable ([RegionPlace]) -> Bool = { _ in false }
        public var observe: @Sendable (SCIMExchange) -> Void = { _ in }
        public var progress: @Sendable (String) -> Void = { _ in }

        public init(
            store: any Store, transport: any Transport, who: String,
            client: @escaping @Sendable (String, Dialect, Credentials, any Transport, @escaping @Sendable () -> Date) -> TenantClient
        ) {
            self.store = store
            self.transport = transport
            self.who = who
            self.client = client
        }
    }

    let patient: Patient
    let request: Request
    let means: Means
    let wire: WatchedTransport

    public init(_ patient: Patient, _ request: Request, _ means: Means) {
        self.patient = patient
        self.request = request
        self.means = means
        wire = WatchedTransport(means.transport, now: means.now)
    }

    var tenant: TenantRecord { patient.tenant }

    /// - Throws: ``LifecycleError`` and `ClientError` for what was asked wrongly; what is wrong with the tenant is a finding.
    public func examine() async throws -> Diagnosis {
        try checkRequest()
        var diagnosis = Diagnosis(tenant: tenant.code)
        means.progress("credentials")
        let admission = try await admit(&diagnosis)
        if let admission {
            try await lookAtTheOpen(admission, &diagnosis)
        } else {
            diagnosis.add("identity provider", ProviderCheck.findings(request.provider, connections: []), well: providerNote)
            diagnosis.skip("everything else", "the vendor has to answer and to accept the credentials first")
        }
        let seen = wire.seen
        diagnosis.calls = seen.calls
        if admission != nil, let limit = seen.limit, let most = limit.limit {
            diagnosis.add("limits", [], well: "a quota of \(most) calls, \(limit.remaining.map(String.init) ?? "an unknown number") left")
        }
        return diagnosis
    }

    private func checkRequest() throws {
        guard let canary = request.canary else { return }
        guard EmailAddress(canary) != nil else {
            throw LifecycleError(.usage, "usage", "\(canary) is no address.", remedy: "Give --canary the address of a test account.")
        }
        guard tenant.generation == .v2 else {
            throw LifecycleError(
                .usage, "usage", "A canary is changed over SCIM, which takes a v2 application.", remedy: "Leave --canary out, or use v2.")
        }
        guard tenant.allowWrites else {
            throw LifecycleError(
                .notPermitted, "read-only-tenant", "The tenant \(tenant.code) is read-only for Muster, and a canary is a change.",
                remedy: "Leave --canary out, or add the tenant again with --allow-writes.")
        }
    }

    func client(
        _ credentials: Credentials? = nil, at url: String? = nil, dialect: Dialect? = nil, ahead: TimeInterval = 0
    ) -> TenantClient {
        let now = means.now
        return means.client(url ?? tenant.baseURL, dialect ?? tenant.dialect, credentials ?? patient.credentials, wire) {
            now().addingTimeInterval(ahead)
        }
    }

    var providerNote: String { "none named (--idp), and no connection reads one that is not supported" }
}
