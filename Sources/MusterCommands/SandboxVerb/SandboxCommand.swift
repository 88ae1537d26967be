import ArgumentParser
import Foundation
import Logging
import Mimecast
import NIOCore
import NIOPosix
import Sandbox
import ServiceLifecycle
import UnixSignals

struct SandboxCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sandbox", abstract: "A Mimecast of your own: both generations, both dialects, limits and faults.",
        discussion: """
            Try Muster, or your own integration, without touching a tenant:

              muster sandbox --seed people:500 --credentials-out sandbox.env
              set -a; . ./sandbox.env; set +a
              muster sync

            Ctrl-C stops it. With --data it keeps its people; without, they are gone with it.
            """)

    @Option(help: ArgumentHelp("Address and port; port 0 takes a free one.", valueName: "host:port")) var listen = "127.0.0.1:8460"
    @Option(help: ArgumentHelp("Keep everything in this file, one sandbox at a time. Default: a temporary one.", valueName: "path"))
    var data: String?
    @Option(help: ArgumentHelp("empty, demo or people:N.", valueName: "seed")) var seed: SeedChoice = SeedChoice(seed: .demo)
    @Option(help: "The same number gives the same company.") var seedNumber: UInt64 = 1
    @Option(help: "Internal domains.") var domains = 2
    @Option(help: "Contracted seats of the first tenant. Default: twice the people.") var seats: Int?
    @Flag(help: "Refuse people beyond the seats.") var seatsEnforced = false
    @Option(
        help: ArgumentHelp(
            "Calls per seconds, of all or one category (\(EndpointDescription.Category.allCases.map(\.rawValue).joined(separator: ", "))).",
            valueName: "[CATEGORY=]N/SECONDS[,hidden][,window]"))
    var quota: [QuotaChoice] = []
    @Option(
        help: ArgumentHelp(
            "One listener each, at consecutive ports (\(Region.allCases.map(\.rawValue).joined(separator: ", "))). The first tenant lives in the first; the control API makes others.",
            valueName: "region,…"))
    var regions = RegionList(regions: [.global])
    @Option(
        help: ArgumentHelp("enterprise or standard, of the first tenant: SCIM comes with enterprise alone.", valueName: "plan"))
    var plan: Plan = .enterprise
    @Option(
        help: ArgumentHelp(
            "active, off (SCIM answers 401) or degraded (SCIM answers well and changes nothing), of the first tenant.",
            valueName: "state"))
    var sso: SSOState = .active
    @Option(
        help: ArgumentHelp(
            "full (all of RFC 7644) or guide (the operations that the guide lists, addresses in the tenant's domains).",
            valueName: "mode"))
    var scim: SandboxOptions.ScimMode = .full
    @Option(help: ArgumentHelp("Further SCIM resource types and extensions: JSON files in this folder.", valueName: "folder"))
    var scimSchemas: String?
    @Option(help: ArgumentHelp("Faults that wait from the start (JSON, as POST /control/faults takes them).", valueName: "file"))
    var chaos: String?
    @Option(name: .customLong("token-ttl"), help: ArgumentHelp("Life of a token. Default: 3600 guide, 1799 portal.", valueName: "seconds"))
    var tokenTTL: Int?
    @Option(help: "on or off: the control API below /control, for this machine alone.") var control: Switch = .on
    @Option(help: ArgumentHelp("Write the credentials as shell lines, mode 0600.", valueName: "file")) var credentialsOut: String?
    @Flag(name: .shortAndLong, help: "Log every request.") var verbose = false
    @Flag(help: "Accepted as everywhere; the sandbox has no document to print.") var json = false

    func validate() throws {
        guard Self.address(listen) != nil else { throw ValidationError("--listen takes HOST:PORT, such as 127.0.0.1:8460.") }
        guard (1...50).contains(domains) else { throw ValidationError("--domains takes 1 to 50.") }
        guard tokenTTL.map({ (1...315_360_000).contains($0) }) ?? true else {
            throw ValidationError("--token-ttl takes a number of seconds, at most ten years of them.")
        }
        guard seats.map({ (0...1_000_000_000).contains($0) }) ?? true else {
            throw ValidationError("--seats takes a number from 0 to a thousand million.")
        }
    }

    static func address(_ text: String) -> (host: String, port: Int)? {
        guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]), (0...65_535).contains(port),
            colon != text.startIndex
        else { return nil }
        return (String(text[..<colon]), port)
    }

    /// Requests are answered on the threads that they come in on: to hand each one to another thread and back costs more than most of
    /// them. NIO's own way; where the system does not have it, nothing changes.
    private static let answersWhereItReads: Bool = {
        #if os(Linux)
            NIOSingletons.unsafeTryInstallSingletonPosixEventLoopGroupAsConcurrencyGlobalExecutor()
        #else
            false
        #endif
    }()

    func run() async throws {
        _ = Self.answersWhereItReads
        var options = SandboxOptions()
        if let address = Self.address(listen) {
            options.host = address.host
            options.port = address.port
        }
        options.dataPath = data
        options.seed = seed.seed
        options.seedNumber = seedNumber
        options.domains = domains
        options.seats = seats
        options.seatsEnforced = seatsEnforced
        if !quota.isEmpty { options.quotas = quota.map(\.quota) }
        options.tokenTTL = tokenTTL
        options.regions = regions.regions
        options.chaosPath = chaos
        options.plan = plan
        options.sso = sso
        options.scim = scim
        options.scimSchemasPath = scimSchemas
        options.control = control == .on
        options.credentialsOut = credentialsOut
        let logger = Workbench.logger(verbose: verbose)
        let server = try await SandboxServer(
            options: options, logger: logger,
            onReady: { listeners in
                guard let first = listeners.first else { return }
                for other in listeners.dropFirst() { Output.toStandardError("region \(other.region.rawValue) on \(other.url)") }
                Output.toStandardError("sandbox ready on \(first.url)")
                Output.toStandardError("  curl -i \(first.url)\(SandboxOptions.controlPath)/ping")
            })
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [.init(service: server)], gracefulShutdownSignals: [.sigint, .sigterm], logger: logger))
        try await group.run()
    }
}

