import Foundation
import Lifecycle
import Mimecast

/// The tenant that the names of a sandbox's credentials file describe. It may be written: it is there to be tried.
struct EnvironmentTenant {
    private let environment: [String: String]

    init(_ environment: [String: String] = ProcessInfo.processInfo.environment) { self.environment = environment }

    var code: String? { value("MIMECAST_ACCOUNT_CODE") }

    func record(_ generation: Generation, _ dialect: Dialect) throws -> TenantRecord {
        let credentials: TenantRecord.CredentialReference =
            switch (generation, dialect) {
            case (.v1, _):
                .v1(
                    applicationID: try need("MIMECAST_APP_ID"), applicationKey: "env:MIMECAST_APP_KEY",
                    accessKey: "env:MIMECAST_ACCESS_KEY", secretKey: "env:MIMECAST_SECRET_KEY")
            case (.v2, .portal): .v2(clientID: try need("MIMECAST_CLIENT_ID"), clientSecret: "env:MIMECAST_CLIENT_SECRET")
            case (.v2, .guide): .v2(clientID: try need("MIMECAST_GUIDE_CLIENT_ID"), clientSecret: "env:MIMECAST_GUIDE_CLIENT_SECRET")
            }
        return TenantRecord(
            code: try need("MIMECAST_ACCOUNT_CODE"), baseURL: try need("MIMECAST_BASE_URL"), dialect: generation == .v1 ? .portal : dialect,
            allowWrites: true, credentials: credentials)
    }

    private func value(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }

    private func need(_ name: String) throws -> String {
        guard let value = value(name) else {
            throw Trouble.usage("The environment names a tenant, but not \(name).", remedy: "Load the whole file: set -a; . sandbox.env")
        }
        return value
    }
}
