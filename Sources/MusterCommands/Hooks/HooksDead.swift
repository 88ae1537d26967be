import ArgumentParser
import Lifecycle

struct HooksDead: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dead", abstract: "What a hook did not get in three days of tries: look at it, or drop it.",
        discussion: "muster hooks replay NAME --dead tries all of it again.")

    @OptionGroup var global: GlobalOptions
    @Argument(help: "The hook.") var name: String
    @Flag(help: "Forget it for good.") var drop = false
    @Option(name: .customLong("id"), help: ArgumentHelp("Only the event with this id; repeat it for several.", valueName: "id")) var ids:
        [String] = []

    func validate() throws {
        guard drop || ids.isEmpty else { throw ValidationError("--id says what --drop drops.") }
    }

    private struct View: Encodable {
        var id: String
        var type: String
        var person: String?
        var firstFailed: String?
        var died: String?
        var note: String?
        var kept: Bool

        init(_ letter: DeadLetter) {
            id = letter.id
            type = letter.type
            person = letter.person.isEmpty ? nil : letter.person
            firstFailed = HookDesk.time(letter.firstFailed)
            died = HookDesk.time(letter.died)
            note = letter.note
            kept = letter.isKept
        }
    }

    func run() async throws {
        let desk = try await HookDesk(global)
        let output = desk.work.output
        if drop {
            guard output.confirm("Drop dead letters of \(name) for good?") else {
                throw Trouble(Exit.usage, "not-confirmed", "Nothing was dropped.", remedy: "Say --yes if it is meant.")
            }
            let count = try await desk.book.dropDeadLetters(name, ids: ids.isEmpty ? nil : ids, who: desk.work.settings.actor)
            try output.document(["dropped": count])
            output.line("\(count) dropped.")
            return
        }
        let letters = try await desk.book.deadLetters(name)
        try output.document(["deadLetters": letters.map(View.init)])
        guard !letters.isEmpty else { return output.line("\(name) has no dead letters.") }
        var table = Table(["id", "type", "person", "given up", "why"])
        for letter in letters {
            table.add([
                letter.id, letter.type, letter.person, HookDesk.time(letter.died) ?? "",
                (letter.note ?? "") + (letter.isKept ? "" : " (no longer in the log)"),
            ])
        }
        for line in table.lines { output.line(line) }
        output.line("Next: muster hooks replay \(name) --dead, or muster hooks dead \(name) --drop")
    }
}
