import Foundation
import Mimecast

@testable import Planning

/// What an application can be: the three that differ in what they carry.
enum Flavour: String, CaseIterable, Sendable {
    case guide, portal, v1

    var generation: Generation { self == .v1 ? .v1 : .v2 }
    var dialect: Dialect { self == .guide ? .guide : .portal }
    var capabilities: Capabilities { Capabilities(generation: generation, dialect: dialect) }
}

let domain = "acme.example"

/// `ann` is `ann@acme.example`.
func at(_ local: String) -> String { local.contains("@") ? local : "\(local)@\(domain)" }

/// A tenant, a source and what Muster remembers, with a plan to be made of them.
struct Scene: Sendable {
    static let instant = Date(timeIntervalSince1970: 1_700_000_000)

    var flavour = Flavour.guide
    var people: [Person] = []
    var accounts: [Account] = []
    var links: [Link] = []
    var groups: [Group] = []
    var members: [String: Set<String>] = [:]
    var taken: Set<String> = []
    var states: [String: Account.Status] = [:]
    var managed: Set<String> = []
    var protected: Set<String> = []
    var guards = GuardContext()
    var seats: Int?
    var domains = [domain]
    /// All domains are open, or these.
    var isOpen = false
    var openDomains: Set<String> = []
    /// Folded addresses of accounts that the read does not show.
    var unseen: Set<String> = []
    var notices: [String] = []
    var removal: RemovalPolicy?
    var retired: [RetiredAccount] = []
    var belongings: [String: Belongings] = [:]
    /// Of profiles, where the list shows none.
    var roles: [String: String?] = [:]
    var overSCIM = false
    var attributes = AttributeKnowledge()
    /// Accounts that plans made.
    var made = 0

    init(_ flavour: Flavour = .guide) { self.flavour = flavour }

    var observed: ObservedState {
        let proofs = domains.map { domain in
            let isOpen = isOpen || openDomains.contains(domain)
            return DomainProof(
                domain: domain, pages: 1, rows: accounts.count, claimed: accounts.count, state: isOpen ? .open : .closed,
                reason: isOpen ? "2 of 9 missing" : nil)
        }
        return ObservedState(
            snapshot: "s-1", digest: "d",
            accounts: unseen.isEmpty ? accounts : accounts.filter { !unseen.contains(EmailAddress.key($0.address)) }, takenAddresses: taken,
            groups: groups, members: members, domains: Set(domains), completeness: Completeness(domains: proofs), seats: seats)
    }

    var planner: Planner {
        var input = Planner.Input(
            tenant: "CACME", generation: flavour.generation, dialect: flavour.dialect,
            desired: DesiredState(people: people, notices: notices, source: "people.csv", digest: "e"), observed: observed,
            links: links, states: states, managedGroups: managed, protected: protected, guards: guards, now: Self.instant,
            secondsPerCall: 0.5)
        input.removal = removal
        input.retired = retired
        input.belongings = belongings
        input.roles = roles
        input.overSCIM = overSCIM
        input.attributes = attributes
        return Planner(input)
    }

    var correlation: Correlation { planner.correlation }
    var plan: Plan { planner.plan() }
    /// The plan in short.
    var lines: [String] { plan.changes.map(\.short) }

    /// Adds an account as this flavour lists it.
    @discardableResult
    mutating func account(
        _ local: String, name: String? = nil, aliases: [String] = [], roles: [String] = [], status: Account.Status = .active,
        authority: Authority = .cloud, id: String? = nil
    ) -> Account {
        let whole = flavour == .guide
        let account = Account(
            id: whole ? id ?? "id-\(local)" : nil, address: at(local), name: name ?? local.capitalized, firstName: whole ? "" : nil,
            lastName: whole ? "" : nil, aliases: whole ? aliases.map(at) : nil, adminRoles: whole ? roles : nil,
            status: whole ? status : nil, authority: authority)
        accounts.append(account)
        if !whole { states[at(local)] = status }
        return account
    }

    /// Adds an account with its person and the link between them, all in line.
    mutating func settled(_ local: String, id: String? = nil, roles: [String] = [], status: Account.Status = .active) {
        let account = account(local, roles: roles, status: status)
        links.append(Link(account: at(local), accountID: account.id, externalID: id ?? local, person: at(local)))
        people.append(Person(address: at(local), externalID: id ?? local))
    }
}

extension Change {
    /// `addMember ann Staff`.
    var short: String {
        if kind == .createGroup { return "createGroup \(person)" }
        let subject = (account.isEmpty ? person : account).split(separator: "@").first.map(String.init) ?? ""
        return ([kind.rawValue, subject] + [group].compactMap { $0 }).joined(separator: " ")
    }
}

extension Plan {
    func result(_ name: GuardName) -> GuardResult? { guards.first { $0.name == name.rawValue } }
    var tripped: [String] { guards.filter(\.tripped).map(\.name) }
    func change(_ kind: Change.Kind) -> Change? { changes.first { $0.kind == kind } }
}

/// SplitMix64: the same seed, the same numbers.
struct Seeded: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: Int) { state = UInt64(bitPattern: Int64(seed)) }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &self) < percent }
}
