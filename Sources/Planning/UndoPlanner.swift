import Foundation
import Mimecast

/// Turns what an apply did into the changes that take it back. Pure, as ``Planner`` is.
///
/// A line is taken back only where the tenant still has what the apply made: what somebody changed since is reported, not overwritten.
/// What cannot be taken back is a blocked line that says what to do instead.
public struct UndoPlanner: Sendable {
    let plan: Plan
    /// Lines that were carried out and read back.
    let done: [Change]
    let observed: ObservedState
    /// States that were read one by one, by folded address.
    public var states: [String: Account.Status]
    /// What was read of ``attributesToRead``, by folded address.
    public var attributes: [String: AttributeReading] = [:]
    private let capabilities: Capabilities
    private let positions: [String: Int]
    private let protected: Set<String>

    /// - Parameters:
    ///   - plan: what was applied.
    ///   - lines: the numbers of its lines that were carried out and read back.
    ///   - protected: folded addresses that are never disabled or deprived of a role.
    public init(
        plan: Plan, lines: Set<Int>, observed: ObservedState, states: [String: Account.Status] = [:], protected: Set<String> = []
    ) {
        self.plan = plan
        done = plan.work.filter { lines.contains($0.line) }
        self.observed = observed
        self.states = states
        self.protected = protected
        capabilities = Capabilities(generation: plan.generation, dialect: plan.dialect)
        var positions: [String: Int] = [:]
        for (index, account) in observed.accounts.enumerated() {
            positions[EmailAddress.key(account.address)] = index
            if let id = account.id { positions["#" + id] = index }
        }
        self.positions = positions
    }

    /// Addresses whose state no list shows although a line depends on it.
    public var statesToRead: [String] {
        done.compactMap { change in
            guard [.create, .enable, .disable].contains(change.kind), let account = account(change), account.status == nil else {
                return nil
            }
            return account.address
        }
    }

    /// The changes, numbered and in the order in which they are applied.
    public func changes() -> [Change] { Plan.ordered(done.compactMap(inverse)) }

    /// The plan that takes it back, judged by the guards as any other.
    ///
    /// - Parameters:
    ///   - receipt: of the apply.
    ///   - pace: how long calls take.
    ///   - overSCIM: the tenant is written over SCIM.
    public func plan(receipt: String, guards: GuardContext, now: Date, pace: Pace, overSCIM: Bool = false) throws -> Plan {
        let changes = Guards.marked(changes(), observed: observed, context: guards)
        let created = Int(now.timeIntervalSince1970)
        let administrators = capabilities.hasAdminRoles ? Administrators.count(changes, observed) : nil
        return Plan(
            format: Plan.currentFormat, tenant: plan.tenant, created: created, expires: created + Int(Plan.lifetime),
            generation: plan.generation, dialect: plan.dialect, snapshot: observed.snapshot, snapshotDigest: observed.digest,
            closed: observed.completeness.isClosed,
            source: Plan.SourceReference(name: "undo of \(receipt)", digest: try plan.hash, people: plan.source.people), changes: changes,
            guards: Guards.judge(changes, people: nil, observed: observed, administrators: administrators, context: guards), orphans: [],
            notices: changes.isEmpty
                ? ["Nothing is left to take back."]
                : ["The source still says what it said: the next muster plan proposes these changes again, unless it was put right."],
            cost: pace.cost(
                changes, shared: Planner.sharedCalls(changes), dialect: plan.generation == .v1 ? .portal : plan.dialect, overSCIM: overSCIM),
            undoes: receipt)
    }

    // MARK: - Lines

    func account(_ change: Change) -> Account? {
        let place = change.accountID.flatMap { positions["#" + $0] } ?? positions[EmailAddress.key(addressAfter(change))]
        return place.map { observed.accounts[$0] }
    }

    /// What the apply left the account with.
    private func addressAfter(_ change: Change) -> String {
        change.kind == .rename ? change.values?.address ?? change.account : change.account
    }

