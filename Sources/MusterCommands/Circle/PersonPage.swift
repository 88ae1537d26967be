import ArgumentParser
import Foundation
import Lifecycle
import Mimecast
import Planning

/// One person: the account as read last, its groups, its link, what Muster did.
struct PersonPage {
    let work: Workbench
    let address: String
    /// Nil is as read last.
    var asOf: Date?

    func show() async throws {
        let tenant = try await work.tenant(ApplicationOptions.parse([])).code
        guard let person = try await Snapshots(store: work.store, tenant: tenant).person(address, asOf: asOf) else {
            throw Trouble(
                Exit.input, "no-such-person", "The last read of \(tenant) shows no \(address), and no link names it.",
                remedy: "Look at the spelling; muster sync reads the tenant again.")
        }
        try work.output.document(person)
        let output = work.output
        if asOf != nil, let read = person.asOf { output.line("As read at \(read); the link is today's.") }
        if let account = person.account {
            output.line(output.paint(account.address, .bold) + (account.name.map { "  \($0)" } ?? ""))
            output.line("  status     \(account.status?.rawValue ?? "not shown by this dialect's list")")
            output.line("  written by \(account.authority == .ldap ? "the company's directory only" : "the API")")
            if let aliases = account.aliases, !aliases.isEmpty { output.line("  aliases    \(aliases.joined(separator: ", "))") }
            if let roles = account.adminRoles, !roles.isEmpty { output.line("  roles      \(roles.joined(separator: ", "))") }
        } else {
            output.line(output.paint(address, .bold) + "  not in the last read")
        }
        if !person.groups.isEmpty { output.line("  groups     \(person.groups.joined(separator: ", "))") }
        if let link = person.link {
            output.line(
                "  linked to  \(link.person)\(link.externalID.map { " (source id \($0))" } ?? "")\(link.disabledByUs ? ", disabled by Muster" : "")"
            )
        } else {
            output.line("  linked to  nobody: no plan's source has named this account")
        }
        for step in asOf == nil ? person.history : [] { output.line("  \(step.plan) line \(step.line): \(step.kind) \(step.state)") }
        for line in Self.timeLine(person.versions) { output.line("  " + line) }
    }

    /// What changed from read to read, a line each; nothing where nothing ever did.
    static func timeLine(_ versions: [Snapshots.PersonView.Version]) -> [String] {
        var lines: [String] = []
        var before: Snapshots.PersonView.Version?
        for version in versions {
            if let before {
                if before.until == version.since {
                    lines.append("\(version.since)  \(differences(before.account, version.account))")
                } else {
                    if let until = before.until { lines.append("\(until)  not there") }
                    lines.append("\(version.since)  there again")
                }
            }
            before = version
        }
        if let until = before?.until { lines.append("\(until)  not there") }
        return lines
    }

    private static func differences(_ old: Account, _ new: Account) -> String {
        func words(_ text: String?) -> String { text.map { "\"\($0)\"" } ?? "not shown" }
        func list(_ texts: [String]?) -> String? { texts?.sorted().joined(separator: "; ") }
        let fields: [(String, String?, String?)] = [
            ("address", old.address, new.address), ("name", old.name, new.name), ("firstName", old.firstName, new.firstName),
            ("lastName", old.lastName, new.lastName), ("status", old.status?.rawValue, new.status?.rawValue),
            ("aliases", list(old.aliases), list(new.aliases)), ("adminRoles", list(old.adminRoles), list(new.adminRoles)),
            ("source", old.authority.rawValue, new.authority.rawValue),
        ]
        let changed = fields.filter { $0.1 != $0.2 }.map { "\($0.0) \(words($0.1)) → \(words($0.2))" }
        return changed.isEmpty ? "another account under this address" : changed.joined(separator: ", ")
    }
}
