import Testing

@testable import Planning

/// Who made a change between two reads.
struct AttributionTests {
    private static let ann = "ann@example.com"
    private static let window = 1_000_000...1_003_600

    private static func trace(
        _ kind: AuditTrace.Kind, at: Int = 1_001_000, by actor: String = "carl@example.com", subject: String = ann, object: String = "",
        group: String = "", id: String? = nil
    ) -> AuditTrace {
        AuditTrace(id: id ?? "\(kind.rawValue)-\(at)", at: at, actor: actor, kind: kind, subject: subject, object: object, group: group)
    }

    private static func act(
        _ kind: Change.Kind, sent: Int = 1_001_000, changed: Int = 1_001_010, object: String = "", line: Int = 1
    ) -> OwnAct {
        OwnAct(plan: "p-1", line: line, who: "pat", kind: kind, subject: ann, object: object, sent: sent, changed: changed)
    }

    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var change: ObservedChange
        var traces: [AuditTrace] = []
        var acts: [OwnAct] = []
        var whose: Attribution.Whose
        var actor: String?
        var audit: String?
        var line: Int?
        var testDescription: String { name }
    }

    private static let disabled = ObservedChange(type: "account.disabled", account: ann)

    static let cases = [
        Case(name: "nothing is known", change: disabled, whose: .unknown),
        Case(
            name: "one audit event", change: disabled, traces: [trace(.accountDisabled)], whose: .other, actor: "carl@example.com",
            audit: "account-disabled-1001000"),
        Case(name: "of somebody else", change: disabled, traces: [trace(.accountDisabled, subject: "bob@example.com")], whose: .unknown),
        Case(name: "of another kind", change: disabled, traces: [trace(.accountEnabled)], whose: .unknown),
        Case(name: "long before", change: disabled, traces: [trace(.accountDisabled, at: 999_000)], whose: .unknown),
        Case(name: "long after", change: disabled, traces: [trace(.accountDisabled, at: 1_004_000)], whose: .unknown),
        Case(
            name: "within what clocks differ", change: disabled, traces: [trace(.accountDisabled, at: 999_900)], whose: .other,
            actor: "carl@example.com", audit: "account-disabled-999900"),
        Case(
            name: "two people", change: disabled,
            traces: [trace(.accountDisabled), trace(.accountDisabled, at: 1_001_500, by: "dora@example.com")], whose: .unknown),
        Case(
            name: "twice the same one: who, but not when", change: disabled,
            traces: [trace(.accountDisabled), trace(.accountDisabled, at: 1_001_500)], whose: .other, actor: "carl@example.com"),
        Case(
            name: "the last of several that stands", change: disabled,
            traces: [
                trace(.accountDisabled), trace(.accountEnabled, at: 1_001_200, by: "dora@example.com"),
                trace(.accountDisabled, at: 1_001_500, by: "emil@example.com"),
            ], whose: .other, actor: "emil@example.com", audit: "account-disabled-1001500"),
        Case(
            name: "taken back, so that it cannot be it", change: disabled,
            traces: [trace(.accountDisabled), trace(.accountEnabled, at: 1_001_200)], whose: .unknown),
        Case(name: "an own line alone", change: disabled, acts: [act(.disable)], whose: .own, actor: "pat", line: 1),
        Case(
            name: "an own line with its audit event", change: disabled, traces: [trace(.accountDisabled, at: 1_001_003)],
            acts: [act(.disable)], whose: .own, actor: "pat", audit: "account-disabled-1001003", line: 1),
        Case(
            name: "an own line, and somebody else later", change: disabled,
            traces: [trace(.accountDisabled, at: 1_001_003), trace(.accountDisabled, at: 1_003_000)], acts: [act(.disable)],
            whose: .unknown),
        Case(
            name: "an own line that somebody took back and did again", change: disabled,
            traces: [
                trace(.accountDisabled, at: 1_001_003), trace(.accountEnabled, at: 1_002_000), trace(.accountDisabled, at: 1_003_000),
            ],
            acts: [act(.disable)], whose: .other, actor: "carl@example.com", audit: "account-disabled-1003000"),
        Case(
            name: "a member by the group's name", change: ObservedChange(type: "group.joined", account: ann, group: "Staff"),
            traces: [
                trace(.memberJoined, group: "STAFF"), trace(.memberJoined, at: 1_001_100, by: "dora@example.com", group: "Staff North"),
            ],
            whose: .other, actor: "carl@example.com", audit: "member-joined-1001000"),
        Case(
            name: "an own member line", change: ObservedChange(type: "group.left", account: ann, group: "Staff"),
            acts: [act(.removeMember, object: "Staff"), act(.removeMember, object: "Other", line: 2)], whose: .own, actor: "pat", line: 1),
        Case(
            name: "a rename, found by the new address",
            change: ObservedChange(type: "account.renamed", account: "a@example.com", object: "b@example.com"),
            traces: [trace(.accountRenamed, subject: "a@example.com", object: "b@example.com")], whose: .other, actor: "carl@example.com",
            audit: "account-renamed-1001000"),
        Case(
            name: "an alias by its name", change: ObservedChange(type: "alias.added", account: ann, object: "x@example.com"),
            traces: [
                trace(.aliasAdded, object: "y@example.com"),
                trace(.aliasAdded, at: 1_001_100, by: "dora@example.com", object: "x@example.com"),
            ], whose: .other, actor: "dora@example.com", audit: "alias-added-1001100"),
        Case(
            name: "a role by the words of a change", change: ObservedChange(type: "role.granted", account: ann),
            traces: [trace(.accountTouched)], whose: .other, actor: "carl@example.com", audit: "account-touched-1001000"),
        Case(
            name: "roles and values of one own line, an audit event each", change: ObservedChange(type: "role.granted", account: ann),
            traces: [trace(.accountChanged, at: 1_001_001), trace(.rolesChanged, at: 1_001_001)], acts: [act(.update)], whose: .own,
            actor: "pat", audit: "roles-changed-1001001", line: 1),
        Case(
            name: "a directory's account that only a sync can have changed",
            change: ObservedChange(type: "account.changed", account: ann, isDirectoryManaged: true),
            traces: [trace(.directorySynced, by: "Mimecast", subject: "")], whose: .other, actor: "Mimecast",
            audit: "directory-synced-1001000"),
        Case(
            name: "a cloud account is none of the sync's", change: ObservedChange(type: "account.changed", account: ann),
            traces: [trace(.directorySynced, by: "Mimecast", subject: "")], whose: .unknown),
        Case(
            name: "a group itself", change: ObservedChange(type: "group.created", group: "Staff"),
            traces: [trace(.groupCreated, subject: "group:staff", group: "Staff")], whose: .other, actor: "carl@example.com",
            audit: "group-created-1001000"),
        Case(name: "what nobody does", change: ObservedChange(type: "seats.crossed"), traces: [trace(.accountTouched)], whose: .unknown),
    ]

    @Test(arguments: cases) func isAttributed(_ c: Case) {
        let found = Attribution.judge(c.change, traces: c.traces, acts: c.acts, within: Self.window)
        #expect((found.whose, found.actor, found.audit, found.line) == (c.whose, c.actor, c.audit, c.line))
        // The order in which they come from the store says nothing.
        #expect(Attribution.judge(c.change, traces: c.traces.reversed(), acts: c.acts.reversed(), within: Self.window).whose == c.whose)
    }
}