    private func inverse(_ change: Change) -> Change? {
        if change.kind == .createGroup {
            return blocked(
                change, nil, "a group is not deleted again", "Delete it in the administration console, once nobody is in it.")
        }
        guard let account = account(change) else {
            return change.kind == .create ? nil : blocked(change, nil, "the account is no longer there", "Nothing is left to take back.")
        }
        if account.authority == .ldap {
            return blocked(change, account, "the account is directory-synced now", "Change it in the company's directory.")
        }
        return switch change.kind {
        case .create: state(change, account, .disable)
        case .enable: state(change, account, .disable)
        case .disable: state(change, account, .enable)
        case .rename, .update: fields(change, account)
        case .addMember: membership(change, account, .removeMember)
        case .removeMember: membership(change, account, .addMember)
        case .remove:
            blocked(change, account, "what was deleted cannot be brought back", "Create the account again, or ask the vendor's support.")
        case .purge: retirement(change, account, .unpurge)
        case .unpurge: retirement(change, account, .purge)
        case .addAlias: counterpart(change, account, .removeAlias)
        case .removeAlias: counterpart(change, account, .addAlias)
        case .addDelegate: counterpart(change, account, .removeDelegate)
        case .removeDelegate: counterpart(change, account, .addDelegate)
        case .attribute: attribute(change, account)
        case .blocked, .undecided, .createGroup: nil
        }
    }

    /// The other call of a pair; whether what it takes back is still there, no list shows, so that the vendor's answer says it.
    private func counterpart(_ change: Change, _ account: Account, _ kind: Change.Kind) -> Change? {
        if [.addAlias, .removeAlias].contains(kind), let aliases = account.aliases, let alias = change.counterpart {
            let isThere = aliases.contains { EmailAddress.key($0) == EmailAddress.key(alias) }
            guard isThere == (kind == .removeAlias) else { return nil }
        }
        var inverse = line(kind, change, account)
        inverse.counterpart = change.counterpart
        return inverse
    }

    private func retirement(_ change: Change, _ account: Account, _ kind: Change.Kind) -> Change? {
        if kind == .purge, isProtected(account) {
            return blocked(change, account, "the account is protected", "Take it out of the protected list of the configuration first.")
        }
        var inverse = line(kind, change, account)
        inverse.removal = kind == .purge
        return inverse
    }

    private func state(_ change: Change, _ account: Account, _ kind: Change.Kind) -> Change? {
        let present = account.status ?? states[EmailAddress.key(account.address)]
        // It is as it was before already.
        if present == (kind == .disable ? .disabled : .active) { return nil }
        let isRemoval = kind == .disable
        if isRemoval, !observed.completeness.isClosed(EmailAddress(account.address)?.domain ?? "") {
            return blocked(
                change, account, "the read of its domain is open", "Run muster sync until the domain is closed; then undo again.")
        }
        if isRemoval, isProtected(account) {
            return blocked(change, account, "the account is protected", "Take it out of the protected list of the configuration first.")
        }
        var inverse = line(kind, change, account)
        inverse.removal = isRemoval
        if change.kind == .create { inverse.reason += "; an account is not deleted again, it is disabled" }
        return inverse
    }

    private func fields(_ change: Change, _ account: Account) -> Change? {
        var values = Change.Values()
        var differences: [Change.Difference] = []
        var privilege = false
        for difference in change.differences {
            let present = Self.text(of: difference.field, account)
            if Self.same(difference.field, present, difference.from ?? "") { continue }
            guard Self.same(difference.field, present, difference.to ?? "") else {
                return blocked(
                    change, account,
                    "\(difference.field) was changed since: it is \(present.isEmpty ? "empty" : present), and the apply left \(difference.to ?? "it empty")",
                    "Look at it with muster show \(account.address); change it in the source if it is wrong.")
            }
            Self.set(difference.field, difference.from ?? "", &values)
            differences.append(Change.Difference(field: difference.field, from: present, to: difference.from))
            if difference.field == "adminRoles" { privilege = true }
        }
        guard !differences.isEmpty else { return nil }
        if let address = values.address {
            let key = EmailAddress.key(address)
            let owner = positions[key].map { observed.accounts[$0] }
            if let owner, owner.address != account.address {
                return blocked(change, account, "\(address) belongs to another account now", "Free that address, then undo again.")
            }
            guard capabilities.canChangeAddress else {
                return blocked(change, account, "this dialect cannot rename", "Rename it in the administration console.")
            }
        }
        if privilege, isProtected(account) {
            return blocked(change, account, "the account is protected", "Take it out of the protected list of the configuration first.")
        }
        var inverse = line(values.address == nil ? .update : .rename, change, account)
        inverse.values = values
        inverse.differences = differences
        inverse.privilege = privilege
        inverse.externalID = change.externalID
        if let address = values.address { inverse.person = address }
        return inverse
    }

