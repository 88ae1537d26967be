import ArgumentParser
import Lifecycle
import Mimecast
import Planning

struct GroupsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "groups", abstract: "Groups and their members by hand, through the same guards, approvals and journal.",
        subcommands: [GroupsList.self, GroupsMembers.self, GroupsAdd.self, GroupsRemove.self, GroupsCreate.self])
}

struct GroupsList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "The groups of the last read, with their sizes.")

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let work = try await Workbench(global)
        let groups = try await Snapshots(store: work.store, tenant: try await work.code()).groups()
        try work.output.document(["groups": groups])
        var table = Table(["group", "members", "written by"], rightAligned: [1])
        for group in groups {
            table.add([group.name, "\(group.members)", group.source == Authority.ldap.rawValue ? "the company's directory" : "the API"])
        }
        for line in table.lines { work.output.line(line) }
    }
}

struct GroupsMembers: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "members", abstract: "Who is in a group, as of the last read.")

    @OptionGroup var global: GlobalOptions
    @Argument(help: "The group's name or id.") var group: String

    func run() async throws {
        let work = try await Workbench(global)
        let found = try await Snapshots(store: work.store, tenant: try await work.code()).members(of: group)
        try work.output.document(found)
        for member in found.members { work.output.line(member) }
    }
}

struct GroupsAdd: HandVerb {
    static let configuration = CommandConfiguration(commandName: "add", abstract: "Add accounts to a cloud group.")

    @OptionGroup var global: GlobalOptions
    @OptionGroup var application: ApplicationOptions
    @OptionGroup var hand: HandOptions
    @Argument(help: "The group's name.") var group: String
    @Argument(help: "The accounts' addresses.") var emails: [String]

    func asked() throws -> HandWork { HandWork(people: emails.map { Person(address: $0, groups: [group]) }) }
}

struct GroupsRemove: HandVerb {
    static let configuration = CommandConfiguration(commandName: "remove", abstract: "Take accounts out of a cloud group.")

    @OptionGroup var global: GlobalOptions
    @OptionGroup var application: ApplicationOptions
    @OptionGroup var hand: HandOptions
    @Argument(help: "The group's name.") var group: String
    @Argument(help: "The accounts' addresses.") var emails: [String]

    func asked() throws -> HandWork { HandWork(people: emails.map { Person(address: $0, groups: []) }, left: [group]) }
}
