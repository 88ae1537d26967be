import Mimecast
import Testing

@testable import Planning

/// Who has to say yes to what.
struct ApprovalRuleTests {
    /// Lines: 1 create nova, 2 update boss (roles), 3 addMember eve, 4 disable ann, 5 disable boss.
    private var plan: Plan {
        var plan = Scene().plan
        func change(_ kind: Change.Kind, _ local: String, privilege: Bool = false, removal: Bool = false) -> Change {
            Change(kind: kind, person: at(local), account: at(local), reason: "", evidence: "", privilege: privilege, removal: removal)
        }
        plan.changes = [
            change(.create, "nova"), change(.update, "boss", privilege: true), change(.addMember, "eve"),
            change(.disable, "ann", removal: true), change(.disable, "boss", removal: true), change(.blocked, "boss"),
        ]
        for index in plan.changes.indices { plan.changes[index].line = index + 1 }
        return plan
    }

    private func missing(_ rules: [ApprovalRule], _ given: [(who: String, lines: Set<Int>)], fourEyes: Bool = false) -> [[Int]] {
        var all = ApprovalRules()
        all.rules = rules
        all.fourEyes = fourEyes
        return all.missing(
            plan, proposer: "pat", given: given.map { ApprovalRules.Given(who: $0.who, lines: $0.lines) }
        ).map(\.lines)
    }

    private static let all: Set<Int> = [1, 2, 3, 4, 5]

    @Test func `Removals and privilege want one, who may be the proposer`() {
        #expect(missing([], []) == [[2, 4, 5]])
        #expect(missing([], [("pat", Self.all)]) == [])
        #expect(missing([], [("pat", Self.all)], fourEyes: true) == [[2, 4, 5]])
        #expect(missing([], [("Pat", Self.all)], fourEyes: true) == [[2, 4, 5]], "another letter case is no other person")
        #expect(missing([], [("quinn", [4])]) == [[2, 5]])
    }

    @Test func `Privilege may want two others`() {
        let rule = ApprovalRule(directions: [.privilege], persons: 2, isOthers: true)
        #expect(missing([rule], [("pat", Self.all)]) == [[2]])
        #expect(missing([rule], [("pat", Self.all), ("quinn", Self.all)]) == [[2]])
        #expect(missing([rule], [("quinn", Self.all), ("QUINN", Self.all)]) == [[2]], "the same person twice is one")
        #expect(missing([rule], [("quinn", Self.all), ("robin", Self.all)]) == [])
    }

    @Test func `A rule may begin at a size`() {
        #expect(missing([ApprovalRule(directions: [.removals], over: 2, persons: 2)], [("pat", Self.all)]) == [])
        #expect(missing([ApprovalRule(directions: [.removals], over: 1, persons: 2)], [("pat", Self.all)]) == [[4, 5]])
    }

    @Test func `Some addresses have approvers of their own, for every kind of change`() {
        let rule = ApprovalRule(addresses: [at("boss")], approvers: ["dana"])
        #expect(missing([rule], [("pat", Self.all)]) == [[2, 5]])
        #expect(missing([rule], [("dana", Self.all)]) == [])
        #expect(missing([ApprovalRule(kinds: [.addMember])], [("pat", [2, 4, 5])]) == [[3]])
        #expect(missing([ApprovalRule(kinds: [.disable], addresses: [at("boss")], approvers: ["dana"])], [("pat", Self.all)]) == [[5]])
    }

    @Test func `One more approval never takes one away`() {
        for seed in 0..<300 {
            var random = Seeded(seed)
            let rules = (0..<Int.random(in: 0...3, using: &random)).map { _ in
                ApprovalRule(
                    directions: random.chance(50) ? [.removals] : [.additions, .privilege], over: Int.random(in: 0...2, using: &random),
                    persons: Int.random(in: 1...3, using: &random), approvers: random.chance(30) ? ["quinn", "robin"] : [],
                    isOthers: random.chance(50))
            }
            var given: [(who: String, lines: Set<Int>)] = []
            var open = Set(missing(rules, given).flatMap { $0 })
            for _ in 0..<6 {
                let lines = Self.all.filter { _ in random.chance(70) }
                given.append((["pat", "quinn", "robin", "sam"].randomElement(using: &random) ?? "pat", lines))
                let next = Set(missing(rules, given).flatMap { $0 })
                #expect(next.isSubset(of: open), "seed \(seed)")
                open = next
            }
            given += ["quinn", "robin", "sam"].map { ($0, Self.all) }
            let left = missing(rules.filter { $0.approvers.isEmpty || $0.persons < 3 }, given)
            #expect(left == [], "seed \(seed)")
        }
    }

    @Test func `A word after a word`() {
        func history(_ words: [(String, Bool, [Int]?)], now: Int = 0) -> ApprovalHistory {
            ApprovalHistory(
                words.map { ApprovalHistory.Word(who: $0.0, isYes: $0.1, lines: $0.2, expires: 10) }, all: Self.all, now: now)
        }
        #expect(history([("pat", true, nil)]).given == [.init(who: "pat", lines: Self.all)])
        #expect(history([("pat", true, nil)], now: 10).given == [])
        #expect(history([("pat", true, nil), ("quinn", false, nil)]).given == [])
        #expect(history([("pat", true, nil), ("quinn", false, [4])]).rejected == [4])
        // Whoever says yes after a line was rejected means the plan without it.
        #expect(history([("quinn", false, [4]), ("pat", true, nil)]).given == [.init(who: "pat", lines: [1, 2, 3, 5])])
        #expect(history([("quinn", false, [4]), ("pat", true, [4])]).rejected == [])
        #expect(history([("pat", true, [4])]).isByLines && !history([("pat", true, nil)]).isByLines)
        #expect(history([("quinn", false, [4])], now: 99).rejected == [4], "a no does not expire")
    }
}
