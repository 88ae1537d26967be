import Foundation
import Testing

/// How a tenant is spoken to, and over what it is written.
struct Way: Sendable, Hashable, CaseIterable, CustomTestStringConvertible {
    var flavour: Flavour
    var isOverSCIM: Bool

    init(_ flavour: Flavour, overSCIM: Bool = false) {
        self.flavour = flavour
        isOverSCIM = overSCIM
    }

    /// v1 has no token, and so no SCIM.
    static let allCases = Flavour.allCases.map { Way($0) } + [Way(.portal, overSCIM: true), Way(.guide, overSCIM: true)]

    var testDescription: String { isOverSCIM ? "\(flavour) over SCIM" : flavour.rawValue }

    /// A call that changes a tenant.
    struct Write: Sendable, Hashable {
        /// Nil is any.
        var method: String?
        var path: String
        /// Where it is about accounts that exist: how many of a scene's lines it is for.
        var isUpdate = false

        /// The log has the path as it is described, or as it was called where the call never got that far.
        func isCall(_ line: LoggedRequest) -> Bool {
            guard method ?? line.method == line.method else { return false }
            let parts = path.components(separatedBy: "{id}")
            return line.path == path || parts.count == 2 && line.path.hasPrefix(parts[0])
        }
    }

    var create: Write {
        isOverSCIM ? Write(method: "POST", path: "/scim/v2/Users") : Write(path: flavour.createPath)
    }

    var update: Write {
        isOverSCIM
            ? Write(method: "PATCH", path: "/scim/v2/Users/{id}", isUpdate: true) : Write(path: flavour.updatePath, isUpdate: true)
    }

    /// A rename keeps the old address as an alias, which SCIM has no word for.
    private var rename: Write? { isOverSCIM && flavour == .guide ? Write(path: Flavour.guide.updatePath) : nil }

    /// Everything that changes a tenant.
    var writes: [Write] {
        let members =
            isOverSCIM
            ? [Write(method: "PATCH", path: "/scim/v2/Groups/{id}")] : [Flavour.joinPath, Flavour.leavePath].map { Write(path: $0) }
        return [create, update] + members + (rename.map { [$0] } ?? [])
    }

    /// How many of a scene's lines a call is for.
    func lines(of write: Write) -> Int {
        if write.isUpdate { return flavour == .guide && !isOverSCIM ? 4 : 3 }
        return isOverSCIM && write != create && write != rename ? 2 : 1
    }
}

extension ScriptedFault {
    init(_ kind: String, _ write: Way.Write, skip: Int = 0, count: Int = 1, seconds: Double? = nil, status: Int? = nil) {
        self.init(kind, write.path, skip: skip, count: count, seconds: seconds, status: status)
        match.method = write.method
    }
}
