import Foundation
import Mimecast
import Testing

@testable import Planning

/// Random histories against the reference: each plan leads to what it says, and nothing else; nobody is taken for somebody else.
struct HistoryTests {
    /// Histories in the guide's flavour; of the others, which can do less, there are fewer. `MUSTER_SEEDS` makes them more.
    private static func seeds(_ flavour: Flavour) -> Int {
        let seeds = ProcessInfo.processInfo.environment["MUSTER_SEEDS"].flatMap { Int($0) } ?? 1_000
        return switch flavour {
        case .guide: seeds
        case .portal: seeds / 3
        case .v1: seeds / 4
        }
    }

    static let plans = 5

    /// What has happened in all histories, so that a quiet generator is noticed.
    private struct Tally {
        var work: [Change.Kind: Int] = [:]
        var blocked = 0
        var undecided = 0
    }

    @Test(arguments: Flavour.allCases, 0..<4)
    func `Each plan leads to what the reference says, and the next has no work`(flavour: Flavour, quarter: Int) throws {
        var tally = Tally()
        let seeds = Self.seeds(flavour)
        for seed in (seeds * quarter / 4)..<(seeds * (quarter + 1) / 4) {
            var history = History(flavour, seed: seed)
            for number in 1...Self.plans {
                history.goOn()
                guard !history.scene.people.isEmpty else { break }
                let isRight = try check(&history, &tally, "\(flavour), seed \(seed), plan \(number)")
                // What follows a mistake tells nothing.
                guard isRight else { return }
            }
        }
        let kinds: Set<Change.Kind> = [.create, .createGroup, .update, .enable, .disable, .addMember, .removeMember]
        #expect(Set(tally.work.keys) == (flavour == .guide ? kinds.union([.rename]) : kinds), "\(tally)")
        #expect(tally.work.values.allSatisfy { $0 >= 5 } && tally.blocked >= 5 && tally.undecided >= 5, "\(tally)")
    }

    private func check(_ history: inout History, _ tally: inout Tally, _ comment: Comment) throws -> Bool {
        let planner = history.scene.planner
        let plan = planner.plan()
        for change in plan.changes {
            if change.kind.isWork { tally.work[change.kind, default: 0] += 1 }
            tally.blocked += change.kind == .blocked ? 1 : 0
            tally.undecided += change.kind == .undecided ? 1 : 0
        }
        var isRight = expectOrder(plan, comment)
        isRight = expectCare(plan, history, comment) && isRight

        let wanted = Reference(history).wanted()
        let after = try history.scene.applying(planner, plan)
        let old = Set(history.scene.accounts.map(History.key))
        let ends = Dictionary(
            uniqueKeysWithValues: Reference.ends(after).map { (old.contains($0.key) ? $0.key : $0.value.address, $0.value) })
        if ends != wanted {
            let wrong = Set(ends.keys).union(wanted.keys).filter { ends[$0] != wanted[$0] }.sorted()
            let words = wrong.map { key in
                "\(key): was \(Reference.ends(history.scene)[key].map { "\($0)" } ?? "nothing"), is \(ends[key].map { "\($0)" } ?? "nothing"), wanted \(wanted[key].map { "\($0)" } ?? "nothing")"
            }
            let lines = Self.words(history.scene) + plan.changes.map { "\($0.short): \($0.reason)" }
            Issue.record("\(comment)\n\(words.joined(separator: "\n"))\n\(lines.joined(separator: "\n"))")
            isRight = false
        }
        let before = history.scene
        history.remember(plan, after)

        let next = history.scene.planner
        let nextPlan = next.plan()
        // A question may have answered itself: the address was given up by somebody else in this plan.
        let asked = Set(plan.changes.filter { $0.kind == .undecided }.map(\.person))
        if !nextPlan.work.allSatisfy({ asked.contains($0.person) }) {
            let words = (Self.words(before) + plan.changes.map { "\($0.short): \($0.reason)" }).joined(separator: "\n")
            Issue.record("\(comment)\n\(words)\nthen \(nextPlan.work.map { "\($0.short): \($0.reason)" })")
            isRight = false
        }
        // Nobody applies the next plan; what it found out is kept.
        var idle = nextPlan
        idle.changes = []
        history.scene = try history.scene.applying(next, idle)
        return isRight
    }

    /// A scene, for whoever looks for a mistake.
    private static func words(_ scene: Scene) -> [String] {
        scene.people.map {
            "person \($0.address) \($0.externalID ?? "-") active \($0.active.map(String.init) ?? "-") \($0.aliases ?? []) \($0.groups ?? [])"
        } + scene.accounts.map { "account \($0.id ?? "-") \($0.address) \($0.aliases ?? []) \($0.authority)" }
            + scene.links.map { "link \($0.account) \($0.accountID ?? "-") \($0.externalID ?? "-") \($0.person)" }
            + ["open \(scene.openDomains.sorted()), unseen \(scene.unseen.sorted()), protected \(scene.protected.sorted())"]
    }

    /// Lines are numbered, in the order of their kinds, and say nothing twice.
    private func expectOrder(_ plan: Plan, _ comment: Comment) -> Bool {
        let isNumbered = plan.changes.map(\.line) == Array(0..<plan.changes.count).map { $0 + 1 }
        let ranks = plan.changes.map(\.kind.rank)
        let isOrdered = zip(ranks, ranks.dropFirst()).allSatisfy { $0 <= $1 }
        let subjects = plan.work.map { "\($0.kind) \(EmailAddress.key($0.account)) \($0.groupID ?? "")" }
        // An account is made or changed once, and enabled or disabled once.
        let fields = plan.work.filter { [.create, .rename, .update].contains($0.kind) }.map { $0.accountID ?? EmailAddress.key($0.account) }
        let states = plan.work.filter { [.enable, .disable, .remove].contains($0.kind) }.map {
            $0.accountID ?? EmailAddress.key($0.account)
        }
        let isUnique = [subjects, fields, states].allSatisfy { Set($0).count == $0.count }
        #expect(isNumbered && isOrdered && isUnique, comment)
        return isNumbered && isOrdered && isUnique
    }

    /// Nobody loses anything in an open domain, nor who is protected, nor who works there and is not called inactive.
    private func expectCare(_ plan: Plan, _ history: History, _ comment: Comment) -> Bool {
        var isRight = true
        for change in plan.work where [.disable, .remove, .removeMember].contains(change.kind) {
            let account = history.scene.accounts.first { account in
                change.accountID.map { $0 == account.id } ?? (EmailAddress.key(account.address) == EmailAddress.key(change.account))
            }
            guard let account else {
                Issue.record("\(comment): \(change.short) is about nobody")
                return false
            }
            let isOpen = history.scene.openDomains.contains { account.address.hasSuffix("@" + $0) }
            let isUnseen = history.scene.unseen.contains(EmailAddress.key(account.address))
            let owner = history.owner[History.key(account)].map { history.humans[$0] }
            let isWanted = change.kind != .removeMember && owner.map { $0.isEmployed && $0.active != false } ?? false
            let isSpared = change.kind != .removeMember && history.isProtected(account)
            if isOpen || isUnseen || isWanted || isSpared || owner == nil {
                Issue.record("\(comment): \(change.short) (\(change.reason))")
                isRight = false
            }
        }
        return isRight
    }
}
