import Mimecast
import MusterStore
import SCIMStore

/// Somebody who may have come to sign in.
struct Person: Sendable {
    let account: AccountRecord
    let password: PasswordHash?

    /// - Returns: nil where nobody who can sign in has the address.
    static func load(_ directory: TenantDirectory, _ address: EmailAddress) throws -> Person? {
        try directory.account(address, byAlias: true).map { try Person(directory, $0) }
    }

    static func load(_ directory: TenantDirectory, id: String) throws -> Person? {
        try directory.account(id: id).map { try Person(directory, $0) }
    }

    private init(_ directory: TenantDirectory, _ account: AccountRecord) throws {
        self.account = account
        password = try directory.password(of: account.id)
    }

    /// Neither disabled nor locked.
    var isAdmitted: Bool { account.resource.active && !account.flags.locked }
    var scopes: Set<Scope> { AdministratorRole.scopes(of: account.adminRoles) }
}

/// Checks who somebody is, by address and password: for the sign-in page and for v1's login.
struct SignIn: Sendable {
    enum Verdict: Sendable {
        case person(Person)
        /// Wrong address, wrong password, disabled, locked: nobody is told which.
        case refused
        /// Too many failures; nothing was looked at.
        case closed(seconds: Int)
    }

    let state: SandboxState

    /// - Parameter typed: an address, or an alias of one (our choice), of the application's tenant.
    /// - Throws: ``CallRefusal`` 404 where the tenant is gone.
    func attempt(_ typed: String, _ password: String, _ application: ApplicationFacts, ip: String) async throws -> Verdict {
        // What is due may disable somebody.
        try await state.life.catchUp(application.tenant)
        let now = state.clock.milliseconds
        let address = EmailAddress(typed)
        let found = try await state.store.read { tx in
            let directory = try TenantDirectory(tx, tenant: application.tenant, actor: { _ in nil }, now: now)
            return try address.flatMap { try Person.load(directory, $0) }
        }
        // An account is counted once, whichever of its addresses is tried.
        let attempts = state.authenticator.attempts
        let key = "\(application.tenant) \(found?.account.id ?? address?.folded ?? "")"
        if let wait = attempts.begin(key, now: now) { return .closed(seconds: (wait + 999) / 1_000) }
        let kept = found.flatMap { $0.isAdmitted ? $0.password : nil }
        let isRight = (kept ?? .nobodys).matches(password)
        guard isRight, kept != nil, let found else {
            if let address { try await recordFailure(address, application, ip) }
            return .refused
        }
        attempts.succeed(key)
        return .person(found)
    }

    /// What a sign-in is recorded with.
    static func actor(_ person: Person, _ application: ApplicationFacts, ip: String) -> Actor {
        Actor(user: person.account.address, application: application.id, ip: ip)
    }

    private func recordFailure(_ address: EmailAddress, _ application: ApplicationFacts, _ ip: String) async throws {
        let (tenant, now) = (application.tenant, state.clock.milliseconds)
        let actor = Actor(user: address.text, application: application.id, ip: ip)
        try await state.store.write(tenant) { tx in
            try TenantDirectory(tx, tenant: tenant, actor: { _ in actor }, now: now).record(.logonFailed, "Logon of \(address.text) failed")
        }
    }
}