extension Plan: ExpressibleByArgument {}
extension SSOState: ExpressibleByArgument {}
extension SandboxOptions.ScimMode: ExpressibleByArgument {}

enum Switch: String, ExpressibleByArgument, CaseIterable { case on, off }

struct SeedChoice: ExpressibleByArgument, Sendable {
    var seed: SandboxOptions.Seed

    init(seed: SandboxOptions.Seed) { self.seed = seed }

    init?(argument: String) {
        guard let seed = SandboxOptions.Seed(argument) else { return nil }
        self.seed = seed
    }

    var defaultValueDescription: String { "demo" }
}

/// `[CATEGORY=]N/SECONDS[,hidden][,window]`
struct QuotaChoice: ExpressibleByArgument, Sendable {
    var quota: SandboxOptions.Quota

    init?(argument: String) {
        var words = argument.split(separator: ",").map(String.init)
        guard !words.isEmpty else { return nil }
        var rate = words.removeFirst()
        var category: EndpointDescription.Category?
        if let equals = rate.firstIndex(of: "=") {
            guard let named = EndpointDescription.Category(rawValue: String(rate[..<equals])) else { return nil }
            category = named
            rate = String(rate[rate.index(after: equals)...])
        }
        let parts = rate.split(separator: "/")
        guard parts.count == 2, let calls = Int(parts[0]), let seconds = Int(parts[1]), calls > 0, seconds > 0, calls <= 1_000_000_000,
            seconds <= 1_000_000_000,
            Set(words).isSubset(of: ["hidden", "window"])
        else { return nil }
        quota = SandboxOptions.Quota(
            category: category, calls: calls, seconds: seconds, hidden: words.contains("hidden"), window: words.contains("window"))
    }
}

/// `us,eu`
struct RegionList: ExpressibleByArgument, Sendable {
    var regions: [Region]

    init(regions: [Region]) { self.regions = regions }

    init?(argument: String) {
        let words = argument.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        let regions = words.compactMap(Region.init)
        guard !regions.isEmpty, regions.count == words.count, Set(regions).count == regions.count else { return nil }
        self.regions = regions
    }

    var defaultValueDescription: String { "global" }
}
