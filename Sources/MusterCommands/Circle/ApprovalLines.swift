import Foundation
import Lifecycle
import Planning

/// Who said what about a plan, and what is waited for.
struct ApprovalLines {
    private let decided: [Approval]
    private let missing: [ApprovalRules.Missing]
    private let output: Output

    init(_ decided: [Approval], missing: [ApprovalRules.Missing], _ output: Output) {
        self.decided = decided
        self.missing = missing
        self.output = output
    }

    func show() {
        for word in decided {
            let what = word.lines.map { "line \($0.map(String.init).joined(separator: ", ")) " } ?? ""
            let until = word.decision == .approved ? ", until \(Self.time(word.expires))" : ""
            output.line(
                output.paint(word.decision.rawValue, word.decision == .approved ? .green : .red)
                    + "  \(what)by \(word.who) at \(Self.time(word.given))\(until)")
            if let record = word.record { output.line(output.paint("          record \(record)", .dim)) }
        }
        for need in missing { output.line(output.paint("waits", .yellow) + "  for \(need.words)") }
    }

    private static func time(_ instant: Int) -> String { Date(timeIntervalSince1970: TimeInterval(instant)).formatted(.iso8601) }
}
