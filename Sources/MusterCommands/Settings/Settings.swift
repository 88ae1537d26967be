import Configuration
import Foundation
import Mimecast
import Planning

/// What flags, environment and file say together: a flag before MUSTER_… before the file before the default.
///
/// Keys: `store`, `tenant`, `as`, `approvals.fourEyes`, `protected` (a list of addresses, `*` for any text), and in the file alone
/// `source.map`, `scope`, `groups` (``PolicySettings``), `removal` (``RemovalSettings``), `hooks` (``HookSettings``) and those of
/// ``SafetySettings``.
struct Settings: Sendable {
    let store: String
    let tenant: String?
    let actor: String
    let fourEyes: Bool
    /// Folded addresses that are never removed.
    let protected: Set<String>
    /// Such addresses with stars in them.
    let protectedPatterns: [AddressPattern]
    /// What is said of the people of a source.
    let policy: DesiredPolicy
    /// Who has to say yes to what.
    var approvalRules: ApprovalRules {
        var rules = safety.approvals
        rules.fourEyes = fourEyes
        return rules
    }
    /// When disabled accounts may go for good.
    let removal: RemovalPolicy
    /// How long the past is kept; nil is for ever.
    let historyKeep: Interval?
    /// Limits, which the file alone says.
    let safety: SafetySettings
    let hooks: HookSettings

    /// Every name at the top of the file.
    private static let names =
        ["store", "tenant", "as", "protected", "source", "scope", "groups", "removal", "history", "hooks"] + SafetySettings.names

    init(_ global: GlobalOptions, environment: [String: String] = ProcessInfo.processInfo.environment) async throws {
        var flags: [AbsoluteConfigKey: ConfigValue] = [:]
        if let store = global.store { flags["store"] = ConfigValue(.string(store), isSecret: false) }
        if let tenant = global.tenant { flags["tenant"] = ConfigValue(.string(tenant), isSecret: false) }
        if let actor = global.actor { flags["as"] = ConfigValue(.string(actor), isSecret: false) }
        let top = try Self.file(global.config ?? environment["MUSTER_CONFIG"], environment).map {
            try SettingsFile.read($0).members(Self.names)
        }
        let providers: [any ConfigProvider] = [
            InMemoryProvider(name: "flags", values: flags),
            EnvironmentVariablesProvider(environmentVariables: environment).prefixKeys(with: "muster"),
            InMemoryProvider(name: "file", values: try Self.values(top ?? [:])),
        ]
        let reader = ConfigReader(providers: providers)
        store = reader.string(forKey: "store", default: "sqlite:muster.db")
        tenant = reader.string(forKey: "tenant")
        actor = reader.string(forKey: "as", default: NSUserName().isEmpty ? "unknown" : NSUserName())
        fourEyes = try Self.truth("approvals.fourEyes", reader) ?? false
        let protection = try Self.protection(reader)
        protected = protection.addresses
        protectedPatterns = protection.patterns
        policy = try PolicySettings.policy(top ?? [:])
        removal = try RemovalSettings.policy(top ?? [:])
        historyKeep = try HistorySettings.keep(top ?? [:])
        safety = try SafetySettings(top ?? [:])
        hooks = try HookSettings(top ?? [:])
    }

    /// What of the file flags and environment come before.
    private static func values(_ top: [String: Setting]) throws -> [AbsoluteConfigKey: ConfigValue] {
        var values: [AbsoluteConfigKey: ConfigValue] = [:]
        for name in ["store", "tenant", "as"] {
            if let setting = top[name] {
                values[AbsoluteConfigKey([name] as [String])] = ConfigValue(.string(try setting.text()), isSecret: false)
            }
        }
        if let fourEyes = try top["approvals"]?.members(ApprovalSettings.names)["fourEyes"] {
            values["approvals.fourEyes"] = ConfigValue(.bool(try fourEyes.truth()), isSecret: false)
        }
        if let protected = top["protected"] {
            let texts = try protected.texts().map { setting in
                let text = try setting.text()
                _ = try protection(text, or: { setting.wrong($0, remedy: $1) })
                return text
            }
            values["protected"] = ConfigValue(.stringArray(texts), isSecret: false)
        }
        return values
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

    private static func protection(_ reader: ConfigReader) throws -> Protection {
        let texts = reader.stringArray(forKey: "protected") ?? reader.string(forKey: "protected").map { [$0] } ?? []
        return try texts.reduce(into: Protection()) { whole, text in
            let one = try protection(text) { Trouble(Exit.input, "config-invalid", "The setting protected: \($0)", remedy: $1) }
            whole.addresses.formUnion(one.addresses)
            whole.patterns += one.patterns
        }
    }

    /// What one entry of the list protects.
    private static func protection(_ text: String, or wrong: (String, String) -> Trouble) throws -> Protection {
        if text.contains("*") {
            guard let pattern = AddressPattern(text) else {
                throw wrong(
                    "\(text) is no pattern of addresses.", "Write an address with * for any text in it: board-*@example.com, *@example.com."
                )
            }
            return Protection(patterns: [pattern])
        }
        guard let address = EmailAddress(text) else {
            throw wrong("\(text) is no address.", "List whole addresses, or write * for any text in them: *@example.com.")
        }
        return Protection(addresses: [address.folded])
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
