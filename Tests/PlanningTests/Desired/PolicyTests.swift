import Testing

@testable import Planning

@Suite struct PolicyTests {
    private func condition(_ text: String) throws -> Condition { try Condition(parsing: text) }

    @Test func thereIsNoDigestOfNothing() {
        #expect(DesiredPolicy().digest == nil)
        #expect(DesiredPolicy(leaving: .disable).digest == nil)
    }

    /// Whatever makes a difference to the plan makes one to the digest; spaces make none.
    @Test func theDigestTellsPoliciesApart() throws {
        let sales = try condition("department = 'Sales'")
        var policies = [
            DesiredPolicy(include: sales), DesiredPolicy(exclude: sales), DesiredPolicy(include: sales, leaving: .disable),
            DesiredPolicy(map: [.name: try Expression(parsing: "department")]),
            DesiredPolicy(map: [.email: try Expression(parsing: "department")]),
            DesiredPolicy(groupRules: [.init(when: sales, add: ["A, B"])]),
            DesiredPolicy(groupRules: [.init(when: sales, add: ["A", "B"])]),
            DesiredPolicy(groupRules: [.init(when: sales, add: ["A"]), .init(when: sales, add: ["B"])]),
            DesiredPolicy(include: try condition("department = 'sales'")),
        ]
        #expect(Set(policies.map(\.digest)).count == policies.count)
        policies.append(DesiredPolicy(include: try condition("  department='Sales' ")))
        #expect(Set(policies.map(\.digest)).count == policies.count - 1)
    }

    @Test func scopeIsWhatIsIncludedAndNotExcluded() throws {
        let policy = DesiredPolicy(include: try condition("a present"), exclude: try condition("b = 'x'"))
        #expect(policy.isInScope { $0 == "a" ? ["1"] : [] })
        #expect(!policy.isInScope { _ in [] })
        #expect(!policy.isInScope { _ in ["x"] })
        #expect(DesiredPolicy().isInScope { _ in [] })
    }

    @Test func rulesAddEachGroupOnce() throws {
        let policy = DesiredPolicy(groupRules: [
            .init(when: try condition("a = '1'"), add: ["All", "One"]), .init(when: try condition("a present"), add: ["All", "Some"]),
        ])
        #expect(policy.groups { _ in ["1"] } == [.init(name: "All", rule: 1), .init(name: "One", rule: 1), .init(name: "Some", rule: 2)])
        #expect(policy.groups { _ in ["2"] } == [.init(name: "All", rule: 2), .init(name: "Some", rule: 2)])
        #expect(policy.groups { _ in [] } == [])
        #expect(policy.ruledGroups == ["All", "One", "Some"])
    }

    @Test(arguments: [
        ("departement", ["mail", "department", "depth"], "department"), ("inclde", ["include", "exclude"], "include"),
        ("xclude", ["include", "exclude"], "exclude"), ("salse", ["sales"], "sales"), ("zzz", ["include"], nil), ("a", ["b"], "b"),
        ("ab", ["cd"], nil),
        ("anything", [], nil),
    ])
    func theNearestName(wanted: String, names: [String], expected: String?) {
        #expect(Nearest.name(to: wanted, among: names) == expected)
    }

    @Test(arguments: [
        ("*@acme.example", ["a@acme.example"], ["a@acme.example.org", "a@b.acme.example"]),
        ("board-*@acme.example", ["board-a@acme.example", "board-@acme.example"], ["board@acme.example", "xboard-a@acme.example"]),
        ("*.admin@*", ["a.admin@acme.example", "a.b.admin@x.example"], ["a.admins@acme.example"]),
        ("A*B@ACME.example", ["aXb@acme.example".lowercased(), "abb@acme.example", "ab@acme.example"], ["a@acme.example"]),
        ("*@xn--mnchen-3ya.example", ["a@m\u{FC}nchen.example"], ["a@munchen.example"]),
    ])
    func patternsOfAddresses(text: String, matching: [String], others: [String]) throws {
        let pattern = try #require(AddressPattern(text))
        for address in matching { #expect(pattern.matches(address), "\(address)") }
        for address in others { #expect(!pattern.matches(address), "\(address)") }
    }

    @Test(arguments: ["*", "*@*", "**@*.*", "a*", "a@b@*", "*@", "@acme.example", "a b*@acme.example", "*********a@acme.example"])
    func whatIsNoPattern(text: String) { #expect(AddressPattern(text) == nil) }

    /// A pattern that a thousand stars would make slow is decided at once.
    @Test func patternsAreFast() throws {
        let pattern = try #require(AddressPattern("*a*a*a*a*a*a*b@acme.example"))
        #expect(!pattern.matches(String(repeating: "a", count: 200) + "@acme.example"))
    }
}
