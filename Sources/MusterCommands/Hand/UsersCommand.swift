import ArgumentParser
import Foundation
import Lifecycle
import Mimecast
import Planning

struct UsersCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "users", abstract: "Single accounts by hand, through the same guards, approvals and journal.",
        discussion: """
              muster users list
              muster users create new.person@company.example --name "New Person" --group "All Staff"
              muster users disable leaver@company.example --reason HR-5521

            Whoever is made or disabled by hand is not tied to a source: no export that lacks them disables them, and none that names them \
            enables them again.
            """,
        subcommands: [
            UsersList.self, UsersGet.self, UsersCreate.self, UsersUpdate.self, UsersDisable.self, UsersEnable.self, UsersDelete.self,
            UsersPurge.self, UsersUnpurge.self, UsersAlias.self, UsersDelegate.self, UsersAttribute.self,
        ])
}

struct UsersList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "The accounts of the last read; with --json a line each.")

    @OptionGroup var global: GlobalOptions
    @Option(help: "Those of one domain.") var domain: String?
    @Flag(help: "Those that are disabled, as far as the list shows it.") var disabled = false

    func run() async throws {
        let work = try await Workbench(global)
        let code = try await work.code()
        var count = 0
        for try await account in Snapshots(store: work.store, tenant: code).accounts() {
            if let domain, EmailAddress(account.address)?.domain != EmailAddress.fold(domain) { continue }
            if disabled, account.status != .disabled { continue }
            count += 1
            if work.output.json {
                try Output.printLine(account)
            } else {
                let marks = [
                    account.status == .disabled ? "disabled" : nil, account.authority == .ldap ? "directory-synced" : nil,
                    account.isInternal ? nil : "external", account.adminRoles?.isEmpty == false ? "administrator" : nil,
                ]
                let tail = marks.compactMap { $0 }.joined(separator: ", ")
                work.output.line("\(account.address)\(account.name.map { "  \($0)" } ?? "")\(tail.isEmpty ? "" : "  (\(tail))")")
            }
        }
        work.output.note("\(count) accounts, as of the last read.")
    }
}

struct UsersGet: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "get", abstract: "One account: fields, groups, link, and what Muster did with it.")

    @OptionGroup var global: GlobalOptions
    @Argument(help: "The account's address.") var email: String

    func run() async throws { try await PersonPage(work: try await Workbench(global), address: email).show() }
}

/// The fields that can be set by hand.
struct PersonOptions: ParsableArguments {
    @Option(help: "The whole name.") var name: String?
    @Option var firstName: String?
    @Option var lastName: String?
    @Option(name: .customLong("alias"), help: "An alias; the whole list is given, one option each.") var aliases: [String] = []
    @Option(name: .customLong("role"), help: "An administrative role; the whole list is given, one option each.") var roles: [String] = []
    @Option(name: .customLong("group"), help: "A cloud group to join.") var groups: [String] = []

    func person(_ address: String) throws -> Person {
        guard let parsed = EmailAddress(address) else { throw ValidationError("\(address) is no e-mail address.") }
        return Person(
            address: parsed.text, name: name, firstName: firstName, lastName: lastName, aliases: aliases.isEmpty ? nil : aliases,
            groups: groups.isEmpty ? nil : groups, adminRoles: roles.isEmpty ? nil : roles)
    }
}

struct UsersCreate: HandVerb {
    static let configuration = CommandConfiguration(commandName: "create", abstract: "Make an account.")

    @OptionGroup var global: GlobalOptions
    @OptionGroup var application: ApplicationOptions
    @OptionGroup var hand: HandOptions
    @OptionGroup var fields: PersonOptions
    @Argument(help: "The new account's address.") var email: String

    func asked() throws -> HandWork { try HandWork(people: [fields.person(email)], makes: true) }
}

struct UsersUpdate: HandVerb {
    static let configuration = CommandConfiguration(
        commandName: "update", abstract: "Change an account's fields; what is not given stays.")

    @OptionGroup var global: GlobalOptions
    @OptionGroup var application: ApplicationOptions
    @OptionGroup var hand: HandOptions
    @OptionGroup var fields: PersonOptions
    @Option(help: ArgumentHelp("Another address; the old one stays as an alias.", valueName: "email")) var newEmail: String?
    @Flag(help: "Take all aliases away.") var noAliases = false
    @Flag(help: "Take all administrative roles away.") var noRoles = false
    @Argument(help: "The account's address.") var email: String

    func asked() throws -> HandWork {
        var person = try fields.person(newEmail ?? email)
        if noAliases { person.aliases = [] }
        if noRoles { person.adminRoles = [] }
        return HandWork(people: [person], addressesNow: newEmail == nil ? [:] : [person.address: email])
    }
}

struct UsersDisable: HandVerb {
    static let configuration = CommandConfiguration(
        commandName: "disable", abstract: "Disable accounts; their archive stays. It wants an approval, as every removal.")

    @OptionGroup var global: GlobalOptions
    @OptionGroup var application: ApplicationOptions
    @OptionGroup var hand: HandOptions
    @Argument(help: "The accounts' addresses.") var emails: [String]

    func asked() throws -> HandWork { HandWork(people: emails.map { Person(address: $0, active: false) }) }
}

struct UsersEnable: HandVerb {
    static let configuration = CommandConfiguration(commandName: "enable", abstract: "Enable accounts again.")

    @OptionGroup var global: GlobalOptions
    @OptionGroup var application: ApplicationOptions
    @OptionGroup var hand: HandOptions
    @Argument(help: "The accounts' addresses.") var emails: [String]

    func asked() throws -> HandWork { HandWork(people: emails.map { Person(address: $0, active: true) }) }
}

struct UsersDelete: HandVerb {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Delete an account for good, where the dialect has a call for it. It wants an approval; nothing brings it back.")

    @OptionGroup var global: GlobalOptions
    @OptionGroup var application: ApplicationOptions
    @OptionGroup var hand: HandOptions
    @Argument(help: "The account's address.") var email: String

    func asked() throws -> HandWork { HandWork(deletions: [email]) }
}
