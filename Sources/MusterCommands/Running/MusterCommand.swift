public import ArgumentParser
import Foundation

/// The command line: one verb a file. It holds no rule of its own.
public struct MusterCommand: AsyncParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "muster",
        abstract: "Keeps the people in a Mimecast tenant in line with the directory a company trusts.",
        discussion: """
            The circle: sync reads everybody and proves it; plan compares with an export of people; approve is the human's word; \
            apply carries the plan out, journal first, and reads it back.

              muster demo                                watch the whole circle on an invented company
              muster tenants add CODE --help             make a tenant known, read-only
              muster doctor                              find out what is wrong with it
              muster plan --from people.csv              see what would change
              muster apply PLAN                          carry it out

            Exit codes: 0 done or in line, 2 something to do, 3 stopped by a guard or a missing approval, 4 partly done,
            64 usage, 65 bad input, 69 vendor unreachable, 73 store or plan unusable, 77 not permitted, 1 other.
            """,
        version: "0.1.0",
        subcommands: [
            DemoCommand.self, SandboxCommand.self, TenantsCommand.self, DoctorCommand.self, SyncCommand.self, PlanCommand.self,
            ShowCommand.self,
            ApproveCommand.self, RejectCommand.self, ApplyCommand.self, ResumeCommand.self, UndoCommand.self, ResolveCommand.self,
            GuardsCommand.self, UsersCommand.self, GroupsCommand.self, AccountCommand.self, GraphCommand.self, AuditCommand.self,
            EventsCommand.self, HistoryCommand.self, HooksCommand.self,
        ]
    )

    @OptionGroup var global: GlobalOptions

    public init() {}

    public func run() async throws {
        try await NextStep(global: global).show()
    }

    /// Parses the arguments, runs the verb, and ends the process with the contract's exit code.
    public static func run() async {
        let arguments = Array(CommandLine.arguments.dropFirst())
        let json = arguments.contains("--json")
        do {
            var command = try parseAsRoot(arguments)
            if var verb = command as? any AsyncParsableCommand {
                try await verb.run()
            } else {
                try command.run()
            }
        } catch let code as ExitCode {
            Foundation.exit(code.rawValue)
        } catch {
            Foundation.exit(report(error, json: json))
        }
        Foundation.exit(Exit.done)
    }

    private static func report(_ error: any Error, json: Bool) -> Int32 {
        let parserCode = exitCode(for: error)
        let text = fullMessage(for: error)
        // Help and version are answers where they were asked for; a script that names a noun without a verb did not.
        let asked = ["help", "-h", "--help", "--version"].contains { CommandLine.arguments.contains($0) }
        if parserCode == .success, asked || !json {
            print(text)
            return Exit.done
        }
        let trouble: Trouble
        let isUsage = parserCode == .validationFailure
        if parserCode == .success {
            trouble = .usage("A verb is missing.", remedy: "Ask with --help.")
        } else if isUsage {
            trouble = .usage(message(for: error), remedy: "Ask with --help.")
        } else {
            trouble = Trouble(error)
        }
        if json {
            Output.printError(trouble)
        } else if isUsage {
            Output.toStandardError(text)
        } else {
            Output.toStandardError("muster: \(trouble.message)\n        \(trouble.remedy)")
        }
        return trouble.exit
    }
}
