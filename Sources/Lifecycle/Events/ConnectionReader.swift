import Mimecast
import MimecastClient
import Planning

/// Reads how the connections to the company's directory are: one that fails holds up the removals of all.
enum ConnectionReader {
    /// - Returns: nil where they cannot be read: the application may not, or the vendor does not answer. That is no reason for a read to fail.
    static func read(_ client: TenantClient) async -> [TenantSteps.Connection]? {
        let connections = try? await client.connections().map(\.shape)
        return connections?.map { connection in
            let isWell = connection.status.map { $0.lowercased() == "ok" } ?? true
            let info = connection.info.flatMap { $0.isEmpty ? nil : $0 }
            let name = connection.description.flatMap { $0.isEmpty ? nil : $0 } ?? connection.serverType ?? connection.id
            return TenantSteps.Connection(
                id: connection.id, name: name, failed: !connection.enabled || !isWell,
                reason: !connection.enabled ? "disabled" : isWell ? nil : String((info ?? "in error").prefix(500)))
        }
    }
}
