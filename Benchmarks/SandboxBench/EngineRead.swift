import ArgumentParser
import Foundation
import GRDB
import Mimecast
import MimecastClient

/// What `script/bench engine` puts beside a sync: the same calls, with their pages thrown away or decoded and then dropped.
struct ReadCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "read", abstract: "Makes the calls of a sync and keeps nothing; prints seconds.")

    @Argument(help: "The file that --credentials-out wrote.") var credentials: String
    @Flag(help: "As a guide application; else as a portal one.") var guide = false
    @Flag(help: "Decode the pages with the client library.") var decoded = false

    func run() async throws {
        try await Desk.open(credentials: credentials) { desk in
            let start = ContinuousClock.now
            if decoded { try await decode(desk.client(application)) } else { try await discard(desk) }
            print(Figure.seconds(ContinuousClock.now - start))
        }
    }

    private var application: PagedList.Application { guide ? .guide : .portal }

    private func decode(_ client: TenantClient) async throws {
        if guide {
            for try await _ in client.internalAccounts(domain: nil) {}
        } else {
            for domain in try await client.domains() { for try await _ in client.internalAccounts(domain: domain) {} }
        }
        for try await _ in client.externalAccounts() {}
        for group in try await groups(client) { for try await _ in client.members(ofGroup: group) {} }
    }

    private func discard(_ desk: Desk) async throws {
        let client = desk.client(application)
        if guide {
            try await desk.discard(application, Endpoints.Guide.listUsers.description, "{}")
        } else {
            for domain in try await client.domains() {
                try await desk.discard(application, Endpoints.Portal.internalUsers.description, #"{"domain":"\#(domain)"}"#)
            }
        }
        try await desk.discard(application, Endpoints.Portal.externalUsers.description, "{}")
        // Their ids are needed; they are few.
        for group in try await groups(client) {
            try await desk.discard(application, Endpoints.Portal.groupMembers.description, #"{"id":"\#(group)"}"#)
        }
    }

    private func groups(_ client: TenantClient) async throws -> [String] {
        var groups: [String] = []
        for try await page in client.groups() { groups += page.groups.map(\.id) }
        return groups
    }
}

extension Desk {
    /// Fetches every page of a list.
    fileprivate func discard(_ application: PagedList.Application, _ description: EndpointDescription, _ data: String) async throws {
        var token = ""
        while true {
            var (target, body): (String, String?) = (
                description.path, #"{"meta":{"pagination":{"pageSize":500,"pageToken":"\#(token)"}},"data":[\#(data)]}"#
            )
            if case .query = description.paging { (target, body) = ("\(description.path)?pageSize=500&pageToken=\(token)", nil) }
            let page = try await send(application, description.method.rawValue, target, body)
            guard let next = PageToken.next(page) else { return }
            token = next
        }
    }
}

/// What `script/bench engine` puts beside a sync: its rows in a new file, by GRDB alone.
struct CopyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "copy",
        abstract: "Inserts the observed rows of a store into a new file with the same tables and indexes; prints seconds.")

    @Argument(help: "A store of Muster.") var store: String
    @Argument(help: "The file to make.") var copy: String

    private static let batch = 2_000

    func run() throws {
        var configuration = Configuration()
        configuration.readonly = true
        let source = try DatabaseQueue(path: store, configuration: configuration)
        let target = try DatabasePool(path: copy)
        try target.writeWithoutTransaction { db in try db.execute(sql: "PRAGMA synchronous = FULL") }
        let schema = try source.read { db in
            try String.fetchAll(
                db, sql: "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND tbl_name LIKE 'observed%' ORDER BY rowid")
        }
        try target.write { db in for statement in schema { try db.execute(sql: statement) } }
        var elapsed = Duration.zero
        for table in ["observed_accounts", "observed_taken", "observed_groups", "observed_members"] {
            // In the order in which they were read.
            try source.read { db in
                let names = try db.columns(in: table).map(\.name)
                let insert =
                    "INSERT INTO \(table) (\(names.joined(separator: ", "))) VALUES (\(names.map { _ in "?" }.joined(separator: ", ")))"
                let rows = try Row.fetchCursor(db, sql: "SELECT * FROM \(table) ORDER BY n")
                var batch: [StatementArguments] = []
                func flush() throws {
                    elapsed += try ContinuousClock().measure {
                        try target.write { db in
                            let statement = try db.cachedStatement(sql: insert)
                            for row in batch { try statement.execute(arguments: row) }
                        }
                    }
                    batch = []
                }
                while let row = try rows.next() {
                    batch.append(StatementArguments(row.databaseValues))
                    if batch.count == Self.batch { try flush() }
                }
                try flush()
            }
        }
        try target.close()
        print(Figure.seconds(elapsed))
    }
}