/// What was made and undone between two reads.
struct UndonePairTests {
    private static func traces(_ steps: String, actors: Int = 1) -> [AuditTrace] {
        steps.enumerated().map { place, step in
            AuditTrace(
                id: "\(place)", at: 1_000 + place, actor: "a", kind: step == "+" ? .accountEnabled : .accountDisabled,
                subject: "ann@example.com")
        }
    }

    @Test(arguments: [
        ("-+", true, "01"), ("+-", false, "01"), ("+-", true, ""), ("-", true, ""), ("", true, ""), ("-+-+", true, "0123"),
        ("+-+", true, "12"), ("--+", true, "02"), ("-++", true, "01"), ("-+-", true, "01"),
    ]) func pairs(_ steps: String, _ state: Bool, _ expected: String) {
        let found = UndonePairs.find(Self.traces(steps)) { _ in state }
        #expect(found.map(\.id).joined() == expected)
    }

    @Test func nothingIsUndoneWhereReadsDiffer() {
        let found = UndonePairs.find(Self.traces("-+-+")) { _ in nil }
        #expect(found == [])
    }

    @Test func eachObjectIsItsOwn() {
        func joined(_ group: String, _ kind: AuditTrace.Kind, _ id: String) -> AuditTrace {
            AuditTrace(id: id, at: 1, actor: "a", kind: kind, subject: "ann@example.com", group: group)
        }
        let traces = [
            joined("Staff", .memberJoined, "1"), joined("Crew", .memberLeft, "2"), joined("Staff", .memberLeft, "3"),
            AuditTrace(id: "4", at: 2, actor: "a", kind: .accountChanged, subject: "ann@example.com"),
        ]
        let found = UndonePairs.find(traces) { _ in false }
        #expect(found.map(\.id) == ["1", "3"])
    }
}
