import ArgumentParser
import Foundation
import Lifecycle
import MimecastClient

/// `muster events --siem`: the vendor's mail logs as NDJSON on stdout.
struct SiemStream: Sendable {
    let work: Workbench
    let tenant: TenantRecord
    /// Whose cursor: each consumer has its own.
    let cursor: String
    /// Where to begin without a cursor; nil is a day back.
    let since: Date?
    /// Empty for receipt, process and delivery.
    let types: [String]
    /// Goes on until it is interrupted.
    let follow: Bool

    /// Seconds between two looks when all is read.
    private static let pause = 60.0

    /// Writes all lines that are new: once to the end, or on and on.
    func run() async throws {
        try await work.withClient(tenant) { client in
            let source = SiemSource.vendor(client, types: types)
            let reader = SiemReader(source: source, store: work.store, tenant: tenant.code, name: cursor)
            while true {
                do {
                    for type in source.types { try await drain(reader, type) }
                    await work.remember(client, tenant)
                } catch {
                    // A stream that ends because one call failed would end silently.
                    guard follow, !Task.isCancelled, !(error is CancellationError) else { throw error }
                    let trouble = Trouble(error)
                    guard [Exit.unreachable, Exit.partly].contains(trouble.exit) else { throw trouble }
                    work.output.note("muster: \(trouble.message)\n        \(trouble.remedy)")
                }
                guard follow else { return }
                try await Task.sleep(for: .seconds(Self.pause * .random(in: 0.9...1.1)))
            }
        }
    }

    private func drain(_ reader: SiemReader, _ type: String) async throws {
        while true {
            try Task.checkCancellation()
            let turn = try await reader.turn(type, since: since) { try Self.write($0) }
            for gap in turn.gaps {
                let span = [gap.from.map { "from \($0)" }, gap.to.map { "to \($0)" }, gap.file].compactMap(\.self).joined(separator: " ")
                work.output.note("muster: a gap in the \(type) logs of \(tenant.code) \(span): \(gap.reason)")
            }
            guard !turn.isCaughtUp else { return }
        }
    }

    /// Writes lines, to the disk where stdout is a file: the cursor that is kept next must not know more than whoever reads them.
    private static func write(_ lines: [String]) throws {
        do {
            try FileHandle.standardOutput.write(contentsOf: Data((lines.joined(separator: "\n") + "\n").utf8))
        } catch {
            throw Trouble(
                Exit.store, "stream-not-written", "Lines of the mail logs cannot be written to standard output.",
                remedy: "Begin again where it can be written; nothing that was not written counts as read.")
        }
        fsync(STDOUT_FILENO)
    }
}

/// What the stream of mail logs has for options beside those of other streams.
struct SiemOptions: ParsableArguments {
    @Flag(help: "The vendor's mail logs instead, as NDJSON, from where the last run ended.") var siem = false
    @Option(help: ArgumentHelp("With --siem: whose place is kept; each consumer needs its own.", valueName: "name")) var cursor = "siem"
    @Option(help: ArgumentHelp("With --siem: which mail logs (receipt, process, delivery); repeatable.", valueName: "type"))
    var logType: [String] = []
}
