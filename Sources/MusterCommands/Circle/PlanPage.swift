import Foundation
import Planning

/// A plan as a person wants to read it: counts first, removals before all else, reasons on every line.
struct PlanPage {
    private let file: PlanFile
    private let output: Output
    /// Lines shown of one kind, unless all are asked for.
    private let most: Int
    private let rules: ApprovalRules

    init(_ file: PlanFile, _ output: Output, rules: ApprovalRules, most: Int = 4) {
        self.file = file
        self.output = output
        self.most = most
        self.rules = rules
    }

    private static let order: [Change.Kind] = [
        .remove, .purge, .disable, .removeMember, .removeDelegate, .removeAlias, .createGroup, .create, .unpurge, .rename, .update,
        .attribute, .enable, .addMember, .addAlias, .addDelegate, .undecided, .blocked,
    ]

    private var origin: String {
        let plan = file.plan
        if let receipt = plan.undoes { return "taking back \(receipt)" }
        return plan.byHand == true ? "by hand" : "from \(plan.source.name) (\(plan.source.people) people)"
    }

    /// - Parameter next: whether to say what to type next.
    func show(name: String, next isToldNext: Bool = true) {
        let plan = file.plan
        output.line(output.paint("Plan \(file.id)", .bold) + " for \(plan.tenant) \(origin)")
        output.line(
            "  "
                + Self.order.compactMap { kind -> String? in
                    let count = plan.counts[kind.rawValue] ?? 0
                    return count == 0 ? nil : output.paint("\(kind.sign) \(count) \(kind.noun(count))", kind.colour)
                }.joined(separator: "   ") + (plan.changes.isEmpty ? "all in line" : ""))
        for kind in Self.order { show(kind) }
        for notice in plan.notices { output.line(output.paint("note", .cyan) + "  \(notice)") }
        if !plan.orphans.isEmpty {
            let some = plan.orphans.prefix(3).joined(separator: ", ")
            output.line(
                output.paint("note", .cyan)
                    + "  \(plan.orphans.count) account\(plan.orphans.count == 1 ? "" : "s") that the source never named, left alone: \(some)\(plan.orphans.count > 3 ? ", …" : "")"
            )
        }
        if let seats = plan.seats, seats.after != seats.present { SeatBar(seats, output).show() }
        for result in plan.guards {
            if result.tripped {
                output.line(output.paint("STOP", .red) + "  \(result.name): \(result.explanation)\(holding(result))")
            } else if isWorthALine(result) {
                output.line(output.paint("ok", .green) + "    \(result.name): \(result.explanation)")
            }
        }
        if plan.work.isEmpty {
            if !plan.isStopped { output.line("Nothing to do.") }
        } else if !plan.isStopped {
            let seconds = max(1, plan.cost.seconds)
            let basis = plan.cost.basis == .learnedQuota ? "at the learned quota" : "at the pace of the last read"
            output.line("Cost: \(plan.cost.calls) calls, about \(seconds) s \(basis). Good for four hours.")
        }
        if isToldNext, let next = next(name) { output.line(next) }
    }

    private func show(_ kind: Change.Kind) {
        let changes = file.plan.changes.filter { $0.kind == kind }
        for change in changes.prefix(most) {
            let detail = change.detail.isEmpty ? "" : "  " + change.detail
            output.line("  \(output.paint(kind.sign, kind.colour)) \(output.paint(change.headline, .bold))\(detail)")
            output.line(output.paint("      \(change.reason) (\(change.evidence))", .dim))
            for fact in change.facts ?? [] { output.line("      \(fact)") }
            if let remedy = change.remedy { output.line("      → \(remedy)") }
        }
        if changes.count > most {
            output.line(
                output.paint("  \(kind.sign) … and \(changes.count - most) more; muster show \(file.id) --all lists them", kind.colour))
        }
    }

    /// What is far from its limit is not worth the reader's time, but for the few that always matter.
    private func isWorthALine(_ result: GuardResult) -> Bool {
        guard result.value > 0 else { return false }
        switch GuardName(rawValue: result.name) {
        case .domainRemovals, .groupLeavers, .removalsPerHour, .additionsPerDay, .privilegePerDay: return result.value * 2 >= result.limit
        case .seats: return output.colour
        default: return true
        }
    }

    /// What a guard that tripped holds back.
    private func holding(_ result: GuardResult) -> String {
        guard let name = GuardName(rawValue: result.name) else { return "" }
        let held = file.plan.held(without: name.directions).count
        return held == 0 ? "" : "; it holds \(held) line\(held == 1 ? "" : "s") back"
    }

