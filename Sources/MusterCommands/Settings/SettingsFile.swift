import Foundation
import Yams

/// Reads the configuration file: YAML, as values with their places.
enum SettingsFile {
    static let mostBytes = 1 << 20
    static let mostValues = 100_000
    static let mostDepth = 32

    static func read(_ path: String) throws -> Setting {
        let name = (path as NSString).lastPathComponent
        guard let bytes = FileManager.default.contents(atPath: path) else {
            throw unreadable(path, "It cannot be opened.", "Give yourself the right to read it; it must be a file.")
        }
        guard bytes.count <= mostBytes, let text = String(data: bytes, encoding: .utf8) else {
            throw unreadable(path, "It is no text in UTF-8 of at most 1 MiB.", "Save it as UTF-8.")
        }
        return try parse(text, name: name)
    }

    /// - Parameter name: the file's name, for messages.
    static func parse(_ text: String, name: String) throws -> Setting {
        let node: Node?
        do {
            node = try Yams.compose(yaml: text)
        } catch let error as YamlError {
            throw unreadable(name, explanation(error), "Correct it: names and values as in docs/policy.md, indented by spaces.")
        }
        guard let node else { return Setting(value: .nothing, file: name, path: "", line: 1) }
        var budget = mostValues
        return try setting(node, name, path: "", line: 1, depth: 0, &budget)
    }

    private static func setting(
        _ node: Node, _ file: String, path: String, line: Int, depth: Int, _ budget: inout Int
    ) throws -> Setting {
        let line = node.mark?.line ?? line
        func made(_ value: Setting.Value) -> Setting { Setting(value: value, file: file, path: path, line: line) }
        budget -= 1
        // An alias repeats what stands elsewhere: a few lines could mean millions of values.
        guard budget > 0, depth < mostDepth else {
            throw made(.nothing).wrong("There is too much in it.", remedy: "Make it simpler, without aliases.")
        }
        switch node {
        case .scalar(let scalar):
            let isPlain = scalar.style == .plain || scalar.style == .any
            return made(isPlain && ["", "~", "null"].contains(scalar.string) ? .nothing : .text(scalar.string))
        case .sequence(let sequence):
            var list: [Setting] = []
            for (index, inner) in sequence.enumerated() {
                list.append(try setting(inner, file, path: "\(path)[\(index + 1)]", line: line, depth: depth + 1, &budget))
            }
            return made(.list(list))
        case .mapping(let mapping):
            var members: [(key: Setting, value: Setting)] = []
            for (key, value) in mapping {
                let keySetting = try setting(key, file, path: path, line: line, depth: depth + 1, &budget)
                let name = key.scalar?.string ?? "?"
                let inner = path.isEmpty ? name : "\(path).\(name)"
                members.append((keySetting, try setting(value, file, path: inner, line: keySetting.line, depth: depth + 1, &budget)))
            }
            return made(.members(members))
        case .alias: throw made(.nothing).wrong("An alias refers to nothing.", remedy: "Write the value itself.")
        }
    }

    private static func explanation(_ error: YamlError) -> String {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _), .composer(_, let problem, let mark, _):
            "Line \(mark.line), column \(mark.column): \(problem)."
        case .duplicatedKeysInMapping(let duplicates, let context):
            "Line \(context.mark.line): \(duplicates.sorted().joined(separator: ", ")) is there twice."
        case .reader(let problem, _, _, _): "\(problem)."
        default: "It is not YAML."
        }
    }

    private static func unreadable(_ file: String, _ text: String, _ remedy: String) -> Trouble {
        Trouble(Exit.input, "config-unreadable", "The configuration \(file) cannot be read. \(text)", remedy: remedy)
    }
}
