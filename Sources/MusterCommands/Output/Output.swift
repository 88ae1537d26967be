import Foundation

/// Where words go: documents and tables to stdout, progress and messages to stderr.
struct Output: Sendable {
    let json: Bool
    let colour: Bool
    let yes: Bool
    private let showsProgress: Bool

    init(_ global: GlobalOptions, environment: [String: String] = ProcessInfo.processInfo.environment) {
        json = global.json
        yes = global.yes
        let plain = global.noColor || environment["NO_COLOR"].map { !$0.isEmpty } ?? false || environment["TERM"] == "dumb"
        colour = !plain && !global.json && isatty(STDOUT_FILENO) == 1
        showsProgress = isatty(STDERR_FILENO) == 1
    }

    /// Writes the one document of a command, if documents are asked for.
    func document(_ value: some Encodable) throws {
        guard json else { return }
        try Self.printDocument(value)
    }

    /// A line for people; silent where documents are asked for.
    func line(_ text: String = "") {
        guard !json else { return }
        print(text)
    }

    /// Something to know that is not the result.
    func note(_ text: String) { Self.toStandardError(text) }

    /// What is going on, on one line that is written over; only on terminals.
    func progress(_ text: String) {
        guard showsProgress else { return }
        FileHandle.standardError.write(Data("\r\u{1B}[K\(text.prefix(100))".utf8))
    }

    func endProgress() {
        guard showsProgress else { return }
        FileHandle.standardError.write(Data("\r\u{1B}[K".utf8))
    }

    /// Asks; yes without asking where `--yes` was given, and no where nobody is there to answer.
    func confirm(_ question: String) -> Bool {
        if yes { return true }
        guard isatty(STDIN_FILENO) == 1 else { return false }
        FileHandle.standardError.write(Data("\(question) [y/N] ".utf8))
        return ["y", "yes"].contains(readLine()?.trimmingCharacters(in: .whitespaces).lowercased() ?? "")
    }

    func paint(_ text: String, _ colour: Colour) -> String { self.colour ? "\u{1B}[\(colour.rawValue)m\(text)\u{1B}[0m" : text }

    static func toStandardError(_ text: String) { FileHandle.standardError.write(Data((text + "\n").utf8)) }

    static func printDocument(_ value: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        print(String(decoding: try encoder.encode(value), as: UTF8.self))
    }

    /// One line of NDJSON.
    static func printLine(_ value: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        print(String(decoding: try encoder.encode(value), as: UTF8.self))
        fflush(nil)
    }

    static func printError(_ trouble: Trouble) {
        struct Document: Encodable {
            struct Body: Encodable {
                var code: String
                var message: String
                var remedy: String
            }
            var error: Body
        }
        // On one line, so that it may also end a stream of lines.
        try? printLine(Document(error: .init(code: trouble.code, message: trouble.message, remedy: trouble.remedy)))
    }
}

enum Colour: Int {
    case bold = 1
    case dim = 2
    case red = 31
    case green = 32
    case yellow = 33
    case blue = 34
    case magenta = 35
    case cyan = 36
}
