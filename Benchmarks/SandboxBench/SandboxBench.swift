import ArgumentParser

/// What `script/bench` puts beside its own measurements of the sandbox and the engine, and what `script/bench client` prints.
@main
struct SandboxBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "SandboxBench", abstract: "Measures the sandbox, the client and the engine; driven by script/bench.",
        subcommands: [
            InsertCommand.self, PagesCommand.self, ClientCommand.self, ReadCommand.self, CopyCommand.self, FeedCommand.self,
            GrowCommand.self, LookCommand.self, TellCommand.self,
        ])
}

struct InsertCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "insert", abstract: "Inserts the rows of a seeded data file into a new file through GRDB alone; prints seconds.")

    @Argument(help: "A seeded data file that nobody has open.") var data: String
    @Argument(help: "The file to make.") var copy: String

    func run() throws {
        let elapsed = try BareInsert(from: data, to: copy).run()
        print(Figure.seconds(elapsed))
    }
}

struct PagesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pages", abstract: "Walks the lists of a running sandbox and prints a table.")

    @Argument(help: "The file that --credentials-out wrote.") var credentials: String
    @Option(help: "The sandbox's process, for its memory.") var pid: Int?
    @Option(help: "How often each page is asked for.") var rounds = 60

    func run() async throws {
        try await Desk.open(credentials: credentials) { try await measure($0) }
    }

    private func measure(_ desk: Desk) async throws {
        var lines = [
            "| list | rows of a page | first page | last full page | JSONEncoder alone | ratio | pages/s | people/s |",
            "| --- | --- | --- | --- | --- | --- | --- | --- |",
        ]
        for list in PagedList.all {
            let walk = try await Walk.whole(list, desk)
            let (first, last, encoding) = try await walk.medians(rounds: rounds, desk)
            lines.append(
                "| \(list.name) | \(walk.lastFull.rows) | \(Figure.milliseconds(first)) | \(Figure.milliseconds(last)) "
                    + "| \(Figure.milliseconds(encoding)) | \(Figure.ratio(max(first, last), encoding)) "
                    + "| \(Figure.rate(walk.pages, walk.elapsed)) | \(Figure.rate(walk.rows, walk.elapsed)) |")
        }
        let ping = try await desk.medianOfPing(rounds: rounds)
        lines += ["", "| beside them | |", "| --- | --- |", "| `GET /ping` | \(Figure.milliseconds(ping)) |"]
        if let pid, let memory = ProcessMemory(pid) {
            lines.append("| anonymous memory, after all lists were walked | \(memory.anonymous / 1_024) MB |")
        }
        print(lines.joined(separator: "\n"))
    }
}
