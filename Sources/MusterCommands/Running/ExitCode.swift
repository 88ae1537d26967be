import ArgumentParser
import Lifecycle
import MimecastClient
import MusterStore
import Sandbox
import Sources

/// The exit codes of the command contract.
enum Exit {
    static let done: Int32 = 0
    static let other: Int32 = 1
    static let somethingToDo: Int32 = 2
    static let stopped: Int32 = 3
    static let partly: Int32 = 4
    static let usage: Int32 = 64
    static let input: Int32 = 65
    static let unreachable: Int32 = 69
    static let store: Int32 = 73
    static let notPermitted: Int32 = 77

    /// Of a run that the vendor stopped before anything was done, by ``Receipt/stopCode``.
    ///
    /// - Returns: nil where it counts as partly done.
    static func ofStop(_ code: String?) -> Int32? {
        switch code.flatMap(ClientError.Code.init) {
        case .unreachable: unreachable
        case .unauthorized, .expiredBinding, .forbidden: notPermitted
        default: nil
        }
    }
}

/// Anything that ends a command, as a person and a script read it.
struct Trouble: Error {
    var exit: Int32
    var code: String
    var message: String
    var remedy: String

    /// Names cause and remedy of whatever was thrown.
    init(_ error: any Error) {
        switch error {
        case let trouble as Trouble: self = trouble
        case let error as LifecycleError:
            let exit =
                switch error.category {
                case .usage: Exit.usage
                case .input: Exit.input
                case .stopped: Exit.stopped
                case .partly: Exit.partly
                case .unreachable: Exit.unreachable
                case .store: Exit.store
                case .notPermitted: Exit.notPermitted
                }
            self.init(exit, error.code, error.message, remedy: error.remedy)
        case let error as ClientError:
            let exit =
                switch error.code {
                case .unreachable, .server, .rateLimited, .malformedReply, .wrongAnswer: Exit.unreachable
                case .unauthorized, .expiredBinding, .forbidden: Exit.notPermitted
                case .misconfigured: Exit.usage
                case .notFound, .refused: Exit.other
                }
            self.init(exit, "vendor-\(error.code.rawValue)", error.message, remedy: error.remedy)
        case let error as SourceError: self.init(Exit.input, error.code, error.message, remedy: error.remedy)
        case let error as StoreError: self.init(Exit.store, error.code.rawValue, error.message, remedy: error.remedy)
        case let error as SandboxError:
            self.init(
                [.chaosUnusable, .schemasUnusable].contains(error.code) ? Exit.input : Exit.store, error.code.rawValue, error.message,
                remedy: error.remedy)
        case is CancellationError:
            self.init(Exit.partly, "interrupted", "Interrupted.", remedy: "Start the command again; an apply goes on with muster resume.")
        default: self.init(Exit.other, "unexpected", "\(error)", remedy: "Repeat with -v, and report this if it stays.")
        }
    }

    init(_ exit: Int32, _ code: String, _ message: String, remedy: String) {
        self.exit = exit
        self.code = code
        self.message = message
        self.remedy = remedy
    }

    static func usage(_ message: String, remedy: String) -> Trouble { Trouble(Exit.usage, "usage", message, remedy: remedy) }
}
