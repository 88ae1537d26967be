import Mimecast

extension Change {
    /// How a line goes out, where it is not by a call of its own.
    public enum Route: String, Sendable, Codable {
        /// With others, as a row of a file that the vendor imports.
        case file
    }
}

/// Which lines go out together.
extension Planner {
    /// From so many on a file is sent (our choice): below that the wait for the import costs more than the calls that it spares.
    static let fewestInAFile = 25
    /// The file, and looks at how far it is, until the vendor is through.
    static let callsOfAFile = 4

    /// Creations that the vendor's import can carry are marked as rows of a file, where there are enough of them.
    ///
    /// Only an address and a display name are among its columns: whoever has more is made by a call. The guide knows no bulk operation ("every
    /// user create or update is one record per API call"), so that its dialect has none.
    func routed(_ changes: [Change]) -> [Change] {
        var changes = changes
        // Over SCIM whom a line is about is looked for first.
        if input.overSCIM {
            for index in changes.indices where changes[index].goesOverSCIM {
                changes[index].calls = changes[index].plannedCalls(dialect: input.dialect, overSCIM: true).count
            }
        }
        guard input.mayImport, capabilities.canImport else { return changes }
        let rows = changes.indices.filter { changes[$0].fitsInAFile }
        guard rows.count >= Self.fewestInAFile else { return changes }
        for index in rows {
            changes[index].route = .file
            // Its part of the read-back; the file's calls are counted once.
            changes[index].calls = 1
        }
        return changes
    }

    /// Calls that belong to no line alone.
    static func sharedCalls(_ changes: [Change]) -> Int {
        let lines = changes.filter { $0.kind == .attribute }
        // No account is twice in a call.
        let most = Dictionary(grouping: lines) { $0.account }.values.map(\.count).max() ?? 0
        let rounds = max((lines.count + attributesPerCall - 1) / attributesPerCall, most)
        // A look, the write, the read-back.
        return 3 * rounds + (changes.contains { $0.route == .file } ? callsOfAFile : 0)
    }

    static func routeNotice(_ changes: [Change]) -> String? {
        let count = changes.count { $0.route == .file }
        guard count > 0 else { return nil }
        return "\(count) accounts are made by a file that the vendor imports, in about \(callsOfAFile) calls instead of \(count)."
    }
}

extension Change {
    fileprivate var fitsInAFile: Bool {
        guard kind == .create, let values, let name = values.name else { return false }
        return values.firstName == nil && values.lastName == nil && values.aliases?.isEmpty != false && values.adminRoles?.isEmpty != false
            && !name.isEmpty && !name.contains { $0.isNewline || $0 == "\0" } && name.first?.isWhitespace == false
            && name.last?.isWhitespace == false
    }
}
