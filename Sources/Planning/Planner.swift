import Foundation
import Mimecast

/// Compares what the source wants with what the tenant has. Pure: the same values make the same plan.
public struct Planner: Sendable {
    public struct Input: Sendable {
        public var tenant: String
        public var generation: Generation
        public var dialect: Dialect
        public var desired: DesiredState
        public var observed: ObservedState
        public var links: [Link]
        /// States that were read one by one, by folded address; an address that was asked for and is absent is not there.
        public var states: [String: Account.Status]
        /// Ids of groups whose membership this source has said something about before.
        public var managedGroups: Set<String>
        /// Folded addresses that are never removed, disabled or deprived of a role.
        public var protected: Set<String>
        public var guards: GuardContext
        public var now: Date
        public var secondsPerCall: Double
        /// Somebody asks for a few people by hand: whoever is not named is not meant, and nobody is an orphan or a leaver for it.
        public var isByHand = false
        /// Calls a second that can be kept up, by category, as they were learned.
        public var quotas: [EndpointDescription.Category: Double] = [:]
        /// The tenant is written over SCIM.
        public var overSCIM = false
        /// Roles that profiles show, by folded address; a nil in it is none. Whoever was not asked for is absent.
        public var roles: [String: String?] = [:]
        /// Whether many may be made by one file.
        public var mayImport = false
        /// Addresses of accounts that are to be deleted, by hand alone.
        public var deletions: [String] = []
        /// What was applied to whom lately, and when that makes a change wait.
        public var applied: [AppliedValue] = []
        public var hysteresis: Hysteresis? = .standard
        /// Other lines that are asked for by hand.
        public var asks: [HandAsk] = []
        /// When accounts that are disabled may go for good; nil is never.
        public var removal: RemovalPolicy?
        /// What Muster disabled, and what it put on the purge list.
        public var retired: [RetiredAccount] = []
        /// What was read of those who may go, by folded address.
        public var belongings: [String: Belongings] = [:]

        /// What is known of attributes, which no list shows.
        public var attributes = AttributeKnowledge()

        var pace: Pace { Pace(secondsPerCall: secondsPerCall, quotas: quotas) }

        public init(
            tenant: String, generation: Generation, dialect: Dialect, desired: DesiredState, observed: ObservedState, links: [Link] = [],
            states: [String: Account.Status] = [:], managedGroups: Set<String> = [], protected: Set<String> = [],
            guards: GuardContext = GuardContext(), now: Date, secondsPerCall: Double = 0
        ) {
            self.tenant = tenant
            self.generation = generation
            self.dialect = dialect
            self.desired = desired
            self.observed = observed
            self.links = links
            self.states = states
            self.managedGroups = managedGroups
            self.protected = protected
            self.guards = guards
            self.now = now
            self.secondsPerCall = secondsPerCall
        }
    }

    let input: Input
    public let correlation: Correlation
    let capabilities: Capabilities
    /// The account that owns an alias, by folded addresses, where the dialect shows it.
    let aliasOwners: [String: String]
    /// Addresses and ids of accounts that Muster disabled.
    private let disabledByUs: Set<String>
    /// Those of accounts whose person the source called inactive when it last said anything about it.
    private let saidInactive: Set<String>
    /// The open domain of the account that a person is linked to, by the source's ids and by folded addresses.
    private let openHomes: (byID: [String: String], byPerson: [String: String])

