import ArgumentParser
import Foundation
import Lifecycle

struct AuditVerify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Check every line of the record; name the first that does not hold.",
        discussion: """
            Each line carries the hash of the line before it. Whoever kept a later head (a receipt shows one) proves with it that nothing up \
            to there was changed or taken away, even by somebody who could write the store:

              muster audit verify --head 4b90…
              muster audit verify --from record.ndjson

            Exit 0: all of it holds. 73: it is broken, and where.
            """)

    @OptionGroup var global: GlobalOptions
    @Option(help: ArgumentHelp("A head that was kept elsewhere; it has to be in the record.", valueName: "hash")) var head: String?
    @Option(help: ArgumentHelp("Check an export instead of the store.", valueName: "file")) var from: String?

    func validate() throws {
        guard head.map({ $0.count == 64 && $0.allSatisfy(\.isHexDigit) }) ?? true else {
            throw ValidationError("A head has 64 hexadecimal digits, as a receipt and muster audit verify print it.")
        }
    }

    private struct View: Encodable {
        var tenant: String
        var lines: Int
        var head: String
        var from: String?
        var to: String?
    }

    func run() async throws {
        let view = if let from { try file(from) } else { try await store() }
        let output = Output(global)
        try output.document(view)
        guard view.lines > 0 else { return output.line("Nothing has been recorded of \(view.tenant) yet.") }
        output.line("\(output.paint("whole", .green))  \(view.lines) lines of \(view.tenant), \(view.from ?? "") to \(view.to ?? "")")
        output.line("head   \(view.head)")
    }

    private func store() async throws -> View {
        let work = try await Workbench(global)
        let code = try await work.code()
        let proof = try await AuditBook(store: work.store, tenant: code).verify(noted: head?.lowercased())
        return View(tenant: code, lines: proof.lines, head: proof.head, from: proof.from, to: proof.to)
    }

    private func file(_ path: String) throws -> View {
        guard let bytes = FileManager.default.contents(atPath: path) else {
            throw Trouble(
                Exit.input, "export-unreadable", "The file \(path) cannot be read.", remedy: "Give a file that muster audit export wrote.")
        }
        var chain = AuditChain(isWhole: false)
        var isNoted = head == nil
        for (index, line) in String(decoding: bytes, as: UTF8.self).split(separator: "\n").enumerated() {
            guard let (text, hash) = AuditLine.read(line) else {
                throw Trouble(
                    Exit.input, "not-an-export", "Line \(index + 1) of \(path) is no line of a record.",
                    remedy: "Give a file that muster audit export wrote, as it was written.")
            }
            do {
                try chain.take(text, hash: hash)
            } catch {
                throw AuditBook.broken(chain.last?.tenant ?? path, error)
            }
            if hash == head?.lowercased() { isNoted = true }
        }
        guard isNoted else {
            throw Trouble(
                Exit.store, "audit-broken", "\(path) holds together, but it has no line with that head.",
                remedy: "Compare it with the export that the head was taken from.")
        }
        guard let first = chain.first, let last = chain.last, let head = chain.head else {
            throw Trouble(Exit.input, "not-an-export", "\(path) is empty.", remedy: "Give a file that muster audit export wrote.")
        }
        return View(tenant: first.tenant, lines: chain.lines, head: head, from: first.at, to: last.at)
    }
}
