import MusterStore

/// A sandbox that cannot start or go on, for a reason that its user can remove.
public struct SandboxError: Error, Sendable, Hashable, CustomStringConvertible {
    public enum Code: String, Sendable {
        /// The data file cannot be opened, created, read or written.
        case dataUnusable = "sandbox-data-unusable"
        case portTaken = "sandbox-port-taken"
        /// The address cannot be listened on, for another reason than that it is taken.
        case cannotListen = "sandbox-cannot-listen"
        case credentialsNotWritable = "sandbox-credentials-not-writable"
        case invalidOption = "sandbox-invalid-option"
        /// The file of faults cannot be read, or a fault in it could never strike.
        case chaosUnusable = "sandbox-chaos-unusable"
        /// The folder of SCIM schemas cannot be read, or a document in it is none.
        case schemasUnusable = "sandbox-schemas-unusable"
    }

    public let code: Code
    /// What is wrong, a sentence.
    public let message: String
    /// What to do about it, a sentence.
    public let remedy: String

    public init(_ code: Code, _ message: String, remedy: String) {
        self.code = code
        self.message = message
        self.remedy = remedy
    }

    public var description: String { "\(message) \(remedy)" }

    /// The store's reason, with the remedy in terms of the sandbox's own options.
    init(_ error: StoreError, path: String?) {
        let file = path.map { "the sandbox's data file \($0)" } ?? "the sandbox's temporary data file"
        let cause =
            switch error.code {
            case .readOnly: "\(file) cannot be written."
            case .locked: "\(file) is locked by another process."
            case .newer: "\(file) was written by a newer version."
            case .diskFull: "the disk that holds \(file) is full or failing."
            case .notADatabase: "\(file) is no sandbox data file."
            case .cannotOpen: "\(file) cannot be opened or created."
            case .constraint, .failed: "\(file) cannot be used: \(error.message)"
            }
        self.init(
            .dataUnusable, cause.prefix(1).uppercased() + cause.dropFirst(),
            remedy: "Name a file in a folder that exists and can be written (--data FILE), or leave --data out.")
    }
}
