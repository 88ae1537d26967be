import Foundation
import Yams

/// A configuration file as a tree, for sections whose every key has to be known: a safety that is misspelt must not be off without a word.
///
/// Sections are read from the file alone. A variable that somebody left in a shell is no place for a limit.
struct ConfigTree {
    /// A longer file is no configuration.
    static let longest = 1_048_576

    private let root: Node.Mapping?
    let file: String

    init(file: String) throws {
        self.file = file
        guard let bytes = FileManager.default.contents(atPath: file) else {
            throw Self.unreadable(file, "the file cannot be read")
        }
        guard bytes.count <= Self.longest else { throw Self.unreadable(file, "it has more than 1 MiB") }
        guard let text = String(bytes: bytes, encoding: .utf8) else { throw Self.unreadable(file, "it is not UTF-8") }
        do {
            let top = try compose(yaml: text)
            root = top?.mapping
            if let top, root == nil, top.scalar?.string.isEmpty != true { throw Self.unreadable(file, "it is no list of settings") }
        } catch let trouble as Trouble {
            throw trouble
        } catch {
            throw Self.unreadable(file, "\(error)")
        }
    }

    /// The names of all settings and sections.
    var keys: [String] { root?.keys.compactMap(\.string) ?? [] }

    subscript(key: String) -> Node? { root?[key] }

    /// The keys and values of a section; nil where the file does not have it.
    func section(_ key: String) throws -> [(key: String, value: Node)]? {
        guard let node = root?[key], node != Node("") else { return nil }
        return try Self.entries(node, "the setting \(key)")
    }

    /// The keys and values of a mapping, each once.
    static func entries(_ node: Node, _ what: String) throws -> [(key: String, value: Node)] {
        guard let mapping = node.mapping else { throw invalid("\(what) is no list of names with values", "Write one name: value a line.") }
        return try mapping.map { key, value in
            guard let name = key.string else { throw invalid("\(what) has a key that is no name", "Write one name: value a line.") }
            return (name, value)
        }
    }

    /// A text, number or truth value as it is written.
    static func text(_ node: Node, _ what: String) throws -> String {
        guard let text = node.scalar?.string else { throw invalid("\(what) has no single value", "Write one value behind it.") }
        return text
    }

    /// One text, or several.
    static func texts(_ node: Node, _ what: String) throws -> [String] {
        guard let list = node.sequence else { return [try text(node, what)] }
        return try list.map { try text($0, what) }
    }

    static func invalid(_ message: String, _ remedy: String) -> Trouble {
        Trouble(Exit.input, "config-invalid", message.prefix(1).uppercased() + message.dropFirst() + ".", remedy: remedy)
    }

    private static func unreadable(_ file: String, _ why: String) -> Trouble {
        Trouble(
            Exit.input, "config-unreadable", "The configuration \(file) cannot be read: \(why)",
            remedy: "Correct it, or name another with --config FILE.")
    }
}
