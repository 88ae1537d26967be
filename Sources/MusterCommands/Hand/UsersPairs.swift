import ArgumentParser
import Foundation
import Lifecycle
import Mimecast
import Planning

struct UsersAlias: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "alias", abstract: "One alias of an account, whatever else it has.", subcommands: [Add.self, Remove.self])

    struct Add: HandVerb {
        static let configuration = CommandConfiguration(commandName: "add", abstract: "Give an account one more address.")

        @OptionGroup var global: GlobalOptions
        @OptionGroup var application: ApplicationOptions
        @OptionGroup var hand: HandOptions
        @Argument(help: "The account's address.") var email: String
        @Argument(help: "The alias.") var alias: String

        func asked() throws -> HandWork { try HandWork(asks: [.addAlias(address(alias), of: email)]) }
    }

    struct Remove: HandVerb {
        static let configuration = CommandConfiguration(commandName: "remove", abstract: "Take one address from an account.")

        @OptionGroup var global: GlobalOptions
        @OptionGroup var application: ApplicationOptions
        @OptionGroup var hand: HandOptions
        @Argument(help: "The account's address.") var email: String
        @Argument(help: "The alias.") var alias: String

        func asked() throws -> HandWork { try HandWork(asks: [.removeAlias(address(alias), of: email)]) }
    }
}

struct UsersDelegate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delegate", abstract: "Who may open an account's mailbox.", subcommands: [Add.self, Remove.self])

    struct Add: HandVerb {
        static let configuration = CommandConfiguration(commandName: "add", abstract: "Let somebody open an account's mailbox.")

        @OptionGroup var global: GlobalOptions
        @OptionGroup var application: ApplicationOptions
        @OptionGroup var hand: HandOptions
        @Argument(help: "The account whose mailbox is opened.") var email: String
        @Argument(help: "The account that may open it.") var delegate: String

        func asked() throws -> HandWork { try HandWork(asks: [.addDelegate(address(delegate), of: email)]) }
    }

    struct Remove: HandVerb {
        static let configuration = CommandConfiguration(commandName: "remove", abstract: "Take the right to open a mailbox away.")

        @OptionGroup var global: GlobalOptions
        @OptionGroup var application: ApplicationOptions
        @OptionGroup var hand: HandOptions
        @Argument(help: "The account whose mailbox is opened.") var email: String
        @Argument(help: "The account that may open it.") var delegate: String

        func asked() throws -> HandWork { try HandWork(asks: [.removeDelegate(address(delegate), of: email)]) }
    }
}

struct UsersAttribute: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "attribute", abstract: "One attribute of an account, whatever else it has.", subcommands: [Set.self, Remove.self])

    struct Set: HandVerb {
        static let configuration = CommandConfiguration(commandName: "set", abstract: "Give an attribute a value.")

        @OptionGroup var global: GlobalOptions
        @OptionGroup var application: ApplicationOptions
        @OptionGroup var hand: HandOptions
        @Argument(help: "The account's address.") var email: String
        @Argument(help: "The attribute's name, as the administration console shows it.") var name: String
        @Argument(help: "The value.") var value: String

        func asked() throws -> HandWork {
            guard !value.isEmpty else { throw ValidationError("An empty value takes the attribute away: muster users attribute remove.") }
            return try HandWork(asks: [.setAttribute(attribute(name), to: value, of: email)])
        }
    }

    struct Remove: HandVerb {
        static let configuration = CommandConfiguration(commandName: "remove", abstract: "Take an attribute from an account.")

        @OptionGroup var global: GlobalOptions
        @OptionGroup var application: ApplicationOptions
        @OptionGroup var hand: HandOptions
        @Argument(help: "The account's address.") var email: String
        @Argument(help: "The attribute's name.") var name: String

        func asked() throws -> HandWork { try HandWork(asks: [.setAttribute(attribute(name), to: "", of: email)]) }
    }
}

struct GroupsCreate: HandVerb {
    static let configuration = CommandConfiguration(commandName: "create", abstract: "Make a cloud group.")

    @OptionGroup var global: GlobalOptions
    @OptionGroup var application: ApplicationOptions
    @OptionGroup var hand: HandOptions
    @Argument(help: "The group's name.") var group: String

    func asked() throws -> HandWork { HandWork(asks: [.createGroup(group)]) }
}

/// Without blanks around it.
private func attribute(_ name: String) throws -> String {
    let name = name.trimmingCharacters(in: .whitespaces)
    guard !name.isEmpty else { throw ValidationError("The attribute's name is missing.") }
    return name
}

/// As the vendor takes it.
private func address(_ text: String) throws -> String {
    guard let parsed = EmailAddress(text) else { throw ValidationError("\(text) is no e-mail address.") }
    return parsed.text
}
