import ArgumentParser
import Foundation
import Lifecycle

struct AuditExport: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Write the record as NDJSON, oldest first; it can be checked without Muster.",
        discussion: """
            Each line is the record's own text with its hash in front. Without the hash it is, byte for byte, what was hashed:

              muster audit export > record.ndjson
              sed -n '7{s/"hash":"[0-9a-f]*",//;p}' record.ndjson | tr -d '\\n' | sha256sum
            """)

    @OptionGroup var global: GlobalOptions
    @Option(help: ArgumentHelp("Lines of the last span alone: 12h, 30d.", valueName: "interval")) var last: Interval?
    @Option(help: ArgumentHelp("Write to a file, readable to you alone.", valueName: "file")) var out: String?

    func run() async throws {
        let work = try await Workbench(global)
        let code = try await work.code()
        let since = last.map { Int(Date().timeIntervalSince1970) - $0.seconds }
        let book = AuditBook(store: work.store, tenant: code)
        guard let out else { return try await book.export(since: since) { print($0) } }
        var lines = 0
        do {
            try await PrivateFile.write(to: out) { file in
                try await book.export(since: since) {
                    try file.write(contentsOf: Data(($0 + "\n").utf8))
                    lines += 1
                }
            }
        } catch is CocoaError {
            throw Trouble(
                Exit.store, "export-not-written", "The record cannot be written to \(out).", remedy: "Name a file that can be written.")
        }
        try work.output.document(["lines": "\(lines)", "file": out])
        work.output.line("\(lines) lines of \(code) are in \(out).")
    }
}
