import ArgumentParser
import Foundation
import GRDB
import Lifecycle
import Mimecast
import MusterStore

/// What `script/bench history` begins with: reads that find changes, fed to the code that syncs use.
struct GrowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "grow",
        abstract: "Makes a store with reads in which one in a hundred changes; prints bytes used and seconds after each, tab-separated.")

    @Argument(help: "The store to make.") var store: String
    @Option(help: "How many people.") var people = 20_000
    @Option(help: "How many reads after the first.") var reads = 10

    /// Reads are an hour apart, from here on.
    static let begin = 1_790_000_000
    static let tenant = "CBENCH0001"

    func run() async throws {
        let crowd = Crowd(people: people)
        let opened = try SQLiteStore(path: store, migrations: StateSchema.migrations)
        // Of no vendor: what is known of it is looked up, and it is never called.
        let record = TenantRecord(
            code: Self.tenant, baseURL: "https://vendor.invalid", dialect: .guide, allowWrites: false,
            credentials: .v2(clientID: "bench", clientSecret: "env:BENCH_SECRET"))
        try await TenantRegistry(store: opened).put(record, now: Self.begin, who: "bench")
        let fed = FedReads(store: opened, tenant: Self.tenant, domain: Crowd.domain)
        for read in 0...reads {
            let begin = ContinuousClock.now
            let instant = Self.begin + read * 3_600
            try await fed.note(crowd.traces(at: read, by: instant), at: instant)
            try await fed.take(crowd.pages(at: read), groups: read == 0 ? crowd.groups() : nil, at: instant)
            // Not through print, which keeps lines back where nobody looks at them.
            let line = "\(read)\t\(try used())\t\(Figure.seconds(ContinuousClock.now - begin))\n"
            FileHandle.standardOutput.write(Data(line.utf8))
        }
        try opened.close()
    }

    /// Bytes of the store that hold something.
    private func used() throws -> Int {
        let queue = try DatabaseQueue(path: store)
        defer { try? queue.close() }
        return try queue.read { db in
            let pages = try Int.fetchOne(db, sql: "PRAGMA page_count") ?? 0
            let free = try Int.fetchOne(db, sql: "PRAGMA freelist_count") ?? 0
            return (pages - free) * (try Int.fetchOne(db, sql: "PRAGMA page_size") ?? 0)
        }
    }
}

/// Look-ups in such a store, as the program does them, without the start of the program.
struct LookCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "look",
        abstract: "Looks people up, as of now and as of a read in the middle, in turns; prints two medians in milliseconds.")

    @Argument(help: "A store that grow made.") var store: String
    @Option(help: "How many people it has.") var people = 20_000
    @Option(help: "How many reads after the first.") var reads = 10
    @Option(help: "How many people are looked up.") var count = 400

    func run() async throws {
        let crowd = Crowd(people: people)
        let opened = try SQLiteStore(path: store, migrations: StateSchema.migrations)
        let snapshots = Snapshots(store: opened, tenant: GrowCommand.tenant)
        let middle = Date(timeIntervalSince1970: TimeInterval(GrowCommand.begin + reads / 2 * 3_600 + 1))
        var times: [[Duration]] = [[], []]
        for turn in 0..<count {
            // Spread over everybody; each is looked up for the first time once here and once there.
            let address = crowd.address(Int(UInt64(turn) &* 7_368_787 % UInt64(people)))
            let sides: [(Int, Date?)] = [(0, nil), (1, middle)]
            for (side, instant) in turn % 2 == 0 ? sides : sides.reversed() {
                let begin = ContinuousClock.now
                guard try await snapshots.person(address, asOf: instant)?.account != nil else {
                    throw ValidationError("\(address) is not in the store.")
                }
                times[side].append(ContinuousClock.now - begin)
            }
        }
        print(times.map { String(format: "%.3f", $0.median / .milliseconds(1)) }.joined(separator: "\t"))
        print(crowd.address(people / 3), ISO8601DateFormatter().string(from: middle), separator: "\t")
        try opened.close()
    }
}
