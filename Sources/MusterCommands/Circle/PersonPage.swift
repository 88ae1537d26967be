import ArgumentParser
import Foundation
import Lifecycle
import Mimecast
import Planning

/// One person: the account as read last, its groups, its link, what Muster did.
struct PersonPage {
    let work: Workbench
    let address: String

    func show() async throws {
        let tenant = try await work.tenant(ApplicationOptions.parse([])).code
        guard let person = try await Snapshots(store: work.store, tenant: tenant).person(address) else {
            throw Trouble(
                Exit.input, "no-such-person", "The last read of \(tenant) shows no \(address), and no link names it.",
                remedy: "Look at the spelling; muster sync reads the tenant again.")
        }
        try work.output.document(person)
        let output = work.output
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
        for step in person.history { output.line("  \(step.plan) line \(step.line): \(step.kind) \(step.state)") }
    }
}
