import HTTPTransport
import Foundation
import Lifecycle
import Logging
import Mimecast
import MimecastClient
import MusterStore
import Planning
import SCIMClient

/// What a verb works with: settings, store, output.
struct Workbench: Sendable {
    let settings: Settings
    let output: Output
    let store: SQLiteStore
    let logger: Logger

    /// Opens the store.
    init(_ global: GlobalOptions) async throws {
        settings = try await Settings(global)
        output = Output(global)
        logger = Self.logger(verbose: global.verbose)
        store = try SQLiteStore(path: try Self.path(settings.store), migrations: StateSchema.migrations)
    }

    static func logger(verbose: Bool) -> Logger {
        Logger(label: "muster") { label in
            var handler = StreamLogHandler.standardError(label: label)
            handler.logLevel = verbose ? .debug : .warning
            return handler
        }
    }

    static func path(_ url: String) throws -> String {
        guard url.hasPrefix("sqlite:"), url.count > 7 else {
            throw Trouble.usage("\(url) names no store that this Muster knows.", remedy: "Give sqlite:FILE.")
        }
        return String(url.dropFirst(7))
    }

    var approvals: Approvals { Approvals(store: store, rules: settings.approvalRules) }
    var plans: PlanStore { PlanStore(store: store) }

    /// What makes plans for a tenant, as the configuration wants them.
    func planMaker(_ client: TenantClient, _ tenant: TenantRecord) -> PlanMaker {
        PlanMaker(
            client: client, tenant: tenant, store: store, protected: settings.protected, patterns: settings.protectedPatterns,
            limits: settings.safety.limits, seats: settings.safety.seats(tenant.code), hysteresis: settings.safety.hysteresis,
            removal: settings.removal, progress: { [output] in output.progress($0) })
    }

    /// What the guards of a tenant know.
    func ledger(_ tenant: String) -> GuardLedger { GuardLedger(store: store, tenant: tenant, limits: settings.safety.limits) }

    /// The tenant that is meant: the one named, else the environment's, else the store's only one.
    ///
    /// - Parameters:
    ///   - application: which application of the environment's tenant; a plan's own by `like`.
    ///   - like: a plan whose generation and dialect are meant, where nothing else is said.
    func tenant(_ application: ApplicationOptions, like plan: Plan? = nil) async throws -> TenantRecord {
        let registry = TenantRegistry(store: store)
        let environment = EnvironmentTenant()
        let wanted = settings.tenant ?? plan?.tenant
        let generation = application.generation ?? plan?.generation ?? .v2
        let dialect = application.dialect ?? plan?.dialect ?? .portal
        /// The environment's application. What was said when the tenant was added, if it was, holds for it, too.
        func fromEnvironment(_ code: String) async throws -> TenantRecord {
            var record = try environment.record(generation, dialect)
            if let known = try await registry.get(code) {
                record.allowWrites = known.allowWrites
                if record.generation == .v2 { record.writes = known.writes }
            }
            return record
        }
        if let wanted {
            if let known = try await registry.get(wanted), application.generation == nil, application.dialect == nil { return known }
            if environment.code == wanted { return try await fromEnvironment(wanted) }
            throw Trouble(
                Exit.input, "no-such-tenant", "There is no tenant \(wanted).",
                remedy: "muster tenants list shows those that are known; muster tenants add \(wanted) adds it.")
        }
        if let code = environment.code { return try await fromEnvironment(code) }
        let all = try await registry.all()
        if all.count == 1, let only = all.first { return only }
        throw Trouble(
            Exit.usage, "no-tenant", all.isEmpty ? "No tenant is known yet." : "There are \(all.count) tenants, and none was named.",
            remedy: all.isEmpty
                ? "Add one with muster tenants add, or load a sandbox's credentials: set -a; . sandbox.env"
                : "Name one with --tenant: \(all.map(\.code).joined(separator: ", ")).")
    }

    /// The code of the tenant that is meant, for what needs nothing but the store: also of one that was removed.
    func code() async throws -> String {
        if let named = settings.tenant ?? EnvironmentTenant().code { return named }
        let known = try await TenantRegistry(store: store).all()
        if known.count == 1, let only = known.first { return only.code }
        throw Trouble(
            Exit.usage, "no-tenant", known.isEmpty ? "No tenant is known yet." : "There are \(known.count) tenants, and none was named.",
            remedy: "Name one with --tenant.")
    }

