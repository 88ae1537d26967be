import ArgumentParser
import Foundation
import HTTPTransport
import Lifecycle
import Mimecast
import MimecastClient
import Sources

extension IdentityProvider: ExpressibleByArgument {}

/// `NAME=URL`.
struct RegionChoice: ExpressibleByArgument {
    let place: RegionPlace

    init?(argument: String) {
        let parts = argument.split(separator: "=", maxSplits: 1).map(String.init)
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else { return nil }
        place = RegionPlace(name: parts[0], url: parts[1])
    }
}

struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Look for what goes wrong with a tenant: finding, evidence, remedy.",
        discussion: """
            It looks at reach, clock, credentials, region, generation, dialect, rights, limits, directory integrations and SCIM by calls that \
            change nothing. Credentials go to no other region unless you say so. docs/doctor.md tells of every code.

              muster doctor                      the environment's tenant, or the only one
              muster doctor --try-regions        refused? see which region takes the keys
              muster doctor --from people.csv    who in it is the directory's; seats
              muster doctor --idp okta --scim    what a push of a provider needs
              muster doctor --canary EMAIL       whether SCIM keeps what it answers:
                                                 changes a title and puts it back

            A tenant that is not known yet is named whole, for one examination:

              muster doctor --tenant C46A75 --region eu \\
                --client-id abc --client-secret file:secret.txt

            Exit codes: 0 healthy, or information and warnings alone; 69 unreachable; 77 credentials or rights; 64 usage; 65 bad input \
            (--from, --canary); 1 another error.
            """)

    @OptionGroup var global: GlobalOptions
    @OptionGroup var application: ApplicationOptions
    @OptionGroup var place: PlaceOptions
    @OptionGroup var keys: KeyOptions
    @Option(help: ArgumentHelp("An export of people: they and their groups are in scope.", valueName: "file")) var from: String?
    @Option(help: ArgumentHelp("What pushes people to the vendor: okta, entra, onelogin or google.", valueName: "provider"))
    var idp: IdentityProvider?
    @Flag(help: "SCIM is to be used: without it is an error.") var scim = false
    @Option(help: ArgumentHelp("Contracted seats, where the vendor does not tell them.", valueName: "n")) var seats: Int?
    @Option(
        help: ArgumentHelp(
            "Change this person's title over SCIM, read it back and put it back. Wants --allow-writes on the tenant; asks first.",
            valueName: "email"))
    var canary: String?
    @Option(help: ArgumentHelp("v1: an address of the tenant, by which the vendor tells the region.", valueName: "email")) var address:
        String?
    @Flag(help: "Send refused credentials to the other regions too, without asking.") var tryRegions = false
    @Option(
        name: .customLong("region-url"),
        help: ArgumentHelp("The other regions, instead of the vendor's; may be repeated.", valueName: "name=url"))
    var regionURLs: [RegionChoice] = []

    func validate() throws {
        guard seats.map({ $0 >= 0 }) ?? true else { throw ValidationError("--seats takes a number from 0 on.") }
        guard place.isGiven || keys.references.isEmpty && keys.clientID == nil && keys.appID == nil else {
            throw ValidationError("Credentials need their place: --region or --base-url.")
        }
    }

    func run() async throws {
        try await Interruption.cancelling { try await examine() }
    }

    private func examine() async throws {
        let work = try await Workbench(global)
        let people = try from.map { try PeopleSource($0).people(work.settings.policy) }
        let patient = try await patient(work)
        if let canary, patient.tenant.allowWrites, patient.tenant.generation == .v2 {
            guard work.output.confirm("Change the title of \(canary) over SCIM for a moment, read it back, and put it back?") else {
                throw Trouble(
                    Exit.usage, "not-confirmed", "Nothing was sent: a canary is a change.",
                    remedy: "Say --yes if it is meant, or leave --canary out.")
            }
        }
        var request = Doctor.Request()
        request.provider = idp
        request.seats = seats
        request.wantsSCIM = scim
        request.canary = canary
        request.address = address
        request.regions = regionURLs.isEmpty ? nil : regionURLs.map(\.place)
        if let people { request.source = { try people.desired(domains: $0) } }
        let diagnosis: Diagnosis
        do {
            defer { work.output.endProgress() }
            diagnosis = try await Doctor(patient, request, means(work)).examine()
        }
        try work.output.document(diagnosis)
        DoctorPage(diagnosis, patient.tenant, work.output).show()
        let code = Self.exitCode(diagnosis)
        if code != Exit.done { throw ExitCode(code) }
    }

    private static func exitCode(_ diagnosis: Diagnosis) -> Int32 {
        let errors = diagnosis.findings.filter { $0.severity == .error }.map(\.code)
        if errors.isEmpty { return Exit.done }
        if errors.contains(.unreachable) { return Exit.unreachable }
        return errors.contains(where: \.isAboutPermission) ? Exit.notPermitted : Exit.other
    }

    private func patient(_ work: Workbench) async throws -> Doctor.Patient {
        guard place.isGiven else {
            let tenant = try await work.tenant(application)
            let registry = TenantRegistry(store: work.store)
            let isKnown = try await registry.get(tenant.code) == tenant
            return Doctor.Patient(
                tenant: tenant, credentials: try Workbench.credentials(tenant.credentials),
                acceptedOn: isKnown ? try await registry.added(tenant.code).map { Date(timeIntervalSince1970: Double($0)) } : nil,
                twin: tenant.generation == .v1 ? Self.twin(tenant) : nil)
        }
        guard let code = work.settings.tenant else {
            throw Trouble.usage("A tenant that is not known yet needs its code.", remedy: "Say --tenant CODE.")
        }
        let generation = application.generation ?? .v2
        var secrets: [String: String] = [:]
        let reference = try keys.reference(generation) { reference, flag in
            secrets[flag] = try SecretReference.once(reference)
            return flag
        }
        let credentials: Credentials =
            switch reference {
            case .v2(let id, let secret): .v2(clientID: id, clientSecret: secrets[secret] ?? "")
            case .v1(let id, let key, let access, let secret):
                .v1(
                    applicationID: id, applicationKey: secrets[key] ?? "", accessKey: secrets[access] ?? "",
                    secretKey: secrets[secret] ?? "")
            case .v2Person: try Workbench.credentials(reference)
            }
        let tenant = TenantRecord(
            code: code, baseURL: place.url(generation), dialect: generation == .v1 ? .portal : application.dialect ?? .portal,
            allowWrites: false, credentials: reference)
        return Doctor.Patient(tenant: tenant, credentials: credentials, isDialectKnown: application.dialect != nil)
    }

    /// The environment's v2 application, where it is the same tenant's.
    private static func twin(_ tenant: TenantRecord) -> Credentials? {
        let environment = EnvironmentTenant()
        guard environment.code == tenant.code, let record = try? environment.record(.v2, .portal) else { return nil }
        return try? Workbench.credentials(record.credentials)
    }

    private func means(_ work: Workbench) -> Doctor.Means {
        var means = Doctor.Means(store: work.store, transport: SCIMChannel.transport, who: work.settings.actor) {
            [logger = work.logger] baseURL, dialect, credentials, transport, now in
            // A doctor that waits long tells little: what is not there is not there.
            TenantClient(
                baseURL: baseURL, dialect: dialect, credentials: credentials, transport: transport, retry: RetryPolicy(attempts: 2),
                now: now,
                logger: logger)
        }
        let (output, tryRegions) = (work.output, tryRegions)
        means.mayTry = { places in
            if tryRegions { return true }
            let names = places.map { "\($0.name) (\($0.url))" }.joined(separator: ", ")
            return output.confirm("The credentials are refused. Send them to the other regions as well: \(names)?")
        }
        means.observe = work.observeSCIM
        means.progress = { output.progress("doctor: \($0)") }
        return means
    }
}
