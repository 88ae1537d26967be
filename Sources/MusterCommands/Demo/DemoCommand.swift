import ArgumentParser
import Foundation

struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo", abstract: "Watch the whole circle on an invented company of 2,000 people, in about a minute.",
        discussion: """
            Starts a sandbox of its own and runs real commands against it: the completeness proof, Monday's plan, an apply that is \
            killed half-way and resumed, a leaver, and an export that was cut in half. The files stay in demo/ to play with. \
            Without a terminal it answers its own questions.
            """)

    @OptionGroup var global: GlobalOptions
    @Option(help: "How many people the company has.") var people = 2_000
    @Option(help: "Where the files go.") var folder = "demo"

    func validate() throws {
        guard (100...100_000).contains(people) else { throw ValidationError("--people takes 100 to 100,000.") }
    }

    func run() async throws {
        try await DemoStory(global: global, people: people, folder: folder).tell()
    }
}
