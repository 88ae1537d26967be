import Planning

/// A value of the configuration file, with its place for messages.
struct Setting: Sendable {
    indirect enum Value: Sendable {
        case text(String)
        case list([Setting])
        case members([(key: Setting, value: Setting)])
        /// A key without a value.
        case nothing
    }

    let value: Value
    /// The name of the file.
    let file: String
    /// From the top: `scope.include`; empty at the top.
    let path: String
    /// From 1.
    let line: Int

    /// What is wrong with this value.
    func wrong(_ text: String, remedy: String) -> Trouble {
        Trouble(Exit.input, "config-invalid", "\(file), line \(line)\(path.isEmpty ? "" : ", \(path)"): \(text)", remedy: remedy)
    }

    /// The members by name.
    ///
    /// - Parameter known: every name that is understood. Another is an error that names the nearest of them: a setting that is misspelt must
    ///   not be off without a word.
    func members(_ known: [String]) throws -> [String: Setting] {
        switch value {
        case .nothing: return [:]
        case .text, .list:
            throw wrong(
                "Names and values are expected here.",
                remedy: "Write one name: value a line. The names are \(known.joined(separator: ", ")).")
        case .members(let members):
            var found: [String: Setting] = [:]
            for (key, value) in members {
                guard case .text(let name) = key.value, known.contains(name) else {
                    let name = if case .text(let name) = key.value { name } else { "?" }
                    let nearest = Nearest.name(to: name, among: known)
                    throw key.wrong(
                        "There is no setting \(name) here.",
                        remedy: nearest.map { "Did you mean \($0)?" } ?? "The names are \(known.joined(separator: ", ")).")
                }
                found[name] = value
            }
            return found
        }
    }

    /// The members, whatever their names.
    func entries() throws -> [(name: String, value: Setting)] {
        switch value {
        case .nothing: return []
        case .text, .list: throw wrong("Names and values are expected here.", remedy: "Write one name: value a line.")
        case .members(let members): return try members.map { (try $0.key.text(), $0.value) }
        }
    }

    func count(_ range: ClosedRange<Int>) throws -> Int {
        guard let count = Int(try text()), range.contains(count) else {
            throw wrong("It is no count.", remedy: "Write a number from \(range.lowerBound) to \(range.upperBound).")
        }
        return count
    }

    func text() throws -> String {
        guard case .text(let text) = value, !text.isEmpty else {
            throw wrong("A text is expected here.", remedy: "Write one value, or take the setting out.")
        }
        return text
    }

    /// The texts of a list; a text alone is a list of one.
    func texts() throws -> [Setting] {
        switch value {
        case .text: return [self]
        case .nothing: return []
        case .list(let list):
            for entry in list {
                guard case .text(let text) = entry.value, !text.isEmpty else {
                    throw entry.wrong("A text is expected here.", remedy: "Write a list of texts.")
                }
            }
            return list
        case .members: throw wrong("A list of texts is expected here.", remedy: "Write one value, or each on a line of its own: - text.")
        }
    }

    func truth() throws -> Bool {
        guard case .text(let text) = value, let truth = ["true": true, "false": false, "yes": true, "no": false][text.lowercased()] else {
            throw wrong("It is neither true nor false.", remedy: "Write true or false.")
        }
        return truth
    }
}
