import ArgumentParser
import Lifecycle
import Planning

struct UsersPurge: HandVerb {
    static let configuration = CommandConfiguration(
        commandName: "purge", abstract: "Put disabled accounts on the list of those that the vendor removes for good.",
        discussion: """
            Only of an account that is disabled, in the cloud directory, without an administrative role, and neither protected nor on hold \
            (removal.holds). The plan says what stays and that mail will bounce, and wants an approval. muster users unpurge takes it back \
            as long as the vendor has not purged it.
            """)

    @OptionGroup var global: GlobalOptions
    @OptionGroup var application: ApplicationOptions
    @OptionGroup var hand: HandOptions
    @Argument(help: "The accounts' addresses.") var emails: [String]

    func asked() throws -> HandWork { HandWork(asks: emails.map(HandAsk.purge)) }
}

struct UsersUnpurge: HandVerb {
    static let configuration = CommandConfiguration(
        commandName: "unpurge", abstract: "Take accounts off the purge list; they stay disabled.")

    @OptionGroup var global: GlobalOptions
    @OptionGroup var application: ApplicationOptions
    @OptionGroup var hand: HandOptions
    @Argument(help: "The accounts' addresses.") var emails: [String]

    func asked() throws -> HandWork { HandWork(asks: emails.map(HandAsk.unpurge)) }
}
