import ArgumentParser
import Foundation
import Lifecycle
import MusterStore

/// The feed, as `muster events --json` writes it, without the start of the program.
struct TellCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tell", abstract: "Writes every event of a store as muster events --json does, to /dev/null; prints seconds and bytes."
    )

    @Argument(help: "A store of Muster's.") var store: String

    func run() async throws {
        let opened = try SQLiteStore(path: store, migrations: StateSchema.migrations)
        guard let tenant = try await EventFeed.tenants(opened).first else { throw ValidationError("\(store) has no events.") }
        guard let sink = FileHandle(forWritingAtPath: "/dev/null") else { throw ValidationError("/dev/null cannot be written.") }
        let begin = ContinuousClock.now
        let merge = EventMerge([(EventFeed(store: opened, tenant: tenant), 0)], EventFeed.Filter())
        var length = 0
        while case let items = try await merge.next(), !items.isEmpty {
            var bytes: [UInt8] = []
            bytes.reserveCapacity(items.count * 800)
            for item in items {
                bytes += item.bytes
                bytes.append(UInt8(ascii: "\n"))
            }
            length += bytes.count
            try bytes.withUnsafeMutableBytes { bytes in
                guard let start = bytes.baseAddress else { return }
                try sink.write(contentsOf: Data(bytesNoCopy: start, count: bytes.count, deallocator: .none))
            }
        }
        print(String(format: "%.3f", (ContinuousClock.now - begin) / .seconds(1)), length, separator: "\t")
        try opened.close()
    }
}
