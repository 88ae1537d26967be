import Mimecast
import MimecastClient
import Planning
import Synchronization

/// The ids of groups that a plan knows only by name, since the plan itself makes them. Each is looked up once.
final class GroupFinder: Sendable {
    private let client: TenantClient
    /// By folded name.
    private let known = Mutex<[String: String]>([:])

    init(client: TenantClient) { self.client = client }

    /// The id of the group that a membership line means.
    ///
    /// - Throws: ``ClientError``: `refused` where there is no such cloud group, or more than one.
    func id(of change: Change) async throws -> String {
        if let id = change.groupID { return id }
        let name = change.group ?? ""
        if let id = known.withLock({ $0[EmailAddress.fold(name)] }) { return id }
        let found = try await named(name)
        guard found.count == 1, let id = found.first else {
            throw ClientError(
                .refused, found.isEmpty ? "There is no group \(name); nothing was sent." : "\(found.count) groups have the name \(name).",
                remedy: "Read and plan again.")
        }
        learn(name, id: id)
        return id
    }

    func learn(_ name: String, id: String) { known.withLock { $0[EmailAddress.fold(name)] = id } }

    func isFree(_ name: String) async throws -> Bool { try await named(name).isEmpty }

    /// Ids of the cloud groups of a name.
    private func named(_ name: String) async throws -> [String] {
        var found: [String] = []
        for try await page in client.groups() {
            found += page.groups.filter { $0.authority == .cloud && EmailAddress.fold($0.name) == EmailAddress.fold(name) }.map(\.id)
        }
        return found
    }
}