    public init(_ input: Input) {
        self.input = input
        aliasOwners = input.observed.accounts.reduce(into: [:]) { owners, account in
            for alias in account.aliases ?? [] { owners[EmailAddress.key(alias)] = EmailAddress.key(account.address) }
        }
        func keys(_ isMeant: (Link) -> Bool) -> Set<String> {
            input.links.reduce(into: []) { keys, link in
                guard isMeant(link) else { return }
                keys.insert(link.account)
                if let id = link.accountID { keys.insert(id) }
            }
        }
        disabledByUs = keys(\.disabledByUs)
        saidInactive = keys(\.saidInactive)
        let open = input.observed.domains.sorted().filter { !input.observed.completeness.isClosed($0) }
        openHomes = (open.isEmpty ? [] : input.links).reduce(into: ([:], [:])) { homes, link in
            // Where it was, or wherever somebody may have moved it.
            let last = EmailAddress.domain(ofKey: link.account)
            guard let domain = open.first(where: { $0 == last }) ?? open.first else { return }
            if let id = link.externalID { homes.byID[id] = domain }
            homes.byPerson[link.person] = domain
        }
        capabilities = Capabilities(generation: input.generation, dialect: input.dialect)
        correlation = Correlation(
            people: input.desired.people, leftOut: input.desired.leftOut, scopedOut: input.desired.scopedOut, observed: input.observed,
            links: input.links)
    }

    /// Addresses of accounts whose state the list does not show although the plan depends on it: people who are to be inactive, and
    /// those whom Muster disabled before. Never everybody.
    public var statesToRead: [String] {
        var addresses: [String] = []
        for (person, match) in zip(input.desired.people, correlation.matches) {
            guard case .account(let position, _) = match else { continue }
            let account = input.observed.accounts[position]
            guard account.status == nil, person.active == false || wasDisabledByUs(account) || input.isByHand && person.active == true
            else {
                continue
            }
            addresses.append(account.address)
        }
        for (_, account) in correlation.missing {
            guard let account, input.observed.accounts[account].status == nil else { continue }
            addresses.append(input.observed.accounts[account].address)
        }
        return addresses + statesToPurge
    }

    /// The groups that this source speaks about: named now, or managed before. Those that rules alone speak about are managed as long as
    /// the rules are there.
    public var groupsSpokenOf: Set<String> {
        let names = Set(input.desired.people.flatMap { $0.groups ?? [] }.map(EmailAddress.fold))
        let named = input.observed.groups.filter { names.contains(EmailAddress.fold($0.name)) && $0.authority == .cloud }.map(\.id)
        return input.managedGroups.union(named)
    }

    /// The plan.
    public func plan() -> Plan {
        var changes: [Change] = []
        var notices = input.desired.notices
        for (person, match) in zip(input.desired.people, correlation.matches) {
            switch match {
            case .undecided(let why):
                changes.append(
                    Change(
                        kind: .undecided, person: person.address, account: "", externalID: person.externalID, reason: why,
                        evidence: evidence(person), calls: 0,
                        remedy: "Say which account is meant: muster resolve \(person.address) --account ADDRESS."))
            case .nobody: changes += joiner(person)
            case .account(let position, _): changes += lines(for: person, account: input.observed.accounts[position])
            }
        }
        for (link, position) in correlation.missing { changes += leaver(link, position) }
        changes += attributeLines()
        changes += memberships() + input.deletions.map(deletion) + input.asks.flatMap(lines(for:))
        changes += newGroups(for: changes) + purges(besides: changes) + roleTasks()
        if let hysteresis = input.hysteresis, !input.isByHand {
            changes = hysteresis.settled(changes, history: input.applied, now: Int(input.now.timeIntervalSince1970))
        }
        changes = Guards.marked(changes, observed: input.observed, context: input.guards)
        changes = Plan.ordered(routed(changes))

        notices +=
            [Self.routeNotice(changes)].compactMap { $0 } + scopeNotices() + carriedNotices() + silenceNotices() + purgeNotices(changes)
        if !input.observed.completeness.isClosed {
            let open = input.observed.completeness.domains.filter { $0.state == .open }.map { "\($0.domain) (\($0.reason ?? "unproved"))" }
            notices.append("The read is open: \(open.joined(separator: "; ")). Nobody is removed from an open domain.")
        }
        var guards = Guards.judge(
            changes, people: input.isByHand ? nil : peopleCount, observed: input.observed,
            administrators: capabilities.hasAdminRoles ? Administrators.count(changes, input.observed) : nil,
            context: input.guards, isByHand: input.isByHand)
        if !input.isByHand, let changed = Guards.policyChange(changes, policy: input.desired.policy, context: input.guards) {
            guards.append(changed)
        }
        let seats = SeatCount.of(
            input.observed, orphans: input.isByHand ? 0 : correlation.orphans.count, changes: changes)
        if changes.contains(where: { $0.kind == .create }), let notice = seats.notice { notices.append(notice) }
        let created = Int(input.now.timeIntervalSince1970)
        return Plan(
            format: Plan.currentFormat, tenant: input.tenant, created: created, expires: created + Int(Plan.lifetime),
            generation: input.generation, dialect: input.dialect, snapshot: input.observed.snapshot,
            snapshotDigest: input.observed.digest, closed: input.observed.completeness.isClosed,
            source: Plan.SourceReference(
                name: input.desired.source, digest: input.desired.digest, people: peopleCount),
            changes: changes, guards: guards,
            orphans: orphans,
            notices: notices,
            cost: input.pace.cost(
                changes, shared: Self.sharedCalls(changes), dialect: input.generation == .v1 ? .portal : input.dialect,
                overSCIM: input.overSCIM),
            byHand: input.isByHand ? true : nil, policy: input.desired.policy, outOfScope: input.desired.scopedOut?.lines.count,
            seats: seats)
    }

