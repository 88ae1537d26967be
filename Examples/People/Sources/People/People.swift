import Foundation
import HTTPTransport
import Mimecast
import MimecastClient

/// Lists, creates and disables a person, with the names that `muster sandbox --credentials-out` writes in the environment.
@main
struct People {
    static func main() async {
        do {
            try await run()
        } catch let error as ClientError {
            // What happened, and what to do about it; never a secret.
            print("\(error.code.rawValue): \(error)")
            exit(1)
        } catch {
            print(error)
            exit(1)
        }
    }

    private static func run() async throws {
        let environment = ProcessInfo.processInfo.environment
        guard let baseURL = environment["MIMECAST_BASE_URL"], let id = environment["MIMECAST_CLIENT_ID"],
            let secret = environment["MIMECAST_CLIENT_SECRET"], let domain = environment["MIMECAST_DOMAIN"]
        else {
            print("Set MIMECAST_BASE_URL, MIMECAST_CLIENT_ID, MIMECAST_CLIENT_SECRET and MIMECAST_DOMAIN.")
            exit(64)
        }
        let credentials = Credentials.v2(clientID: id, clientSecret: secret)
        let transport = AsyncHTTPTransport()
        let dialect = try await TenantClient.detectDialect(baseURL: baseURL, credentials: credentials, transport: transport)
        let client = TenantClient(baseURL: baseURL, dialect: dialect, credentials: credentials, transport: transport)

        // Page by page: a tenant of a million people takes no more memory than one of ten.
        var people = 0
        for try await page in client.internalAccounts(domain: dialect == .portal ? domain : nil) { people += page.accounts.count }
        print("\(people) people in \(domain) (\(dialect.rawValue))")

        let address = "example-\(UUID().uuidString.prefix(8).lowercased())@\(domain)"
        try await client.create(NewAccount(address: address, name: "Example Person"))
        print("created \(address)")

        let created = try await client.lookUp([address]).values.first
        let key = AccountKey(id: created?.id, address: address)
        try await client.update(key, AccountChange(status: .disabled))
        let state = try await client.lookUp([address]).values.first?.status
        print("\(address) is \(state?.rawValue ?? "unknown")")
    }
}