    /// The client for a tenant, its secrets resolved now and kept nowhere.
    func client(_ tenant: TenantRecord, gate: any CallGate = AdaptiveGate()) throws -> TenantClient {
        TenantClient(
            baseURL: tenant.baseURL, dialect: tenant.dialect, credentials: try Self.credentials(tenant.credentials),
            transport: AsyncHTTPTransport(), gate: gate, logger: logger)
    }

    /// Works with the client for a tenant, whose limiter begins with what is known of the quotas. What is known afterwards is kept, however
    /// the work ended.
    func withClient<Value>(_ tenant: TenantRecord, _ body: (TenantClient) async throws -> Value) async throws -> Value {
        let memory = QuotaMemory(store: store, tenant: tenant)
        // Quotas are learned anew where they cannot be read or kept: that is no reason to fail.
        let known = (try? await memory.recall()) ?? [:]
        for (category, known) in known.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            logger.debug("remembered quota", metadata: ["category": "\(category)", "perSecond": "\(known.quota.perSecond)"])
        }
        let gate = AdaptiveGate(remembering: known)
        let client = try client(tenant, gate: gate)
        let result: Result<Value, any Error>
        do {
            result = .success(try await body(client))
        } catch {
            result = .failure(error)
        }
        // In a task of its own, which Ctrl-C does not cancel.
        await Task { try? await memory.keep(await gate.learned()) }.value
        return try result.get()
    }

    /// The SCIM service of a tenant, with its client's token.
    func scim(_ tenant: TenantRecord, _ client: TenantClient) -> SCIMChannel {
        SCIMChannel(tenant: tenant, client: client, observe: observeSCIM)
    }

    /// Logs a call over SCIM as the API's are.
    var observeSCIM: @Sendable (SCIMExchange) -> Void {
        { [logger] call in
            let (seconds, attoseconds) = call.duration.components
            logger.debug(
                "call",
                metadata: [
                    "method": "\(call.method)", "path": "SCIM \(call.path)", "status": "\(call.outcome)",
                    "ms": "\(seconds * 1_000 + attoseconds / 1_000_000_000_000_000)",
                ])
        }
    }

    static func credentials(_ reference: TenantRecord.CredentialReference) throws -> Credentials {
        switch reference {
        case .v2(let id, let secret): .v2(clientID: id, clientSecret: try SecretReference.resolve(secret))
        case .v2Person(let id, let token): .v2Person(clientID: id, token: try SecretReference.token(token))
        case .v1(let id, let key, let access, let secret):
            .v1(
                applicationID: id, applicationKey: try SecretReference.resolve(key), accessKey: try SecretReference.resolve(access),
                secretKey: try SecretReference.resolve(secret))
        }
    }

    /// A plan by file or id.
    func plan(_ name: String) async throws -> StoredPlan {
        if FileManager.default.fileExists(atPath: name) {
            let file = try Self.planFile(name)
            guard let stored = try await plans.find(hash: file.hash) else {
                throw Trouble(
                    Exit.store, "plan-unknown", "The plan \(name) was made with another store than \(settings.store).",
                    remedy: "Name that store with --store, or make the plan again here.")
            }
            return stored
        }
        guard let stored = try await plans.find(id: name) else {
            throw Trouble(
                Exit.input, "no-such-plan", "There is no plan \(name): neither a file nor an id in \(settings.store).",
                remedy: "Give the file that muster plan --out wrote, or the id that it printed.")
        }
        return stored
    }

    static func planFile(_ path: String) throws -> PlanFile {
        guard let bytes = FileManager.default.contents(atPath: path) else {
            throw Trouble(Exit.store, "plan-unreadable", "The file \(path) cannot be read.", remedy: "Give yourself the right to read it.")
        }
        do {
            return try PlanFile(reading: bytes)
        } catch {
            switch error {
            case .altered:
                throw Trouble(
                    Exit.store, "plan-altered", "The plan \(path) is not as it was made: its contents and its hash disagree.",
                    remedy: "A plan is never edited. Change the source, and make a new one with muster plan.")
            case .newerFormat(let format):
                throw Trouble(
                    Exit.store, "plan-newer", "The plan \(path) has format \(format), which this Muster does not know.",
                    remedy: "Use the version of Muster that made it.")
            case .notAPlan:
                throw Trouble(
                    Exit.store, "not-a-plan", "The file \(path) is no plan.", remedy: "Give the file that muster plan --out wrote.")
            }
        }
    }
}
