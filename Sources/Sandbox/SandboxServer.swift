import Foundation
import Hummingbird
import Logging
import Mimecast
import MusterStore
import NIOCore
import ServiceLifecycle
import Synchronization

/// The Mimecast twin as a service: one tenant or several, served over HTTP until it is told to stop.
public final class SandboxServer: Service {
    private let state: SandboxState
    private let credentials: SandboxCredentials
    private let logger: Logger
    private let onReady: @Sendable ([(region: Region, url: String)]) async -> Void
    private let lock: DataLock?
    private let failure = Mutex<SandboxError?>(nil)

    /// Opens the data file, brings its schema up to date, and fills it when it is new.
    ///
    /// - Parameters:
    ///   - options: how it is set up.
    ///   - logger: where failures of the sandbox itself are told.
    ///   - onReady: called once connections are accepted, with each region's base URL (no trailing slash, the real port in it).
    ///   - now: the source of time; the control API moves it on.
    /// - Throws: ``SandboxError`` for what its user can put right.
    public init(
        options: SandboxOptions, logger: Logger,
        onReady: @escaping @Sendable ([(region: Region, url: String)]) async -> Void = { _ in },
        now: @escaping @Sendable () -> Date = { Date() }
    ) async throws {
        self.logger = logger
        self.onReady = onReady
        guard (0...65_535).contains(options.port), options.port == 0 || options.port + options.regions.count - 1 <= 65_535 else {
            throw SandboxError(.invalidOption, "The port \(options.port) does not exist.", remedy: "Name one of 0 to 65535 (--listen).")
        }
        guard !options.regions.isEmpty, Set(options.regions).count == options.regions.count else {
            throw SandboxError(
                .invalidOption, "Each region is served once, and there has to be one.", remedy: "Name them with --regions us,eu.")
        }
        if let path = options.credentialsOut { try SandboxCredentials.checkWritable(path) }
        let schemas = try ScimSchemaFolder.registry(options.scimSchemasPath)
        let chaos = try options.chaosPath.map { try FaultFile.read($0, RouteTable(SandboxRoutes.all)) } ?? []
        OpenFiles.raise()
        FreedMemory.isKept()
        lock = try options.dataPath.map { try DataLock(path: $0) }
        let clock = SandboxClock(now)
        do {
            let store =
                if let path = options.dataPath {
                    try SQLiteStore(path: path, migrations: SandboxSchema.migrations, mapsFile: true, isOursAlone: true)
                } else {
                    try SQLiteStore.temporary(migrations: SandboxSchema.migrations, mapsFile: true)
                }
            let keys = KeyRing(try await Self.key(store))
            credentials = SandboxCredentials(keys)
            try await clock.restore(store)
            let order = Seeder.Order(
                seed: options.seed, seedNumber: options.seedNumber, domains: options.domains, seats: options.seats,
                seatsEnforced: options.seatsEnforced, region: options.regions.first ?? .global, plan: options.plan,
                sso: options.sso)
            try await Seeder(order: order, store: store, credentials: credentials, now: clock.milliseconds).prepare()
            let log = try await store.read { try RequestLog($0) }
            state = SandboxState(
                options: options, store: store, shelf: SnapshotShelf(store, path: options.dataPath), clock: clock, keys: keys, log: log,
                schemas: schemas, firstTenant: credentials.accountCode,
                onFailure: { logger.error("A SCIM request failed", metadata: ["error": "\($0)"]) })
            try await TenantDesk(state: state).removeUnfinished()
            let past = chaos.contains { $0.kind == .staleRead } ? try await state.shelf.past() : nil
            _ = try state.faults.add(chaos, past: past)
        } catch let error as StoreError {
            throw SandboxError(error, path: options.dataPath)
        }
    }

    /// Serves until a graceful shutdown or cancellation: one listener a region, at consecutive ports.
    ///
    /// - Throws: ``SandboxError`` where it cannot listen or write the credentials file.
    public func run() async throws {
        let routes = RouteTable(SandboxRoutes.all)
        defer { lock?.unlock() }
        // Ends with this function.
        async let _ = state.log.keep(state.store)
        do {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for (index, region) in state.options.regions.enumerated() {
                    let port = state.options.port == 0 ? 0 : state.options.port + index
                    group.addTask { try await self.listen(region, port: port, routes) }
                }
                do {
                    // One after the other: `waitForAll` would wait for the others before it tells that one has failed.
                    while try await group.next() != nil {}
                } catch {
                    group.cancelAll()
                    throw error
                }
            }
            // The lines about reads that still wait in memory.
            try await state.log.flush(state.store)
        } catch {
            throw failure.withLock { $0 } ?? error
        }
        if let failure = failure.withLock({ $0 }) { throw failure }
    }

    private func listen(_ region: Region, port: Int, _ routes: RouteTable) async throws {
        let (host, clock) = (state.options.host, state.clock)
        let application = Application(
            responder: SandboxResponder(state, region: region, routes: routes),
            server: .http1(
                configuration: .init(
                    additionalChannelHandlers: [MovedDate(clock)], idleTimeout: .seconds(120))),
            configuration: ApplicationConfiguration(address: .hostname(host, port: port)),
            onServerRunning: { [weak self] channel in await self?.isListening(channel, region) },
            logger: logger)
        do {
            try await application.run()
        } catch let error as IOError {
            throw Self.cannotListen(error, host, port)
        }
    }

    private func isListening(_ channel: any Channel, _ region: Region) async {
        let host = state.options.host
        // Whoever listens on every address is reached on this machine's own.
        let name = host == "0.0.0.0" || host == "::" ? "127.0.0.1" : host.contains(":") ? "[\(host)]" : host
        let address = "http://\(name):\(channel.localAddress?.port ?? state.options.port)"
        let isLast = state.addresses.withLock { addresses in
            addresses[region] = address
            return addresses.count == state.options.regions.count
        }
        guard isLast, let first = state.options.regions.first, let baseURL = state.address(of: first) else { return }
        do {
            if let path = state.options.credentialsOut {
                let code = credentials.accountCode
                let facts = try await state.store.read { try TenantFacts.load($0, code: code) }
                if let facts { try SandboxCredentials.write(credentials.lines(baseURL: baseURL, facts: facts), to: path) }
            }
        } catch {
            failure.withLock { $0 = error as? SandboxError }
            channel.close(promise: nil)
            return
        }
        await onReady(state.options.regions.map { (region: $0, url: state.address(of: $0) ?? "") })
    }

    /// The data file's own random key, made when the file is.
    private static func key(_ store: any Store) async throws -> [UInt8] {
        if let key = try await store.read({ try SettingsTable.value($0, "key") }) { return key }
        let fresh = KeyRing.randomBytes()
        return try await store.write("") { tx in
            if let key = try SettingsTable.value(tx, "key") { return key }
            try SettingsTable.set(tx, "key", fresh)
            return fresh
        }
    }

    private static func cannotListen(_ error: IOError, _ host: String, _ port: Int) -> SandboxError {
        switch error.errnoCode {
        case EADDRINUSE:
            SandboxError(
                .portTaken, "Port \(port) of \(host) is taken by another process.",
                remedy: "Stop that process, or listen elsewhere (--listen \(host):0 takes any free port).")
        default:
            SandboxError(
                .cannotListen, "\(host):\(port) cannot be listened on (\(error.localizedDescription)).",
                remedy: "Name an address of this machine and a port that you may use (--listen 127.0.0.1:8460).")
        }
    }
}
