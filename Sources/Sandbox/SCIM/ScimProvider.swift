import Mimecast
import SCIM
import SCIMStore

/// The tenant's resources as one caller sees them: rights that the method of a request does not tell (a bulk may delete), and what a scripted
/// fault does to a page.
final class ScimProvider: ResourceProvider {
    private let base: StoreProvider
    private let scopes: Set<Scope>
    private let fault: Fault.Kind?

    init(base: StoreProvider, scopes: Set<Scope>, fault: Fault.Kind?) {
        self.base = base
        self.scopes = scopes
        self.fault = fault
    }

    func get(_ type: ResourceType, id: String, _ wanted: Wanted) async throws -> ResourceEntry? {
        try check(.userRead)
        return try await base.get(type, id: id, wanted)
    }

    func search(_ query: ResourceQuery) async throws -> ResourcePage {
        try check(.userRead)
        var page = try await base.search(query)
        switch fault {
        case .shortPage: page.entries = Array(page.entries.prefix(page.entries.count / 2))
        case .repeatToken:
            // The page that begins where this one did.
            if case .after(let key?) = query.start { page.next = key }
        default: break
        }
        return page
    }

    func create(_ type: ResourceType, _ resource: Resource, members: [Reference], _ wanted: Wanted) async throws -> ResourceEntry {
        try check(.userWrite)
        return try await base.create(type, resource, members: members, wanted)
    }

    func modify(
        _ type: ResourceType, id: String, _ condition: VersionCondition, _ change: ResourceChange, _ wanted: Wanted
    ) async throws -> ResourceEntry {
        try check(.userWrite)
        return try await base.modify(type, id: id, condition, change, wanted)
    }

    func delete(_ type: ResourceType, id: String, _ condition: VersionCondition) async throws {
        try check(.userDelete)
        try await base.delete(type, id: id, condition)
    }

    private func check(_ scope: Scope) throws {
        if fault == .refuse, scope != .userRead { throw SCIMError(403, nil, "Turned down (scripted fault).") }
        guard scopes.contains(scope) else { throw SCIMError(403, nil, "The application lacks the right \(scope.rawValue).") }
    }
}
