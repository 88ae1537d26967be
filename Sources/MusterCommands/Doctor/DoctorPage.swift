import Foundation
import Lifecycle

/// A diagnosis for people: what is wrong first, then what was looked at.
struct DoctorPage {
    let diagnosis: Diagnosis
    let tenant: TenantRecord
    let output: Output

    init(_ diagnosis: Diagnosis, _ tenant: TenantRecord, _ output: Output) {
        self.diagnosis = diagnosis
        self.tenant = tenant
        self.output = output
    }

    func show() {
        output.line("\(output.paint(tenant.code, .bold)): \(TenantView(tenant).summary)")
        for severity in Finding.Severity.allCases.reversed() {
            for finding in diagnosis.findings where finding.severity == severity { show(finding) }
        }
        for look in diagnosis.looks where look.state == .well {
            output.line("\(output.paint("ok", .green))       \(look.subject): \(look.note)")
        }
        for look in diagnosis.looks where look.state == .notLookedAt {
            output.line(output.paint("-        \(look.subject): not looked at, \(look.note)", .dim))
        }
        output.line("\(summary); \(diagnosis.calls) calls.")
    }

    private func show(_ finding: Finding) {
        let label = finding.severity.rawValue.padding(toLength: 8, withPad: " ", startingAt: 0)
        output.line("\(output.paint(label, Self.colour(finding.severity))) \(output.paint(finding.code.rawValue, .bold))")
        output.line("           \(finding.evidence)")
        output.line("           Remedy: \(finding.remedy)")
    }

    private var summary: String {
        let counts = Finding.Severity.allCases.reversed().compactMap { severity -> String? in
            let count = diagnosis.findings.count { $0.severity == severity }
            guard count > 0 else { return nil }
            return severity == .info ? "\(count) to know" : "\(count) \(severity.rawValue)\(count == 1 ? "" : "s")"
        }
        return counts.isEmpty ? output.paint("healthy: no findings", .green) : counts.joined(separator: ", ")
    }

    private static func colour(_ severity: Finding.Severity) -> Colour {
        switch severity {
        case .info: .cyan
        case .warning: .yellow
        case .error: .red
        }
    }
}
