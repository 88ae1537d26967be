import Mimecast

/// The connections to the company's directory. One that is in error or disabled pauses what would take somebody out, for all of them.
enum IntegrationCheck {
    static func findings(_ connections: [Connection]) -> [Finding] {
        let broken = connections.filter { !$0.enabled || $0.status.map { $0.lowercased() != "ok" } ?? false }
        guard !broken.isEmpty else { return [] }
        let evidence = broken.map { connection in
            let state = connection.enabled ? "is in error" : "is disabled"
            let reason = connection.info.flatMap { $0.isEmpty ? nil : " (\($0))" } ?? ""
            let last = connection.lastSync.map { ", last synced \($0)" } ?? ""
            return "the connection \(connection.named) \(state)\(reason)\(last)"
        }
        return [
            Finding(
                .integrationError, .warning,
                evidence.joined(separator: "; ").capitalizedFirst
                    + ". Until it works the vendor pauses all destructive sync actions: leavers of the directory stay, of every connection.",
                remedy: "Repair it or remove it in the console (Directory Synchronization), then have it synced once.")
        ]
    }
}

extension String {
    var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
