import Foundation
import Mimecast
import MimecastClient
import Planning
import SCIMClient

/// What can be seen once the credentials are accepted.
extension Doctor {
    func lookAtTheOpen(_ admission: Admission, _ diagnosis: inout Diagnosis) async throws {
        guard let client = try await lookAtDialect(admission.client, &diagnosis) else {
            diagnosis.skip("everything else", "the dialect has to be right first")
            return
        }
        means.progress("rights")
        let rights = try await rights(client, admission.refusal)
        diagnosis.add("rights", RightsCheck.findings(rights.trials), well: rightsNote)
        let connections = try await lookAtConnections(client, &diagnosis)
        diagnosis.add("identity provider", ProviderCheck.findings(request.provider, connections: connections), well: providerNote)
        try await lookAtSCIM(client, mayRead: rights.mayRead, &diagnosis)
        let scope = try await lookAtScope(client, rights, &diagnosis)
        let seats = request.seats ?? admission.facts?.seats
        if seats == nil {
            diagnosis.skip("seats", "this dialect does not tell how many are contracted; say --seats N")
        } else {
            let people = admission.facts?.userCount ?? rights.people
            diagnosis.add(
                "seats", SeatsCheck.findings(seats: seats, people: people, newcomers: scope?.newcomers ?? 0),
                well: "\(people.map(String.init) ?? "an unknown number of") people, \(seats ?? 0) seats")
        }
    }

    /// - Returns: a client of the application's dialect; nil where Muster was told another one.
    private func lookAtDialect(_ client: TenantClient, _ diagnosis: inout Diagnosis) async throws -> TenantClient? {
        guard tenant.generation == .v2 else { return client }
        means.progress("dialect")
        do {
            let spoken = try await self.client(dialect: .guide).spokenDialect()
            guard patient.isDialectKnown else {
                diagnosis.add("dialect", [], well: spoken.rawValue)
                return self.client(dialect: spoken)
            }
            let found = DialectCheck.findings(configured: tenant.dialect, spoken: spoken, code: tenant.code)
            diagnosis.add("dialect", found, well: spoken.rawValue)
            return found.isEmpty ? client : nil
        } catch let error as ClientError {
            diagnosis.skip("dialect", "neither the list of people nor the account shows it (\(error.code.rawValue))")
            return client
        }
    }

    private var rightsNote: String {
        tenant.allowWrites
            ? "account, domains, people and groups can be read, people and groups written"
            : "account, domains, people and groups can be read"
    }

    // MARK: Rights

    struct Rights: Sendable {
        var trials: [RightsCheck.Trial] = []
        var domains: [String] = []
        /// As the list counts them.
        var people: Int?
        var mayRead = true
    }

    private func rights(_ client: TenantClient, _ refusal: ClientError?) async throws -> Rights {
        var rights = Rights()
        let refusal = refusal.flatMap { $0.code == .forbidden ? $0 : nil }
        rights.trials.append(
            .init(
                what: "the account (get-account)", right: "account/read (portal: Account Management, read)", verbs: "sync, tenants add",
                refusal: refusal))
        try await attempt("the domains (get-internal-domain)", "user/read (portal: Domain Management, read)", "sync", &rights) {
            $0.domains = try await client.domains()
        }
        try await attempt(
            "the people (get-internal-users)", "user/read (portal: Directories, Internal, read)", "sync, plan", &rights
        ) { $0.people = try await client.countPeople(in: $0.domains.first) }
        rights.mayRead = rights.trials.last?.refusal == nil
        try await attempt("the groups (find-groups)", "user/read (portal: Directories, Groups, read)", "sync, plan", &rights) { _ in
            try await client.tryGroups()
        }
        if tenant.allowWrites {
            let nobody = "muster-doctor-\(UUID().uuidString.lowercased().prefix(8))@\(rights.domains.first ?? "example.invalid")"
            try await attempt(
                "changes of people (an update that names nobody and sets nothing)",
                "user/write (portal: Directories, Internal, edit)", "apply", &rights
            ) { _ in try await client.tryUpdate(of: nobody) }
            try await attempt(
                "changes of groups (nobody is taken out of a group that does not exist)",
                "user/write (portal: Directories, Groups, edit)", "apply", &rights
            ) { _ in try await client.removeMember(nobody, fromGroup: "muster-doctor") }
        }
        return rights
    }

    /// A refusal of another kind than "may not" says that it may.
    private func attempt(
        _ what: String, _ right: String, _ verbs: String, _ rights: inout Rights, _ body: (inout Rights) async throws -> Void
    ) async throws {
        var trial = RightsCheck.Trial(what: what, right: right, verbs: verbs)
        do {
            try await body(&rights)
        } catch let error as ClientError {
            if error.code == .forbidden { trial.refusal = error }
        }
        rights.trials.append(trial)
    }

    // MARK: Directory, SCIM, source

    private func lookAtConnections(_ client: TenantClient, _ diagnosis: inout Diagnosis) async throws -> [Connection] {
        means.progress("integrations")
        do {
            let connections = try await client.connections().map(\.shape)
            diagnosis.add(
                "directory integrations", IntegrationCheck.findings(connections),
                well: connections.isEmpty ? "none" : connections.map(\.named).joined(separator: ", ") + ": ok")
            return connections
        } catch let error as ClientError {
            diagnosis.skip("directory integrations", "get-connection was not answered (\(error.code.rawValue))")
            return []
        }
    }

