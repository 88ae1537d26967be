import HTTPTransport
import ArgumentParser
import Foundation
import Lifecycle
import Mimecast
import MimecastClient

/// How `--dialect` is said: auto asks the vendor.
enum DialectChoice: String, ExpressibleByArgument, CaseIterable {
    case auto, portal, guide
}

extension WriteChannel: ExpressibleByArgument {}

struct TenantsAdd: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Make a tenant known, read-only unless --allow-writes.",
        discussion: """
            Secrets are referred to, never given: env:NAME, file:PATH, or - to hand one over on standard input.

              muster tenants add C46A75 --region eu --client-id abc --client-secret file:secret.txt
              muster tenants add C46A75 --region eu --generation v1 --app-id X --app-key env:KEY --access-key env:ACCESS --secret-key env:SECRET

            With --login a person signs in by their browser instead (v2), and Muster may do what they may, until the token runs out: the \
            vendor cannot renew it. The application's secret is needed for that once, and not kept.

              muster tenants add C46A75 --region eu --login --client-id abc --client-secret file:secret.txt

            The credentials are tried at once: they have to reach this very tenant, and with --writes scim its SCIM service too. What SCIM \
            cannot carry (administrative roles) is then written by the API all the same; reads are the API's in any case.
            """)

    @OptionGroup var global: GlobalOptions
    @Argument(help: "The tenant's account code.") var code: String
    @OptionGroup var place: PlaceOptions
    @Option(help: "v2 (OAuth) or v1 (HMAC).") var generation: Generation = .v2
    @Option(help: "auto, portal or guide: what the v2 application speaks.") var dialect: DialectChoice = .auto
    @Flag(help: "Muster may change this tenant.") var allowWrites = false
    @Option(help: "Changes go over the api, or over scim (v2).") var writes: WriteChannel = .api
    @OptionGroup var keys: KeyOptions
    @Flag(help: "v2: sign in by the browser.") var login = false
    @Option(help: ArgumentHelp("Where the browser comes back, on 127.0.0.1; any free one without it.", valueName: "port")) var loginPort:
        Int?

    func validate() throws {
        guard place.isGiven else { throw ValidationError("Give either --region or --base-url.") }
        guard !login || generation == .v2 else { throw ValidationError("Only a v2 application has --login.") }
        guard loginPort.map({ login && (1...65_535).contains($0) }) ?? true else {
            throw ValidationError("--login-port is a port for --login, 1 to 65535.")
        }
        guard writes == .api || generation == .v2 else { throw ValidationError("SCIM needs a v2 application: --generation v2.") }
    }

    func run() async throws {
        let work = try await Workbench(global)
        let registry = TenantRegistry(store: work.store)
        let before = try await registry.get(code)?.credentials
        let reference =
            login ? try await signedIn(work) : try keys.reference(generation) { try SecretReference.accept($0, keptAs: "\(code)\($1)") }
        let tenant: TenantRecord
        do {
            tenant = try await tried(reference, work)
        } catch {
            // What came from standard input, or from the browser, did not work: it is not kept.
            if login || keys.references.contains("-") { SecretReference.forget(reference, unless: before) }
            throw error
        }
        try await registry.put(tenant, now: Int(Date().timeIntervalSince1970), who: work.settings.actor)
        if let before { SecretReference.forget(before, unless: reference) }
        try work.output.document(TenantView(tenant))
        work.output.line(
            "\(code) is known: \(TenantView(tenant).summary). Next: muster sync --tenant \(code)")
    }

    /// A person's token, from their browser.
    private func signedIn(_ work: Workbench) async throws -> TenantRecord.CredentialReference {
        guard let clientID = keys.clientID, let clientSecret = keys.clientSecret else {
            throw ValidationError("--login needs --client-id and --client-secret.")
        }
        let signIn = AuthorizationCodeSignIn(
            baseURL: place.url(generation), clientID: clientID, clientSecret: try SecretReference.once(clientSecret),
            transport: AsyncHTTPTransport(), listener: LoopbackListener())
        let token = try await signIn.token(port: loginPort) { url in
            work.output.note("Sign in here, in a browser on this machine, within five minutes:\n\n  \(url)\n")
            Browser.open(url)
        }
        return .v2Person(clientID: clientID, token: try SecretReference.keep(token, keptAs: "\(code)--login"))
    }

    /// The tenant, proved to be reached by these credentials.
    private func tried(_ reference: TenantRecord.CredentialReference, _ work: Workbench) async throws -> TenantRecord {
        let base = place.url(generation)
        let credentials = try Workbench.credentials(reference)
        let transport = AsyncHTTPTransport()
        let spoken: Dialect =
            switch dialect {
            case .portal: .portal
            case .guide: .guide
            case .auto: try await TenantClient.detectDialect(baseURL: base, credentials: credentials, transport: transport)
            }
        let tenant = TenantRecord(
            code: code, baseURL: base, dialect: generation == .v1 ? .portal : spoken, allowWrites: allowWrites, writes: writes,
            credentials: reference)
        let client = try work.client(tenant)
        let facts = try await client.tenant()
        guard facts.accountCode == code else {
            throw Trouble(
                Exit.input, "wrong-tenant", "These credentials belong to the tenant \(facts.accountCode), not to \(code).",
                remedy: "Add \(facts.accountCode) instead, or give the credentials of \(code).")
        }
        if writes == .scim { try await work.scim(tenant, client).prove() }
        return tenant
    }
}

/// A tenant as it is shown: no secret, and not even the reference to one.
struct TenantView: Encodable {
    var code: String
    var baseURL: String
    var generation: String
    var dialect: String
    var allowWrites: Bool
    var writes: String

    init(_ tenant: TenantRecord) {
        code = tenant.code
        baseURL = tenant.baseURL
        generation = tenant.generation.rawValue
        dialect = tenant.dialect.rawValue
        allowWrites = tenant.allowWrites
        writes = tenant.writes.rawValue
    }

    var summary: String {
        let right = !allowWrites ? "read-only" : isOverSCIM ? "may be written over SCIM" : "may be written"
        return "\(generation)\(generation == "v2" ? " \(dialect)" : "") at \(baseURL), \(right)"
    }

    /// In a table's cell.
    var way: String { !allowWrites ? "no" : isOverSCIM ? "over SCIM" : "allowed" }

    private var isOverSCIM: Bool { writes == WriteChannel.scim.rawValue }
}
