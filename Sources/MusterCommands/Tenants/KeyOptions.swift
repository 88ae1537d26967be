import ArgumentParser
import Lifecycle
import Mimecast

/// Where a tenant is reached.
struct PlaceOptions: ParsableArguments {
    @Option(help: "Region: \(Region.allCases.map(\.rawValue).joined(separator: ", ")).") var region: Region?
    @Option(help: ArgumentHelp("Base URL instead of a region, such as a sandbox's.", valueName: "url")) var baseURL: String?

    func validate() throws {
        guard region == nil || baseURL == nil else { throw ValidationError("Give either --region or --base-url.") }
    }

    var isGiven: Bool { region != nil || baseURL != nil }

    /// Empty where nothing is given.
    func url(_ generation: Generation) -> String { baseURL ?? region?.baseURL(generation) ?? "" }
}

/// An application's credentials, their secrets by reference.
struct KeyOptions: ParsableArguments {
    // Ids and keys may begin with a dash.
    @Option(parsing: .unconditional, help: "v2: the application's client id.") var clientID: String?
    @Option(help: ArgumentHelp("v2: env:NAME, file:PATH or -.", valueName: "ref")) var clientSecret: String?
    @Option(parsing: .unconditional, help: "v1: the application's id.") var appID: String?
    @Option(help: ArgumentHelp("v1: env:NAME, file:PATH or -.", valueName: "ref")) var appKey: String?
    @Option(help: ArgumentHelp("v1: env:NAME, file:PATH or -.", valueName: "ref")) var accessKey: String?
    @Option(help: ArgumentHelp("v1: env:NAME, file:PATH or -.", valueName: "ref")) var secretKey: String?

    func validate() throws {
        guard references.count(where: { $0 == "-" }) <= 1 else { throw ValidationError("Only one secret can come from standard input.") }
    }

    var references: [String] { [clientSecret, appKey, accessKey, secretKey].compactMap { $0 } }

    /// - Parameter accept: makes of a secret's reference and its flag what is kept of it.
    func reference(
        _ generation: Generation, accept: (_ reference: String, _ flag: String) throws -> String
    ) throws -> TenantRecord.CredentialReference {
        func need(_ value: String?, _ flag: String) throws -> String {
            guard let value else { throw ValidationError("A \(generation.rawValue) tenant needs \(flag).") }
            return value
        }
        func secret(_ value: String?, _ flag: String) throws -> String { try accept(try need(value, flag), flag) }
        switch generation {
        case .v2: return .v2(clientID: try need(clientID, "--client-id"), clientSecret: try secret(clientSecret, "--client-secret"))
        case .v1:
            return .v1(
                applicationID: try need(appID, "--app-id"), applicationKey: try secret(appKey, "--app-key"),
                accessKey: try secret(accessKey, "--access-key"), secretKey: try secret(secretKey, "--secret-key"))
        }
    }
}