    private func membership(_ change: Change, _ account: Account, _ kind: Change.Kind) -> Change? {
        let named = observed.groups.filter { $0.name == change.group && $0.authority == .cloud }
        guard let id = change.groupID ?? (named.count == 1 ? named.first?.id : nil) else {
            return blocked(change, account, "there is no group \(change.group ?? "") any more", "Nothing is left to take back.")
        }
        guard let group = observed.groups.first(where: { $0.id == id }) else {
            return blocked(change, account, "there is no group \(change.group ?? id) any more", "Nothing is left to take back.")
        }
        guard group.authority == .cloud else {
            return blocked(change, account, "\(group.name) is directory-synced now", "Change it in the company's directory.")
        }
        let isMember = observed.members[id]?.contains(EmailAddress.key(account.address)) ?? false
        guard isMember == (kind == .removeMember) else { return nil }
        var inverse = line(kind, change, account)
        inverse.groupID = id
        inverse.group = group.name
        return inverse
    }

    private func isProtected(_ account: Account) -> Bool {
        ([account.address] + (account.aliases ?? [])).contains { protected.contains(EmailAddress.key($0)) }
    }

    func line(_ kind: Change.Kind, _ change: Change, _ account: Account) -> Change {
        Change(
            kind: kind, person: change.person, account: account.address, accountID: account.id, reason: "takes back \(change.kind.verb)",
            evidence: evidence(change))
    }

    func blocked(_ change: Change, _ account: Account?, _ why: String, _ remedy: String) -> Change {
        Change(
            kind: .blocked, person: change.person, account: account?.address ?? change.account, accountID: account?.id,
            reason: "cannot take back \(change.kind.verb): \(why)", evidence: evidence(change), authority: account?.authority ?? .cloud,
            group: change.group, calls: 0, remedy: remedy)
    }

    private func evidence(_ change: Change) -> String { "line \(change.line) of \((try? plan.id) ?? "the plan")" }

    // MARK: - Fields by the names that differences have

    private static func text(of field: String, _ account: Account) -> String {
        switch field {
        case "emailAddress": account.address
        case "name": account.name ?? ""
        case "firstName": account.firstName ?? ""
        case "lastName": account.lastName ?? ""
        case "aliases": (account.aliases ?? []).sorted().joined(separator: "; ")
        case "adminRoles": (account.adminRoles ?? []).sorted().joined(separator: "; ")
        default: ""
        }
    }

    /// Lists are compared as ``Planner`` compares them.
    private static func same(_ field: String, _ one: String, _ other: String) -> Bool {
        switch field {
        case "aliases", "adminRoles": Set(list(one).map(EmailAddress.key)) == Set(list(other).map(EmailAddress.key))
        default: one == other
        }
    }

    private static func list(_ text: String) -> [String] {
        text.split(separator: ";").map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
    }

    private static func set(_ field: String, _ text: String, _ values: inout Change.Values) {
        switch field {
        case "emailAddress": values.address = text
        case "name": values.name = text
        case "firstName": values.firstName = text
        case "lastName": values.lastName = text
        case "aliases": values.aliases = list(text)
        case "adminRoles": values.adminRoles = list(text)
        default: break
        }
    }
}
