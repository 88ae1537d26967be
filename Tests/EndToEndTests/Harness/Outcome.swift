import Foundation
import Mimecast

/// What a command left behind: its exit code or signal, and everything it said.
struct Outcome: Sendable, CustomStringConvertible {
    let arguments: [String]
    /// The exit code; nil where a signal ended it.
    let exit: Int32?
    let signal: Int32?
    let out: String
    let err: String

    /// Stdout as one JSON document; nil where it is anything else.
    var document: JSON? { try? JSONDecoder().decode(JSON.self, from: Data(out.utf8)) }

    /// The error document's body.
    var error: JSON? { document?["error"] }

    var description: String {
        "muster \(arguments.joined(separator: " ")) ended with \(exit.map(String.init) ?? "signal \(signal ?? 0)")\n\(out)\(err)"
    }
}

/// Why a test cannot go on.
struct HarnessError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

extension JSON {
    var list: [JSON] { if case .array(let list) = self { list } else { [] } }
    var members: [String: JSON] { if case .object(let members) = self { members } else { [:] } }
    var int: Int? { if case .number(let number) = self { Int(exactly: number) } else { nil } }
    var bool: Bool? { if case .bool(let bool) = self { bool } else { nil } }

    /// A member of a member, such as `counts.create`.
    func at(_ path: String...) -> JSON? { path.reduce(Optional(self)) { $0?[$1] } }
}