    private func next(_ name: String) -> String? {
        let plan = file.plan
        if plan.isStopped {
            let look =
                plan.isPartial
                ? "" : "A source that was cut short looks exactly like people who left: look at \(plan.source.name) before anything else."
            let frozen = plan.trippedGuards.reduce(into: Set<GuardDirection>()) { $0.formUnion($1.directions) }
            let held = plan.held(without: frozen)
            guard plan.source.people > 0 || plan.isPartial, held.count < plan.work.count else {
                return "Nothing of this plan can be applied. \(look)"
            }
            let flags = GuardDirection.allCases.filter(frozen.contains).map { "--without \($0.rawValue)" }.joined(separator: " ")
            let others = plan.work.filter { !held.contains($0.line) }
            let approval =
                !rules.missing(plan, lines: Set(others.map(\.line)), proposer: "", given: []).isEmpty ? "muster approve \(name), then " : ""
            let rest = others.count == 1 ? "The other line may" : "The other \(others.count) lines may"
            return (look.isEmpty ? "" : look + "\n") + "\(rest) go on: \(approval)muster apply \(name) \(flags)"
        }
        if plan.work.isEmpty { return nil }
        return rules.needsApproval(plan)
            ? "Next: muster approve \(name), then muster apply \(name)" : "Next: muster apply \(name)"
    }
}

extension Change {
    fileprivate var headline: String {
        switch kind {
        case .rename: "\(account) → \(person)"
        default: person
        }
    }

    fileprivate var detail: String {
        switch kind {
        case .create: (values?.name ?? "") + (route == .file ? ", by a file" : "")
        case .addMember: "joins \(group ?? "")"
        case .removeMember: "leaves \(group ?? "")"
        case .disable: "the account is disabled; its archive stays"
        case .update, .rename:
            differences.filter { $0.field != "emailAddress" }.map { "\($0.field) \"\($0.from ?? "")\" → \"\($0.to ?? "")\"" }
                .joined(separator: ", ")
        case .attribute: differences.map { "\($0.field) \"\($0.from ?? "")\" → \"\($0.to ?? "")\"" }.joined(separator: ", ")
        case .purge: "goes on the purge list: the vendor removes it for good"
        case .unpurge: "comes off the purge list"
        case .addAlias: "gets the alias \(counterpart ?? "")"
        case .removeAlias: "loses the alias \(counterpart ?? "")"
        case .addDelegate: "\(counterpart ?? "") may open the mailbox of \(account)"
        case .removeDelegate: "\(counterpart ?? "") may no longer open the mailbox of \(account)"
        case .createGroup: "a new group"
        case .enable, .remove, .blocked, .undecided: ""
        }
    }
}

extension Change.Kind {
    fileprivate var sign: String {
        switch self {
        case .create, .addMember, .createGroup, .addAlias, .addDelegate: "+"
        case .rename: "↻"
        case .update, .attribute: "~"
        case .enable, .unpurge: "▲"
        case .disable, .remove, .removeMember, .purge, .removeAlias, .removeDelegate: "-"
        case .blocked: "!"
        case .undecided: "?"
        }
    }

    fileprivate var colour: Colour {
        switch self {
        case .create, .addMember, .enable, .createGroup, .unpurge, .addAlias, .addDelegate: .green
        case .rename, .update, .attribute: .yellow
        case .disable, .remove, .removeMember, .purge, .removeAlias, .removeDelegate: .red
        case .blocked, .undecided: .magenta
        }
    }

    fileprivate func noun(_ count: Int) -> String {
        switch self {
        case .create: "create"
        case .rename: count == 1 ? "rename" : "renames"
        case .update: count == 1 ? "update" : "updates"
        case .attribute: count == 1 ? "attribute" : "attributes"
        case .enable: "enable"
        case .disable: "disable"
        case .remove: "remove"
        case .addMember: count == 1 ? "joins a group" : "join a group"
        case .removeMember: count == 1 ? "leaves a group" : "leave a group"
        case .createGroup: count == 1 ? "new group" : "new groups"
        case .purge: "purge"
        case .unpurge: "off the purge list"
        case .addAlias: count == 1 ? "alias" : "aliases"
        case .removeAlias: count == 1 ? "alias gone" : "aliases gone"
        case .addDelegate: count == 1 ? "delegate" : "delegates"
        case .removeDelegate: count == 1 ? "delegate gone" : "delegates gone"
        case .blocked: "impossible"
        case .undecided: "to decide"
        }
    }
}
