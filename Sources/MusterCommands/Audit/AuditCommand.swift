import ArgumentParser

struct AuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit", abstract: "The record of who did what, when: chained by hashes, so that nothing in it can be changed unseen.",
        subcommands: [AuditVerify.self, AuditExport.self])
}
