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
        for line in Self.timeLine(person.versions, person.events) { output.line("  " + line) }
    }

    /// What changed from read to read, a line each, with who did it and why where that is known; nothing where nothing ever did.
    static func timeLine(_ versions: [Snapshots.PersonView.Version], _ events: [TenantEvent] = []) -> [String] {
        let byTime = Dictionary(grouping: events, by: \.time)
        var lines: [(time: String, text: String)] = []
        func add(_ time: String, _ text: String) {
            var authors: [String] = []
            for event in byTime[time] ?? [] where !isBesideVersions(event) {
                if let author = event.author, !authors.contains(author) { authors.append(author) }
            }
            lines.append((time, ([text] + authors).joined(separator: "  ")))
        }
        var before: Snapshots.PersonView.Version?
        for version in versions {
            if let before {
                if before.until == version.since {
                    add(version.since, differences(before.account, version.account))
                } else {
                    if let until = before.until { add(until, "not there") }
                    add(version.since, "there again")
                }
            }
            before = version
        }
        if let until = before?.until { add(until, "not there") }
        for event in events where isBesideVersions(event) {
            let words = [event.type, event.difference, event.author ?? "", event.data.undone == true ? "(undone since)" : ""]
            lines.append((event.time, words.filter { !$0.isEmpty }.joined(separator: "  ")))
        }
        // Times of one form sort as they are; what comes at the same time stays as it came.
        return lines.enumerated().sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }
            .map { "\($0.element.time)  \($0.element.text)" }
    }

    /// What the versions of the account do not show: memberships, rights over mailboxes, the address before, and what was undone between reads.
    private static func isBesideVersions(_ event: TenantEvent) -> Bool {
        switch EventType(rawValue: event.type) {
        case .groupJoined, .groupLeft, .delegateAdded, .delegateRemoved, .accountRenamed: true
        default: event.data.undone == true
        }
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
