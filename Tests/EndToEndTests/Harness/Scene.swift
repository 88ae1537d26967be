import Foundation
import Mimecast
import TestSupport
import Testing

/// A plan with one change of every kind, again and again against one tenant: each round turns back what the round before did, and
/// somebody new joins.
struct Scene: Sendable {
    let desk: Desk
    private(set) var csv: PeopleCSV
    private var round = 0
    private let update: TenantUser
    private let pair: [TenantUser]
    private let members: [TenantUser]
    private let renamed: TenantUser

    static let group = "Mail Archive Reviewers"

    init(_ desk: Desk) async throws {
        self.desk = desk
        let plain = try await desk.tenant.users().filter { $0.isPlain && !$0.groups.contains(Self.group) }
        guard plain.count >= 7 else { throw HarnessError("The company is too small.") }
        update = plain[0]
        pair = [plain[1], plain[2]]
        members = [plain[3], plain[4]]
        renamed = plain[5]
        csv = PeopleCSV(try await desk.tenant.users())
        // The state before the first round: everybody linked, one of the pair disabled, one of the members in the group.
        csv[pair[0].address].active = false
        csv[members[0].address].groups = members[0].groups + [Self.group]
        csv[members[1].address].groups = members[1].groups
        // Each round turns back what the round before did, which is what flapping looks like.
        try desk.folder.write("hysteresis: off\n", to: "muster.yaml")
        try await desk.muster(
            "guards", "raise", "removals-24h=1000", "removals-1h=1000", "additions-24h=1000", "domain-removals=1000",
            "group-leavers=1000", "--for", "1h", "--reason", "test", expect: 0)
        try await desk.bringAbout(csv)
    }

    /// The kinds that a round's plan has, one line each.
    var kinds: [String] {
        let all = ["create", "update", "enable", "disable", "addMember", "removeMember"]
        return desk.flavour == .guide ? all + ["rename"] : all
    }

    /// The joiner of this round.
    var joiner: String { "joiner\(round)@\(desk.sandbox.domain)" }

    /// Plans the next round and approves it.
    ///
    /// - Returns: the plan's id.
    mutating func next() async throws -> String {
        round += 1
        let (off, on) = round % 2 == 1 ? (1, 0) : (0, 1)
        csv[joiner].name = "Joiner \(round)"
        csv[update.address].name = "\(update.name) \(round)"
        csv[pair[off].address].active = false
        csv[pair[on].address].active = true
        csv[members[off].address].groups = members[off].groups + [Self.group]
        csv[members[on].address].groups = members[on].groups
        if desk.flavour == .guide, let index = csv.people.firstIndex(where: { $0.externalID == "hr-\(renamed.address)" }) {
            csv.people[index].email = round % 2 == 1 ? "moved@\(desk.sandbox.domain)" : renamed.address
        }
        let plan = try await desk.plan(csv, expect: 2)
        let work = plan["counts"]?.members.filter { ($0.value.int ?? 0) > 0 } ?? [:]
        try #require(Set(work.keys) == Set(kinds) && work.values.allSatisfy { $0 == .number(1) }, "\(work)")
        let id = try #require(plan["plan"]?.text)
        try await desk.muster("approve", id, expect: 0)
        return id
    }

    /// The tenant is as wanted, and each change had its effect once, none of them sent again unread.
    func expectDone(since mark: Int, at location: SourceLocation = #_sourceLocation) async throws {
        let log = try await desk.control.requests(since: mark)
        let effects = log.filter { $0.hadEffect }.map { "\($0.effect) \($0.target ?? "")" }
        #expect(Set(effects).count == effects.count, "an effect came twice: \(effects)", sourceLocation: location)
        #expect(effects.count == kinds.count, "\(effects)", sourceLocation: location)
        let repeats = Repeats(writes: desk.way.writes).unread(log)
        #expect(repeats.isEmpty, "sent again before a read: \(repeats)\n\(log)", sourceLocation: location)
        try await desk.expectInLine(csv, at: location)
        let users = try await desk.tenant.users()
        for person in csv.people {
            let user = users.first { $0.address == person.email }
            #expect(user?.name == person.name, sourceLocation: location)
            #expect(user?.isActive == (person.active ?? true), "\(person.email)", sourceLocation: location)
            if let groups = person.groups { #expect(user?.groups == groups.sorted(), "\(person.email)", sourceLocation: location) }
        }
        #expect(users.count == csv.people.count, sourceLocation: location)
    }
}

/// Finds writes that were sent again although nobody had looked what became of the first.
struct Repeats {
    let writes: [Way.Write]

    /// A look at accounts or at a group's members. The portal looks by an update that sets nothing.
    private func isLook(_ line: LoggedRequest) -> Bool {
        guard !line.wasDropped else { return false }
        if line.path.hasSuffix("/get-group-members") { return true }
        if line.path.hasSuffix("/get-internal-users") { return true }
        return line.path.hasSuffix("/update-user") && ["read", "refused"].contains(line.effect)
    }

    private func write(_ line: LoggedRequest) -> Way.Write? {
        guard line.wasDropped || !["read", "refused"].contains(line.effect) else { return nil }
        return writes.first { $0.isCall(line) }
    }

    func unread(_ log: [LoggedRequest]) -> [LoggedRequest] {
        // By path and target; a call that was dropped before it was read has no target, so that it may have been anybody's.
        var open: [String: Set<String>] = [:]
        var found: [LoggedRequest] = []
        for line in log {
            if isLook(line) {
                open = [:]
            } else if let write = write(line) {
                let before = open[write.path] ?? []
                let target = line.target ?? "?"
                if before.contains(target) || before.contains("?") { found.append(line) }
                open[write.path, default: []].insert(target)
            }
        }
        return found
    }
}
