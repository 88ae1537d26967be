import Foundation

extension Attribution {
    /// Seconds by which the vendor's clock and ours may differ before a trace is taken for another change's (our choice).
    public static let slack = 120

    /// Finds who made a change.
    ///
    /// A trace counts if it tells of the same matter of the same subject within the time; one that a later one of the opposite kind took
    /// back does not. Where several are left, what they agree on is known, and no more.
    ///
    /// - Parameters:
    ///   - traces: audit events about the change's subjects, and directory syncs; others do no harm.
    ///   - acts: lines of own plans about the change's subjects.
    ///   - window: when the change can have been made, in seconds since 1970: from the beginning of the read before to the end of the read
    ///     that shows it.
    public static func judge(_ change: ObservedChange, traces: [AuditTrace], acts: [OwnAct], within window: ClosedRange<Int>) -> Attribution
    {
        let subjects = Set(change.subjects)
        let marks = Mark.all(
            traces.filter {
                subjects.contains($0.subject) || !$0.object.isEmpty && $0.kind == .accountRenamed && subjects.contains($0.object)
            },
            acts.filter { subjects.contains($0.subject) }, within: window)
        if let found = agreed(standing(change.steps, marks)) { return found }
        guard standing(change.steps, marks).isEmpty else { return .unknown }
        if let found = agreed(standing(change.weakSteps, marks)) { return found }
        guard change.isDirectoryManaged || change.type == "account.plain" else { return .unknown }
        let syncs = Mark.all(traces.filter { $0.kind == .directorySynced }, [], within: window)
        return agreed(syncs) ?? .unknown
    }

    /// Whose an audit event is: a line of an own plan where one fits, else whom it names.
    public static func of(_ trace: AuditTrace, acts: [OwnAct]) -> Attribution {
        Mark.all([trace], acts, within: trace.at - slack...trace.at + slack).first { $0.trace == trace }.map(\.attribution)
            ?? Mark(at: trace.at, step: trace.step, trace: trace).attribution
    }

    /// The act that an audit event tells of, if it is one of ours.
    public static func act(of trace: AuditTrace, among acts: [OwnAct]) -> OwnAct? {
        acts.first { act in act.steps.contains { Mark.fits(trace, act, $0) } }
    }

    private static func standing(_ steps: [AuditStep], _ marks: [Mark]) -> [Mark] {
        marks.enumerated().filter { index, mark in
            guard steps.contains(mark.step) else { return false }
            return !marks[(index + 1)...].contains { $0.step.isOpposite(of: mark.step) }
        }.map(\.element)
    }

    /// What all of them say; nil where there are none, or they name different people.
    private static func agreed(_ marks: [Mark]) -> Attribution? {
        guard let first = marks.first?.attribution else { return nil }
        if marks.count == 1 { return first }
        guard marks.allSatisfy({ $0.attribution.whose == first.whose && $0.attribution.actor == first.actor }) else { return nil }
        let plan = marks.allSatisfy { $0.attribution.plan == first.plan } ? first.plan : nil
        return Attribution(first.whose, actor: first.actor, plan: plan)
    }

    /// Something that was done, by an audit event, an own line, or both.
    struct Mark {
        var at: Int
        var step: AuditStep
        var trace: AuditTrace?
        var act: OwnAct?

        /// In the order in which they were done.
        static func all(_ traces: [AuditTrace], _ acts: [OwnAct], within window: ClosedRange<Int>) -> [Mark] {
            let times = window.lowerBound - slack...window.upperBound + slack
            var marks = acts.filter { $0.sent <= window.upperBound && $0.changed >= window.lowerBound }.flatMap { act in
                act.steps.map { Mark(at: act.sent, step: $0, act: act) }
            }
            for trace in traces where times.contains(trace.at) {
                // A line makes one audit event of a kind; a second one is somebody else's.
                if let own = marks.firstIndex(where: { mark in
                    mark.trace == nil && mark.act.map { fits(trace, $0, mark.step) } ?? false
                }) {
                    marks[own].trace = trace
                    marks[own].at = trace.at
                } else {
                    marks.append(Mark(at: trace.at, step: trace.step, trace: trace))
                }
            }
            return marks.enumerated().sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }.map(\.element)
        }

        static func fits(_ trace: AuditTrace, _ act: OwnAct, _ step: AuditStep) -> Bool {
            trace.subject == act.subject && (step == trace.step || step.matter == .attributes && trace.step.matter == .values)
                && trace.at >= act.sent - slack && trace.at <= act.changed + slack
        }

        var attribution: Attribution {
            let time = Date(timeIntervalSince1970: TimeInterval(at)).formatted(.iso8601)
            if let act {
                return Attribution(.own, actor: act.who, at: time, plan: act.plan, line: act.line, audit: trace?.id)
            }
            guard let trace else { return .unknown }
            return Attribution(
                .other, actor: trace.actor.isEmpty ? nil : trace.actor, at: time, audit: trace.id,
                application: trace.application.isEmpty ? nil : trace.application)
        }
    }
}
