import Foundation
import Lifecycle
import Planning

/// What `muster sync --every` says: a table and the promise after each read, changes that the log shows, troubles.
actor SyncWatchPage {
    private let output: Output
    private let tenant: String
    private let isAlone: Bool
    private let asked: PollSchedule.Settings
    private var promised: Freshness?
    private var hasSaidRefused = false

    init(output: Output, tenant: String, isAlone: Bool, asked: PollSchedule.Settings) {
        self.output = output
        self.tenant = tenant
        self.isAlone = isAlone
        self.asked = asked
    }

    func show(_ turn: Poller.Turn) {
        switch turn {
        case .read(let report, let reason, let freshness):
            if output.json {
                try? Output.printLine(SyncLine(report: report, tenant: tenant, reason: reason, schedule: freshness))
                return
            }
            if isAlone {
                SyncTable(report, output).show()
            } else {
                output.line(
                    "\(tenant): \(report.accounts.internal) people, \(report.groups) groups; \(report.calls) calls; snapshot \(report.snapshot): \(report.closed ? "closed" : "open")"
                )
            }
            if promised != freshness { output.line((isAlone ? "" : "\(tenant): ") + Self.promise(freshness, asked)) }
            promised = freshness
        case .looked(let report):
            if let remark = report.remark(tenant), !hasSaidRefused {
                hasSaidRefused = report.refused != nil
                output.note("muster: \(remark)")
            }
            if report.new > 0 {
                output.line(
                    "\(isAlone ? "" : "\(tenant): ")the audit log shows \(report.new == 1 ? "a change" : "\(report.new) changes"): reading soon"
                )
            }
        case .failed(let error):
            let trouble = Trouble(error)
            output.note("muster: \(isAlone ? "" : "\(tenant): ")\(trouble.message)\n        \(trouble.remedy)")
        }
    }

    /// Such as: any change is known within 6 min, one that the audit log shows within 3 min; about 230 calls an hour.
    static func promise(_ freshness: Freshness, _ asked: PollSchedule.Settings) -> String {
        var text = "any change is known within \(span(freshness.within))"
        if let logged = freshness.loggedWithin, logged < freshness.within {
            text += ", one that the audit log shows within \(span(logged))"
        }
        text += "; about \(freshness.callsPerHour) calls an hour"
        if freshness.isSlowed {
            let percent = Int((asked.share * 100).rounded())
            text +=
                "; every \(span(Int(asked.read))) would be more than \(percent) % of the quota, so it is every \(span(freshness.readEvery))"
        }
        return text
    }

    /// Seconds, rounded up to what a person wants to know.
    static func span(_ seconds: Int) -> String {
        switch seconds {
        case ..<120: "\(seconds) s"
        case ..<7_200: "\((seconds + 59) / 60) min"
        case ..<172_800: "\((seconds + 3_599) / 3_600) h"
        default: "\((seconds + 86_399) / 86_400) days"
        }
    }
}

/// A line of `muster sync --every --json`: the read's own report, and beside it whose it is, why it was made, and what the schedule promises.
struct SyncLine: Encodable {
    let report: SyncReport
    let tenant: String
    let reason: PollSchedule.Reason
    let schedule: Freshness

    private enum Keys: String, CodingKey { case tenant, reason, schedule }

    func encode(to encoder: any Encoder) throws {
        try report.encode(to: encoder)
        var container = encoder.container(keyedBy: Keys.self)
        try container.encode(tenant, forKey: .tenant)
        try container.encode(reason, forKey: .reason)
        try container.encode(schedule, forKey: .schedule)
    }
}
