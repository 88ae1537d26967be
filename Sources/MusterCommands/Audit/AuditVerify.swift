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

            With --plan it checks as well who approved a plan: each word that stands beside the plan's file, in PLAN.approvals, is about that \
            very plan, unaltered, and in the record:

              muster audit verify --plan monday.plan --from record.ndjson

            Exit 0: all of it holds. 73: it is broken, and where.
            """)

    @OptionGroup var global: GlobalOptions
    @Option(help: ArgumentHelp("A head that was kept elsewhere; it has to be in the record.", valueName: "hash")) var head: String?
    @Option(help: ArgumentHelp("Check an export instead of the store.", valueName: "file")) var from: String?

    @Option(help: ArgumentHelp("Check the words about a plan: its file, with PLAN.approvals beside it.", valueName: "file"))
    var plan: String?

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
        /// Words about the plan that was named, each of them in the record.
        var approvals: [Word]?
    }

    private struct Word: Encodable {
        var action: String
        var who: String
        var at: String
        var lines: String?
        var hash: String
    }

    func run() async throws {
        let words = try plan.map(Self.words) ?? []
        let noted = Set(words.map(\.hash) + [head?.lowercased()].compactMap { $0 })
        var view = if let from { try file(from, noted) } else { try await store(noted) }
        if plan != nil { view.approvals = words }
        let output = Output(global)
        try output.document(view)
        guard view.lines > 0 else { return output.line("Nothing has been recorded of \(view.tenant) yet.") }
        output.line("\(output.paint("whole", .green))  \(view.lines) lines of \(view.tenant), \(view.from ?? "") to \(view.to ?? "")")
        output.line("head   \(view.head)")
        for word in words {
            let lines = word.lines.map { " line \($0)" } ?? ""
            output.line("\(word.action)\(lines)  by \(word.who) at \(word.at), record \(word.hash)")
        }
    }

    /// The words beside a plan's file, each of them whole and about that plan.
    private static func words(_ path: String) throws -> [Word] {
        let file = try Workbench.planFile(path)
        let beside = ApprovalTranscript.path(path)
        guard let bytes = FileManager.default.contents(atPath: beside) else {
            throw Trouble(
                Exit.input, "no-approvals", "There is no \(beside): nothing was decided about this file.",
                remedy: "muster approve \(path) writes it; muster show \(path) says what the store knows.")
        }
        return try ApprovalTranscript.read(String(decoding: bytes, as: UTF8.self), plan: file, name: beside).map {
            Word(
                action: $0.record.action == .planApproved ? "approved" : "rejected", who: $0.record.actor, at: $0.record.at,
                lines: $0.record.detail["lines"], hash: $0.hash)
        }
    }

    private func store(_ noted: Set<String>) async throws -> View {
        let work = try await Workbench(global)
        let code = try await work.code()
        let proof = try await AuditBook(store: work.store, tenant: code).verify(noted: noted)
        return View(tenant: code, lines: proof.lines, head: proof.head, from: proof.from, to: proof.to)
    }

    private func file(_ path: String, _ noted: Set<String>) throws -> View {
        guard let bytes = FileManager.default.contents(atPath: path) else {
            throw Trouble(
                Exit.input, "export-unreadable", "The file \(path) cannot be read.", remedy: "Give a file that muster audit export wrote.")
        }
        var chain = AuditChain(isWhole: false)
        var missing = noted
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
            missing.remove(hash)
        }
        guard missing.isEmpty else {
            throw Trouble(
                Exit.store, "audit-broken", "\(path) holds together, but it has no line with that hash.",
                remedy: "Compare it with the export that the head was taken from.")
        }
        guard let first = chain.first, let last = chain.last, let head = chain.head else {
            throw Trouble(Exit.input, "not-an-export", "\(path) is empty.", remedy: "Give a file that muster audit export wrote.")
        }
        return View(tenant: first.tenant, lines: chain.lines, head: head, from: first.at, to: last.at)
    }
}
