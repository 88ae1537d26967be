import Foundation
import Planning

/// The story: real commands, one after the other, with a sentence before each.
struct DemoStory {
    let global: GlobalOptions
    let people: Int
    let folder: String

    private var output: Output { Output(global) }
    private var answersItself: Bool { global.yes || isatty(STDIN_FILENO) == 0 }

    func tell() async throws {
        try prepareFolder()
        let output = self.output
        let inherited = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("MIMECAST_") && !$0.key.hasPrefix("MUSTER_") }
        say("Muster keeps the people in a Mimecast tenant in line with the directory a company trusts.")
        say("This is a sandbox: an invented company of \(people) people in a Mimecast of its own. Nothing leaves this machine.")
        if answersItself { say("Nobody is at a terminal here, so the demo answers its own questions.") }
        let exports = DemoExports(people: people)
        try write(Data("approvals:\n  fourEyes: false\n".utf8), "muster.yaml")
        try write(DemoExports.csv(exports.monday), "monday.csv")
        try write(DemoExports.csv(exports.tuesday), "tuesday.csv")
        try write(DemoExports.csv(exports.wednesday), "wednesday.csv")
        let sandbox = try await DemoSandbox(folder: folder, people: people, environment: inherited)
        var environment = inherited.merging(sandbox.credentials) { _, new in new }
        // What the user has configured is for the user's own tenants.
        environment["MUSTER_CONFIG"] = file("muster.yaml")
        environment["MUSTER_STORE"] = "sqlite:\(folder)/muster.db"
        if !output.colour { environment["NO_COLOR"] = "1" }
        let result: Result?
        do {
            result = try await chapters(sandbox, environment)
        } catch {
            await sandbox.stop()
            throw error
        }
        await sandbox.stop()
        epilogue()
        if let result { try output.document(result) }
    }

    /// What the demo showed, for scripts.
    private struct Result: Encodable {
        var folder: String
        var people: Int
        /// Of the plan that was killed half-way.
        var lines: Int
        /// That had an effect, by the sandbox's own log.
        var writes: Int
        var sentTwice: Int
    }

    /// - Returns: nil where the plan was not approved.
    private func chapters(_ sandbox: DemoSandbox, _ environment: [String: String]) async throws -> Result? {
        chapter("①", "Read everybody, and prove that it was everybody.")
        try await muster(["sync"], environment, expect: Exit.done)

        chapter("②", "Monday's export: joiners, movers, new names. Nothing is touched yet.")
        try await muster(["plan", "--from", file("monday.csv"), "--out", file("monday.plan")], environment, expect: Exit.somethingToDo)
        guard ask("Approve this plan?") else {
            say("Not approved: nothing was applied, and the demo ends here.")
            return nil
        }
        try await muster(["approve", file("monday.plan")], environment, expect: Exit.done)

        chapter("③", "The apply, killed half-way (by the demo, with SIGKILL), and resumed.")
        let result = try await killHalfWay(sandbox, environment)

        chapter("④", "Tuesday's export: somebody is no longer in it.")
        try await muster(["plan", "--from", file("tuesday.csv"), "--out", file("tuesday.plan")], environment, expect: Exit.somethingToDo)
        if ask("Approve the disable?") {
            try await muster(["approve", file("tuesday.plan")], environment, expect: Exit.done)
            try await muster(["apply", file("tuesday.plan"), "--yes"], environment, expect: Exit.done)
        }

        chapter("⑤", "Wednesday's export was cut in half on its way, and nobody noticed. Half the company looks like leavers.")
        try await muster(["plan", "--from", file("wednesday.csv"), "--out", file("wednesday.plan")], environment, expect: Exit.stopped)
        say("Exit code 3. Nothing was sent, and nothing of this plan can be.")
        return result
    }

    private func killHalfWay(_ sandbox: DemoSandbox, _ environment: [String: String]) async throws -> Result {
        try await sandbox.slowDown()
        let before = try await sandbox.requests().last?.id ?? 0
        let arguments = ["apply", file("monday.plan"), "--yes"]
        show(arguments)
        let child = ChildMuster(arguments, environment: environment, quiet: output.json)
        try child.start()
        let lines = try PlanFile(reading: Data(contentsOf: URL(fileURLWithPath: file("monday.plan")))).plan.work.count
        let half = lines / 2
        while child.isRunning {
            if try await sandbox.requests(since: before).count(where: \.isWrite) >= half {
                child.kill()
                break
            }
            try await Task.sleep(for: .milliseconds(5))
        }
        let status = await child.wait()
        output.endProgress()
        say(
            status == 128 + SIGKILL
                ? "Killed after \(half) writes. The tenant has some of the changes; the journal knows which."
                : "It ended before the kill came.")
        try await sandbox.speedUp()
        try await muster([], environment, expect: Exit.done)
        try await muster(["resume"], environment, expect: Exit.done)
        let writes = try await sandbox.requests(since: before).count(where: \.isWrite)
        say("The plan has \(lines) lines; the sandbox's own log has \(writes) writes that had an effect: \(writes - lines) sent twice.")
        try await muster(["plan", "--from", file("monday.csv")], environment, expect: Exit.done)
        return Result(folder: folder, people: people, lines: lines, writes: writes, sentTwice: writes - lines)
    }

    private func epilogue() {
        chapter("⑥", "Now your own tenant, read-only: Muster cannot write to it unless you add it with --allow-writes.")
        for command in [
            "muster tenants add YOURCODE --region eu --client-id ID --client-secret file:secret.txt",
            "muster sync --tenant YOURCODE", "muster plan --tenant YOURCODE --from people.csv --out first.plan",
            "muster show first.plan --all",
        ] {
            output.line("  \(output.paint("$ \(command)", .bold))")
        }
        output.line()
        say("Everything that you saw is in \(folder)/. To go on playing with it:")
        output.line("  muster sandbox --data \(file("sandbox.db")) --credentials-out \(file("sandbox.env")) &")
        output.line(
            "  set -a; . \(folder.hasPrefix("/") ? "" : "./")\(file("sandbox.env")); set +a; export MUSTER_STORE=sqlite:\(file("muster.db"))"
        )
        output.line("  muster plan --from \(file("tuesday.csv"))")
    }

    /// Runs a command as a person would, and insists on its exit code: a demo that goes wrong says so.
    private func muster(_ arguments: [String], _ environment: [String: String], expect: Int32) async throws {
        show(arguments)
        let status = try await ChildMuster(arguments, environment: environment, quiet: output.json).finish()
        guard status == expect else {
            throw Trouble(
                Exit.other, "demo-failed", "muster \(arguments.joined(separator: " ")) ended with \(status) instead of \(expect).",
                remedy: "Look at \(folder)/sandbox.log, and report this.")
        }
    }

    private func show(_ arguments: [String]) {
        output.line()
        output.line(output.paint("$ " + (["muster"] + arguments).joined(separator: " "), .bold))
    }

    private func chapter(_ number: String, _ title: String) {
        output.line()
        output.line(output.paint("\(number) \(title)", .cyan))
    }

    private func say(_ text: String) { output.line(output.paint(text, .cyan)) }

    private func ask(_ question: String) -> Bool {
        fflush(nil)
        if answersItself {
            output.line(output.paint("\(question) yes (answered by the demo)", .cyan))
            return true
        }
        FileHandle.standardError.write(Data("\(question) [Y/n] ".utf8))
        return !["n", "no"].contains(readLine()?.trimmingCharacters(in: .whitespaces).lowercased() ?? "n")
    }

    private func file(_ name: String) -> String { folder + "/" + name }

    private func write(_ bytes: Data, _ name: String) throws {
        do {
            try bytes.write(to: URL(fileURLWithPath: file(name)))
        } catch {
            throw Trouble(Exit.store, "demo-folder", "The demo cannot write to \(folder)/.", remedy: "Name another folder with --folder.")
        }
    }

    /// Makes the folder; what an earlier demo left in it goes, and nothing else does.
    private func prepareFolder() throws {
        let names = ["monday", "tuesday", "wednesday"].flatMap { ["\($0).csv", "\($0).plan"] }
        let databases = ["sandbox.db", "muster.db"].flatMap { [$0, "\($0)-wal", "\($0)-shm"] }
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            for name in names + databases + ["sandbox.env", "sandbox.log", "muster.yaml"]
            where FileManager.default.fileExists(atPath: file(name)) {
                try FileManager.default.removeItem(atPath: file(name))
            }
        } catch {
            throw Trouble(Exit.store, "demo-folder", "The demo cannot use the folder \(folder).", remedy: "Name another with --folder.")
        }
    }
}
