import ArgumentParser
import Crypto
import Foundation
import Lifecycle
import Planning
import Sources

struct PlanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan", abstract: "Read the tenant, compare it with an export of people, and show what would change.",
        discussion: """
            People come from a CSV file: email (required), externalId, name, firstName, lastName, active, aliases, groups, adminRoles; \
            lists separated by ';'; or from JSON with the same names, a list or one object to a line. Exports of Entra ID, Google \
            Workspace and Okta are recognised by their columns. An empty cell says nothing. How columns become fields and attributes, who is \
            in scope and which groups rules add, muster.yaml says (docs/policy.md).

              muster plan --from people.csv --out monday.plan

            Exit 0: all in line. 2: something to do or to decide. 3: a guard stopped it.
            """)

    @OptionGroup var global: GlobalOptions
    @OptionGroup var application: ApplicationOptions
    @Option(help: ArgumentHelp("The export of people.", valueName: "file")) var from: String
    @Option(help: ArgumentHelp("Write the plan to a file as well.", valueName: "file")) var out: String?
    @Flag(help: "Compare with the last read instead of reading again.") var noSync = false
    @Flag(help: "Compare everybody's attributes, also where the source says what was seen in effect before; a call for 25 people.")
    var readAttributes = false

    func run() async throws {
        try await Interruption.cancelling { try await plan() }
    }

    private func plan() async throws {
        let work = try await Workbench(global)
        let source = try PeopleSource(from)
        let tenant = try await work.tenant(application)
        let known = try await PlanMaker.settledBook(tenant, store: work.store)
        let people = try source.people(work.settings.policy, known: known)
        let file = try await work.withClient(tenant) { client in
            if !noSync {
                let report = try await SyncCommand.sync(tenant, work, client)
                if !report.closed { work.output.note("The read is open; muster sync shows why.") }
            }
            var maker = work.planMaker(client, tenant)
            maker.readsAllAttributes = readAttributes
            return try await maker.make(
                proposer: work.settings.actor,
                source: PlanMaker.Source(book: known, hasPassedOver: people.hasPassedOver) {
                    try people.desired(domains: $0, isSettled: $1)
                })
        }
        if let out { try Self.write(file, to: out) }
        try work.output.document(PlanView(file, rules: work.approvals.rules))
        PlanPage(file, work.output, rules: work.approvals.rules).show(name: out ?? file.id)
        if file.plan.isStopped { throw ExitCode(Exit.stopped) }
        if !file.plan.isEmpty { throw ExitCode(Exit.somethingToDo) }
    }

    static func write(_ file: PlanFile, to path: String) throws {
        do {
            try PrivateFile.write(try file.written(), to: path)
        } catch {
            throw Trouble(
                Exit.store, "plan-not-written", "The plan cannot be written to \(path).",
                remedy: "It is kept in the store as \(file.id); name a file that can be written, or use that id.")
        }
    }
}

/// The file that `--from` names.
struct PeopleSource {
    private let name: String
    private let bytes: Data

    init(_ path: String) throws {
        guard let bytes = FileManager.default.contents(atPath: path) else {
            let there = FileManager.default.fileExists(atPath: path)
            throw Trouble(
                Exit.input, "source-unreadable", there ? "The file \(path) cannot be read." : "There is no file \(path).",
                remedy: there ? "Give yourself the right to read it; it must be a file." : "Give the path of an export of people.")
        }
        self.bytes = bytes
        name = (path as NSString).lastPathComponent
    }

    /// - Parameter known: people whose records need not be read at once.
    func people(_ policy: DesiredPolicy, known: SettledBook = SettledBook()) throws -> PeopleFile {
        let digest = SHA256.hash(data: bytes).map { String(format: "%02x", $0) }.joined()
        return try PeopleFile.parse([UInt8](bytes), name: name, digest: digest, policy: policy, known: known)
    }
}

/// A plan as `--json` shows it.
struct PlanView: Encodable {
    var plan: String
    var hash: String
    var tenant: String
    var source: Plan.SourceReference
    var snapshot: String
    var closed: Bool
    var counts: [String: Int]
    var guards: [GuardResult]
    var orphans: Int
    var orphanAccounts: [String]
    var cost: Plan.Cost
    var changes: [Change]
    var notices: [String]
    var needsApproval: Bool
    var stopped: Bool
    var expires: Int
    var undoes: String?
    var policy: String?
    var outOfScope: Int?
    /// The lines that guards hold back, guard by guard; the others go on with `apply --without`.
    var held: [Held]
    /// Contracted, present, active, disabled, orphaned, after the plan.
    var seats: SeatCount?

    struct Held: Encodable {
        var by: String
        var lines: [Int]
        var directions: [String]
    }

    /// What was decided so far, and what is waited for; nil where nobody asked.
    var approvals: [Approval]?
    var waitsFor: [ApprovalRules.Missing]?

    init(_ file: PlanFile, rules: ApprovalRules) {
        plan = file.id
        hash = file.hash
        tenant = file.plan.tenant
        source = file.plan.source
        snapshot = file.plan.snapshot
        closed = file.plan.closed
        counts = file.plan.counts
        guards = file.plan.guards
        orphans = file.plan.orphans.count
        orphanAccounts = file.plan.orphans
        cost = file.plan.cost
        changes = file.plan.changes
        notices = file.plan.notices
        needsApproval = rules.needsApproval(file.plan)
        stopped = file.plan.isStopped
        expires = file.plan.expires
        undoes = file.plan.undoes
        policy = file.plan.policy
        outOfScope = file.plan.outOfScope
        seats = file.plan.seats
        held = file.plan.heldByGuards.map { guarded, lines in
            Held(by: guarded.rawValue, lines: lines, directions: guarded.directions.map(\.rawValue).sorted())
        }
    }
}
