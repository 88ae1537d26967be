import Foundation
import Hummingbird
import Logging
import Mimecast
import MusterStore
import NIOCore
import ServiceLifecycle
import Synchronization

/// The Mimecast twin as a service: one tenant, served over HTTP until it is told to stop.
public final class SandboxServer: Service {
    private let state: SandboxState
    private let credentials: SandboxCredentials
    private let logger: Logger
    private let onReady: @Sendable (String) async -> Void
    private let failure = Mutex<SandboxError?>(nil)

    /// Opens the data file, brings its schema up to date, and fills it when it is new.
    ///
    /// - Parameters:
    ///   - options: how it is set up.
    ///   - logger: where failures of the sandbox itself are told.
    ///   - onReady: called once connections are accepted, with the base URL (no trailing slash, the real port in it).
    ///   - now: the source of time; the control API moves it on.
    /// - Throws: ``SandboxError`` for what its user can put right.
    public init(
        options: SandboxOptions, logger: Logger, onReady: @escaping @Sendable (_ baseURL: String) async -> Void = { _ in },
        now: @escaping @Sendable () -> Date = { Date() }
    ) async throws {
        self.logger = logger
        self.onReady = onReady
        guard (0...65_535).contains(options.port) else {
            throw SandboxError(.invalidOption, "The port \(options.port) does not exist.", remedy: "Name one of 0 to 65535 (--listen).")
        }
        if let path = options.credentialsOut { try SandboxCredentials.checkWritable(path) }
        let clock = SandboxClock(now)
        do {
            let store: any Store =
                if let path = options.dataPath {
                    try SQLiteStore(path: path, migrations: SandboxSchema.migrations)
                } else {
                    try SQLiteStore.temporary(migrations: SandboxSchema.migrations)
                }
            let keys = KeyRing(try await Self.key(store))
            credentials = SandboxCredentials(keys)
            let seeder = Seeder(options: options, store: store, keys: keys, credentials: credentials, now: clock.milliseconds)
            let facts = try await seeder.facts()
            let log = try await store.read { try RequestLog($0) }
            state = SandboxState(options: options, store: store, clock: clock, keys: keys, facts: facts, log: log)
        } catch let error as StoreError {
            throw SandboxError(error, path: options.dataPath)
        }
    }

    /// Serves until a graceful shutdown or cancellation.
    ///
    /// - Throws: ``SandboxError`` where it cannot listen or write the credentials file.
    public func run() async throws {
        let (host, port) = (state.options.host, state.options.port)
        let application = Application(
            responder: SandboxResponder(state),
            server: .http1(configuration: .init(idleTimeout: .seconds(120))),
            configuration: ApplicationConfiguration(address: .hostname(host, port: port)),
            onServerRunning: { [weak self] channel in await self?.isListening(channel) },
            logger: logger)
        do {
            try await application.run()
            // The lines about reads that still wait in memory.
            try await state.log.flush(state)
        } catch let error as IOError {
            throw Self.cannotListen(error, host, port)
        } catch {
            if let failure = failure.withLock({ $0 }) { throw failure }
            throw error
        }
        if let failure = failure.withLock({ $0 }) { throw failure }
    }

    private func isListening(_ channel: any Channel) async {
        let host = state.options.host
        // Whoever listens on every address is reached on this machine's own.
        let name = host == "0.0.0.0" || host == "::" ? "127.0.0.1" : host.contains(":") ? "[\(host)]" : host
        let baseURL = "http://\(name):\(channel.localAddress?.port ?? state.options.port)"
        if let path = state.options.credentialsOut {
            do {
                try SandboxCredentials.write(credentials.lines(baseURL: baseURL, facts: state.facts), to: path)
            } catch {
                failure.withLock { $0 = error as? SandboxError }
                channel.close(promise: nil)
                return
            }
        }
        await onReady(baseURL)
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
