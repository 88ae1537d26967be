import Configuration
import Foundation
import Mimecast
import SystemPackage

/// What flags, environment and file say together: a flag before MUSTER_… before the file before the default.
///
/// Keys: `store`, `tenant`, `as`, `approvals.fourEyes`, `protected` (a list of addresses).
struct Settings: Sendable {
    let store: String
    let tenant: String?
    let actor: String
    let fourEyes: Bool
    /// Folded addresses that are never removed.
    let protected: Set<String>

    init(_ global: GlobalOptions, environment: [String: String] = ProcessInfo.processInfo.environment) async throws {
        var flags: [AbsoluteConfigKey: ConfigValue] = [:]
        if let store = global.store { flags["store"] = ConfigValue(.string(store), isSecret: false) }
        if let tenant = global.tenant { flags["tenant"] = ConfigValue(.string(tenant), isSecret: false) }
        if let actor = global.actor { flags["as"] = ConfigValue(.string(actor), isSecret: false) }
        var providers: [any ConfigProvider] = [
            InMemoryProvider(name: "flags", values: flags),
            EnvironmentVariablesProvider(environmentVariables: environment).prefixKeys(with: "muster"),
        ]
        if let file = try Self.file(global.config ?? environment["MUSTER_CONFIG"], environment) {
            do {
                providers.append(try await FileProvider<YAMLSnapshot>(filePath: FilePath(file)))
            } catch {
                throw Trouble(
                    Exit.input, "config-unreadable", "The configuration \(file) cannot be read: \(error)",
                    remedy: "Correct it, or name another with --config FILE.")
            }
        }
        let reader = ConfigReader(providers: providers)
        store = reader.string(forKey: "store", default: "sqlite:muster.db")
        tenant = reader.string(forKey: "tenant")
        actor = reader.string(forKey: "as", default: NSUserName().isEmpty ? "unknown" : NSUserName())
        fourEyes = try Self.truth("approvals.fourEyes", reader) ?? false
        protected = Set(try Self.addresses("protected", reader))
    }

    /// A safety that is misspelt must not be off without a word: what is there has to be readable.
    private static func truth(_ key: ConfigKey, _ reader: ConfigReader) throws -> Bool? {
        let value = reader.bool(forKey: key)
        guard value != nil || (reader.string(forKey: key) == nil && reader.stringArray(forKey: key) == nil) else {
            throw Trouble(
                Exit.input, "config-invalid", "The setting approvals.fourEyes is neither true nor false.", remedy: "Write true or false.")
        }
        return value
    }

    private static func addresses(_ key: ConfigKey, _ reader: ConfigReader) throws -> [String] {
        let texts = reader.stringArray(forKey: key) ?? reader.string(forKey: key).map { [$0] } ?? []
        return try texts.map { text in
            guard let address = EmailAddress(text), !text.contains("*") else {
                throw Trouble(
                    Exit.input, "config-invalid", "The setting protected names \(text), which is no address.",
                    remedy: "List whole addresses, one for each account that must never be removed.")
            }
            return address.folded
        }
    }

    private static func file(_ named: String?, _ environment: [String: String]) throws -> String? {
        if let named {
            guard FileManager.default.fileExists(atPath: named) else {
                throw Trouble(
                    Exit.input, "config-missing", "There is no configuration \(named).", remedy: "Name a file that exists with --config.")
            }
            return named
        }
        return ["muster.yaml", UserFolder.path(environment) + "/muster.yaml"].first { FileManager.default.fileExists(atPath: $0) }
    }
}

/// `$XDG_CONFIG_HOME/muster`, where secrets that were handed over on standard input are kept.
enum UserFolder {
    static func path(_ environment: [String: String] = ProcessInfo.processInfo.environment) -> String {
        let base = environment["XDG_CONFIG_HOME"].flatMap { $0.isEmpty ? nil : $0 } ?? NSHomeDirectory() + "/.config"
        return base + "/muster"
    }
}