    /// How many people the source names.
    private var peopleCount: Int { input.desired.people.count + input.observed.settled.count }

    func evidence(_ person: Person) -> String {
        person.line > 0 ? "\(input.desired.unit) \(person.line) of \(input.desired.source)" : input.desired.source
    }

    func status(of account: Account) -> Account.Status? { account.status ?? input.states[EmailAddress.key(account.address)] }

    func wasDisabledByUs(_ account: Account) -> Bool { Self.contains(disabledByUs, account) }

    func wasSaidInactive(_ account: Account) -> Bool { Self.contains(saidInactive, account) }

    private static func contains(_ keys: Set<String>, _ account: Account) -> Bool {
        keys.contains(EmailAddress.key(account.address)) || account.id.map { keys.contains($0) } ?? false
    }

    /// The open domain in which a person may have an account that the read does not show: their own, or the one of their stored link.
    func openHome(_ person: Person) -> String? {
        let key = EmailAddress.key(person.address)
        let domain = EmailAddress.domain(ofKey: key)
        if !input.observed.completeness.isClosed(domain) { return domain }
        return person.externalID.flatMap { openHomes.byID[$0] } ?? openHomes.byPerson[key]
    }

    /// People who stay disabled since the source once called them inactive, and now says nothing.
    private func silenceNotices() -> [String] {
        let count = zip(input.desired.people, correlation.matches).count { person, match in
            guard person.active == nil, case .account(let position, _) = match else { return false }
            let account = input.observed.accounts[position]
            return status(of: account) == .disabled && wasDisabledByUs(account) && wasSaidInactive(account)
        }
        guard count > 0 else { return [] }
        return [
            "\(counted(count, "account")) stay\(count == 1 ? "s" : "") disabled: the source said inactive, and now says nothing about it."
        ]
    }

    /// What this dialect cannot carry, said once, and only where the source says something about it.
    private func carriedNotices() -> [String] {
        let settled = input.observed.settled.says
        let spoken: [String: Bool] = [
            "firstName": settled.contains(.firstName) || input.desired.people.contains { $0.firstName != nil },
            "lastName": settled.contains(.lastName) || input.desired.people.contains { $0.lastName != nil },
            "aliases": settled.contains(.aliases) || input.desired.people.contains { $0.aliases != nil },
            "adminRoles": input.roles.isEmpty && input.desired.people.contains { $0.adminRoles != nil },
        ]
        let fields = capabilities.fieldsNotCarried.filter { spoken[$0] == true }
        guard !fields.isEmpty else { return [] }
        let which = input.generation == .v1 ? "the v1 generation" : "the \(input.dialect.rawValue) dialect"
        return ["Not compared, since \(which) cannot carry it: \(fields.joined(separator: ", "))."]
    }
}
