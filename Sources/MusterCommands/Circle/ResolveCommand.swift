import ArgumentParser
import Lifecycle

struct ResolveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resolve", abstract: "Decide what a plan could not: which account a person has, or that a flapping change goes on.",
        discussion: """
            A word on an account is kept as a link, and the next plan follows it. What flips back and forth waits for 24 hours; \
            --follow-source lets it go on at once.

              muster resolve kim@company.example --account kim.old@company.example
              muster resolve kim@company.example --follow-source
            """)

    @OptionGroup var global: GlobalOptions
    @OptionGroup var application: ApplicationOptions
    @Argument(help: "The person's address, as the source has it.") var email: String
    @Option(help: ArgumentHelp("The account that is theirs.", valueName: "address")) var account: String?
    @Flag(help: "Let a change go on that flips back and forth.") var followSource = false
    @Option(name: .customLong("external-id"), help: ArgumentHelp("The source's id of this person, if it has one.", valueName: "id"))
    var externalID: String?

    private struct Released: Encodable {
        var person: String
        var forgotten: Int
    }

    func validate() throws {
        guard (account != nil) != followSource else { throw ValidationError("Give either --account ADDRESS or --follow-source.") }
        guard !followSource || externalID == nil else { throw ValidationError("--external-id goes with --account.") }
    }

    func run() async throws {
        let work = try await Workbench(global)
        let tenant = try await work.tenant(application)
        let resolution = Resolution(store: work.store, tenant: tenant.code, who: work.settings.actor)
        guard let account else {
            let count = try await resolution.followSource(person: email)
            try work.output.document(Released(person: email, forgotten: count))
            work.output.line("\(email) follows the source again. Next: muster plan")
            return
        }
        try await resolution.link(person: email, externalID: externalID, account: account)
        try work.output.document(["person": email, "account": account])
        work.output.line("\(email) is \(account). Next: muster plan")
    }
}
