import ArgumentParser
import Lifecycle

struct ResolveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resolve", abstract: "Decide which account a person has, where a plan could not.",
        discussion: "The word is kept as a link; the next plan follows it.")

    @OptionGroup var global: GlobalOptions
    @OptionGroup var application: ApplicationOptions
    @Argument(help: "The person's address, as the source has it.") var email: String
    @Option(help: ArgumentHelp("The account that is theirs.", valueName: "address")) var account: String
    @Option(name: .customLong("external-id"), help: ArgumentHelp("The source's id of this person, if it has one.", valueName: "id"))
    var externalID: String?

    func run() async throws {
        let work = try await Workbench(global)
        let tenant = try await work.tenant(application)
        try await Resolution(store: work.store, tenant: tenant.code, who: work.settings.actor).link(
            person: email, externalID: externalID, account: account)
        try work.output.document(["person": email, "account": account])
        work.output.line("\(email) is \(account). Next: muster plan")
    }
}
