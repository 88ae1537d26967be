import Foundation
import Lifecycle
import Planning

/// The completeness proof as a table.
struct SyncTable {
    private let report: SyncReport
    private let output: Output

    init(_ report: SyncReport, _ output: Output) {
        self.report = report
        self.output = output
    }

    func show() {
        var table = Table(["domain", "pages", "rows", "vendor count", "proof"], rightAligned: [1, 2, 3])
        for domain in report.domains { add(domain, &table, name: domain.domain) }
        if let list = report.list { add(list, &table, name: "whole list") }
        if let external = report.external { add(external, &table, name: "external people") }
        for (index, line) in table.lines.enumerated() {
            if index == 0 {
                output.line(output.paint(line, .dim))
            } else {
                let open = line.contains(" OPEN")
                output.line(open ? output.paint(line, .yellow) : line)
            }
        }
        if report.accounts.external == nil { output.line("external people: no call of this application gives them") }
        let seconds = String(format: "%.1f", report.seconds)
        output.line(
            "\(report.accounts.internal) people, \(report.groups) groups, \(report.memberships) memberships; \(report.calls) calls, \(seconds) s; snapshot \(report.snapshot): "
                + (report.closed ? output.paint("closed", .green) : output.paint("open - nobody is removed from an open domain", .yellow)))
    }

    private func add(_ proof: DomainProof, _ table: inout Table, name: String) {
        table.add([
            name, String(proof.pages), String(proof.rows), proof.claimed.map(String.init) ?? "-",
            proof.state == .closed ? "closed" : "OPEN: \(proof.reason ?? "unproved")",
        ])
    }
}
