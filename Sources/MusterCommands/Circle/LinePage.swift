import Foundation
import Lifecycle
import Mimecast
import Planning

/// One line of a plan, explained: from what to what, why, on whose word, and how it is taken back.
struct LinePage {
    let line: LineExplanation
    let output: Output

    func show() {
        let change = line.change
        output.line(
            output.paint("Line \(change.line) of \(line.plan)", .bold) + ": \(change.kind.rawValue) \(change.person)"
                + (change.account.isEmpty || change.account == change.person ? "" : " (account \(change.account))"))
        for (name, text) in facts { output.line("  \(name.padding(toLength: 10, withPad: " ", startingAt: 0)) \(text)") }
    }

    private var facts: [(String, String)] {
        let change = line.change
        var facts: [(String, String)] = []
        for difference in change.differences {
            facts.append(("change", "\(difference.field): \(Self.quoted(difference.from)) → \(Self.quoted(difference.to))"))
        }
        if change.differences.isEmpty, let effect { facts.append(("change", effect)) }
        facts.append(("reason", change.reason))
        facts.append(("evidence", change.evidence))
        for fact in change.facts ?? [] { facts.append(("know", fact)) }
        facts.append(("read", "snapshot \(line.evidence.snapshot)" + (proof.map { "; \($0)" } ?? "")))
        if let link = line.evidence.link {
            let id = link.externalID.map { " (source id \($0))" } ?? ""
            facts.append(("link", "\(link.account) belongs to \(link.person)\(id)\(link.disabledByUs ? ", disabled by Muster" : "")"))
        }
        facts.append(("written by", line.authority.writer == .ldap ? "the company's directory only" : "the API"))
        if let place = line.authority.where_ { facts.append(("instead", place)) }
        for result in line.guards {
            facts.append(("guard", "\(result.name)\(result.tripped ? ", which STOPS the plan" : ""): \(result.explanation)"))
        }
        facts.append(("approval", approval))
        facts.append(("undo", line.undo.how))
        for call in line.calls { facts.append(("call", "\(call.method) \(call.path)  (\(call.purpose))")) }
        if let journal = line.journal {
            let sent = journal.attempts == 0 ? "" : ", sent \(journal.attempts == 1 ? "once" : "\(journal.attempts) times")"
            facts.append(("journal", "\(journal.state)\(sent), \(Self.time(journal.changed))\(journal.note.map { ": \($0)" } ?? "")"))
        }
        return facts
    }

    /// From what to what, of lines that set no fields.
    private var effect: String? {
        let change = line.change
        return switch change.kind {
        case .create: "no account → \(change.account)\(change.values?.name.map { ", \"\($0)\"" } ?? "")"
        case .enable: "disabled → active"
        case .disable: "active → disabled; the archive stays"
        case .remove: "there → deleted for good"
        case .addMember: "no member → member of \(change.group ?? "")"
        case .removeMember: "member → no member of \(change.group ?? "")"
        case .createGroup: "no group → \(change.group ?? "")"
        case .purge: "disabled → on the list of those that the vendor removes for good"
        case .unpurge: "on the purge list → off it"
        case .addAlias: "no alias → \(change.counterpart ?? "")"
        case .removeAlias: "\(change.counterpart ?? "") → no alias"
        case .addDelegate: "no right → \(change.counterpart ?? "") may open the mailbox"
        case .removeDelegate: "\(change.counterpart ?? "") may open the mailbox → no right"
        case .rename, .update, .attribute, .blocked, .undecided: nil
        }
    }

    private var proof: String? {
        guard let domain = line.evidence.domain else { return nil }
        let why = domain.reason ?? "\(domain.rows) rows on \(domain.pages) page\(domain.pages == 1 ? "" : "s")"
        return "\(domain.domain) is \(domain.state.rawValue): \(why)"
    }

    private var approval: String {
        let given = line.approval.who.map { who in "given by \(who)" + (line.approval.given.map { ", \(Self.time($0))" } ?? "") }
        if !line.approval.waitsFor.isEmpty {
            return (given.map { $0 + "; " } ?? "") + "waits for \(line.approval.waitsFor.joined(separator: "; and for ")): "
                + "muster approve \(line.plan)"
        }
        guard let given else { return line.approval.isNeeded ? "needed, and nobody has given it" : "this line needs none" }
        return given + (line.approval.isNeeded ? "" : "; this line alone would need none")
    }

    private static func quoted(_ text: String?) -> String { text.map { "\"\($0)\"" } ?? "nothing" }

    private static func time(_ seconds: Int) -> String {
        Date(timeIntervalSince1970: TimeInterval(seconds)).formatted(.iso8601)
    }
}
