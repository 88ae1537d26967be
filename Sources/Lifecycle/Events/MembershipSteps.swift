import MusterStore
import Planning

/// The steps of memberships. One goes with an account that gets another address: who is renamed neither leaves nor joins.
struct MembershipSteps {
    private struct Membership: Hashable {
        var group: String
        var member: String
    }

    private let steps: ReadSteps
    private var left: [(Membership, since: Int)] = []
    private var joined: [(Membership, since: Int)] = []
    /// By member.
    private var absent: [String: [Absences.Absence]] = [:]

    init(_ steps: ReadSteps, _ turned: SnapshotStore.Turned, renames: [(from: String, to: String)]) throws {
        self.steps = steps
        let (from, to) = (Dictionary(renames) { first, _ in first }, Dictionary(renames.map { ($0.to, $0.from) }) { first, _ in first })
        var gone: [(Membership, since: Int, isNew: Bool)] = []
        var come: [Membership] = []
        // Who is renamed, or takes an address that was somebody's, is compared membership by membership below.
        func isMoved(_ key: String) -> Bool { from[key] != nil || to[key] != nil }
        for (since, keys) in turned.ended where !isMoved(keys[1]) {
            gone.append((Membership(group: keys[0], member: keys[1]), since, true))
        }
        for absence in try steps.absences.all(.member) where !isMoved(absence.member) {
            gone.append((Membership(group: absence.id, member: absence.member), absence.since, false))
        }
        for keys in turned.added where !isMoved(keys[1]) { come.append(Membership(group: keys[0], member: keys[1])) }
        let shown = Set(come)
        for (membership, since, isNew) in gone where !shown.contains(membership) {
            guard try Self.isProved(membership.group, steps) else {
                if isNew { try steps.absences.put(.member, membership.group, membership.member, since: since) }
                continue
            }
            if !isNew { try steps.absences.take(.member, membership.group, membership.member) }
            left.append((membership, since))
        }
        for membership in come {
            if try steps.absences.take(.member, membership.group, membership.member) != nil { continue }
            joined.append((membership, try lastEnd(membership)))
        }
        if !renames.isEmpty {
            absent = Dictionary(grouping: try steps.absences.all(.member), by: \.member)
            try move(renames, from: from, to: to)
        }
    }

    /// Compares what renamed accounts bring with them to what the read shows at every address concerned.
    private mutating func move(_ renames: [(from: String, to: String)], from: [String: String], to: [String: String]) throws {
        for address in Set(renames.flatMap { [$0.from, $0.to] }).sorted() {
            let now = try memberships(address, at: steps.number, alive: true)
            // Whoever has the address now brought these; what hung on the address itself stays where nobody left with it.
            var brought: [String: [(member: String, since: Int)]] = [:]
            for old in [to[address], from[address] == nil ? address : nil].compactMap({ $0 }) {
                for (group, since) in try before(old) { brought[group, default: []].append((old, since)) }
            }
            for (group, all) in brought.sorted(by: { $0.key < $1.key }) where now[group] == nil {
                if try Self.isProved(group, steps) {
                    for old in all { left.append((Membership(group: group, member: old.member), old.since)) }
                } else if let old = all.first {
                    try steps.absences.put(.member, group, address, since: old.since)
                }
            }
            for (group, _) in now.sorted(by: { $0.key < $1.key }) where brought[group] == nil {
                let membership = Membership(group: group, member: address)
                joined.append((membership, try lastEnd(membership)))
            }
        }
    }

    /// The memberships that an address had, as told: those of the read before, and absences that were not proved. These go on under whichever
    /// address the account has.
    private func before(_ address: String) throws -> [String: Int] {
        var result = try memberships(address, at: steps.number, alive: false)
        for absence in absent[address] ?? [] {
            result[absence.id] = absence.since
            try steps.absences.take(.member, absence.id, address)
        }
        return result
    }

    /// - Parameter alive: as this read shows them; otherwise as the one before did.
    private func memberships(_ address: String, at number: Int, alive: Bool) throws -> [String: Int] {
        let condition = alive ? "until IS NULL" : "since < $3 AND (until IS NULL OR until = $3)"
        let arguments: [SQLValue] = [.text(steps.tenant), .text(address)] + (alive ? [] : [.int(number)])
        let rows = try steps.tx.all(
            "SELECT group_id, since FROM observed_members WHERE tenant = $1 AND key = $2 AND \(condition)", arguments
        ) { ($0.text(0), $0.int(1)) }
        return Dictionary(rows) { $1 }
    }

    private func lastEnd(_ membership: Membership) throws -> Int {
        try steps.tx.first(
            "SELECT max(until) FROM observed_members WHERE tenant = $1 AND group_id = $2 AND key = $3",
            [.text(steps.tenant), .text(membership.group), .text(membership.member)]
        ) { $0.intOrNil(0) ?? 0 } ?? 0
    }

    /// Whether somebody who is not shown in a group is no member of it: its members were read whole, or the group is gone.
    private static func isProved(_ group: String, _ steps: ReadSteps) throws -> Bool {
        let isThere = try steps.tx.first(
            "SELECT 1 FROM observed_groups WHERE tenant = $1 AND id = $2 AND until IS NULL", [.text(steps.tenant), .text(group)]
        ) { _ in true }
        return isThere == true ? steps.facts.unproved?.groups.contains(group) != true : steps.isGroupListWhole
    }

    func writeLeft() throws { for (membership, since) in left { try write(.groupLeft, membership, since) } }
    func writeJoined() throws { for (membership, since) in joined { try write(.groupJoined, membership, since) } }

    private func write(_ type: EventType, _ membership: Membership, _ since: Int) throws {
        var draft = GroupSteps.membership(
            type, member: membership.member, group: membership.group, name: try steps.writer.groupName(membership.group))
        draft.data.person = try steps.writer.person(membership.member, or: nil)
        try steps.writer.add(draft, steps.start(since))
    }
}