    private func lookAtSCIM(_ client: TenantClient, mayRead: Bool, _ diagnosis: inout Diagnosis) async throws {
        let isNeeded = tenant.writes == .scim || request.wantsSCIM || request.canary != nil
        guard tenant.generation == .v2 else {
            return diagnosis.skip("SCIM", "v1 has no token, which SCIM wants")
        }
        guard mayRead else { return diagnosis.skip("SCIM", "without user/read its refusal would say nothing") }
        means.progress("SCIM")
        let channel = SCIMChannel(
            tenant: tenant, client: client, transport: wire, clock: means.clock, observe: means.observe)
        var refusal: ClientError?
        do {
            try await channel.prove()
        } catch let error as ClientError {
            refusal = error
        }
        let found = SCIMCheck.findings(refusal, isNeeded: isNeeded)
        if let refusal, found.isEmpty {
            diagnosis.skip("SCIM", "not needed here, and not answered (\(refusal.code.rawValue))")
        } else {
            diagnosis.add("SCIM", found, well: "the plan has it, and single sign-on is on")
        }
        guard let address = request.canary else {
            return diagnosis.skip("SCIM keeps what it answers", "only with --canary EMAIL, which changes a title and puts it back")
        }
        guard refusal == nil else { return diagnosis.skip("SCIM keeps what it answers", "SCIM has to answer first") }
        means.progress("canary")
        let report = try await fly(Canary(scim: channel.client, api: client, address: address, clock: means.clock))
        diagnosis.add(
            "SCIM keeps what it answers", CanaryCheck.findings(report, address: address),
            well: "the title of \(address) was changed, read back and put back"
                + (report.cleanedUp ? "; what a run before had left was put back first" : ""))
    }

    /// Under the tenant's lock, so that no apply comes in between.
    private func fly(_ canary: Canary) async throws -> Canary.Report {
        let lock = TenantLock(store: means.store, tenant: tenant.code, now: means.now)
        let fence = try await lock.acquire(who: means.who)
        do {
            let report = try await canary.fly()
            try await lock.release(fence)
            return report
        } catch {
            try await lock.release(fence)
            throw error
        }
    }

    private func lookAtScope(_ client: TenantClient, _ rights: Rights, _ diagnosis: inout Diagnosis) async throws -> ScopeCheck.Scope? {
        let subject = "people and groups of the directory"
        guard let source = request.source else {
            diagnosis.skip(subject, "only with --from FILE, whose people are then in scope")
            return nil
        }
        guard rights.mayRead else {
            diagnosis.skip(subject, "the people cannot be read")
            return nil
        }
        means.progress("people in scope")
        let desired = try source(Set(rights.domains))
        var taken: [String: Authority] = [:]
        let parts: [String?] = client.capabilities.hasAccountIDs || rights.domains.isEmpty ? [nil] : rights.domains
        for part in parts {
            for try await page in client.internalAccounts(domain: part) {
                for account in page.accounts {
                    taken[EmailAddress.key(account.address)] = account.authority
                    for alias in account.aliases ?? [] { taken[EmailAddress.key(alias)] = account.authority }
                }
                for alias in page.aliasAddresses { taken[EmailAddress.key(alias), default: .cloud] = .cloud }
                means.progress("people in scope: \(taken.count) read")
            }
        }
        var groups: [Group] = []
        for try await page in client.groups() { groups += page.groups }
        let scope = ScopeCheck.scope(desired, taken: taken, groups: groups)
        diagnosis.add(
            subject, ScopeCheck.findings(scope),
            well: "none of the \(scope.people) people in \(scope.source) and of their groups is the directory's")
        return scope
    }
}

extension TenantClient {
    /// The people of a list by the vendor's own count, for one row's price.
    fileprivate func countPeople(in domain: String?) async throws -> Int? {
        let page = PageRequest(pageSize: 1, pageToken: nil)
        switch dialect {
        case .guide: return try await call(Endpoints.Guide.listUsers, items: [], page: page).meta?.pagination?.totalCount
        case .portal:
            _ = try await call(Endpoints.Portal.internalUsers, items: [DomainKey(domain: domain)], page: page)
            return nil
        }
    }

    fileprivate func tryGroups() async throws {
        let page = PageRequest(pageSize: 1, pageToken: nil)
        switch dialect {
        case .guide: _ = try await call(Endpoints.Guide.findGroups, items: [GroupQuery()], page: page)
        case .portal: _ = try await call(Endpoints.Portal.findGroups, items: [GroupQuery()], page: page)
        }
    }

    /// An update of nobody, with nothing to set: it is refused for its address by whoever may make it.
    fileprivate func tryUpdate(of nobody: String) async throws {
        switch dialect {
        case .guide: _ = try await call(Endpoints.Guide.updateUser, items: [GuideUser(emailAddress: nobody)])
        case .portal: _ = try await call(Endpoints.Portal.updateUser, items: [UserUpdate(emailAddress: nobody)])
        }
    }
}
