import MusterStore

/// What happened in a company before its tenant was seeded: sixty days of the events that any tenant has, whoever looks.
///
/// The same seed number and the same moment give the same history. How many events there are does not depend on how many people: some
/// 1,400, so that the largest page has to be turned twice.
struct AuditHistory: Sendable {
    struct Event: Sendable, Hashable {
        let kind: AuditKind
        let action: String
        let actor: Actor
        /// Milliseconds since 1970.
        let time: Int
    }

    /// In the order in which they happened.
    let events: [Event]

    private static let days = 60
    /// Besides the directory's syncs.
    private static let eventsPerDay = 20

    /// - Parameter until: the moment of the seeding; milliseconds since 1970. A company without people has no history.
    init(_ company: Company, seedNumber: UInt64, until: Int) {
        guard !company.people.isEmpty else {
            events = []
            return
        }
        var maker = Maker(company, seed: seedNumber ^ 0x6175_6469_7400)
        let start = until - Self.days * VendorTime.day
        var made: [Event] = []
        for day in 0..<Self.days {
            for _ in 0..<Self.eventsPerDay {
                made.append(maker.event(at: start + day * VendorTime.day + maker.random.below(VendorTime.day)))
            }
        }
        var sync = SyncSchedule.next(after: start)
        while sync < until {
            made.append(
                Event(
                    kind: .syncCompleted, action: "Directory sync of Active Directory: No changes found",
                    actor: .service(DirectorySyncChore.name), time: sync))
            sync = SyncSchedule.next(after: sync)
        }
        // Stable, so that two of one millisecond keep their order.
        events = made.enumerated().sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }.map(\.element)
    }

    /// - Parameter directory: of a tenant that has no events yet.
    func insert(_ directory: TenantDirectory) throws {
        for (index, event) in events.enumerated() {
            try directory.insert(event.kind, event.action, event.actor, number: index + 1, at: event.time)
        }
    }

    /// Draws one event after the other.
    private struct Maker {
        private let administrators: [Employee]
        private let people: [Employee]
        private let groups: [String]
        var random: SplitMix64

        private static let policies = [
            "Attachment Hold", "Blocked Senders", "Content Examination", "Greylisting", "Impersonation Protection", "URL Protection",
        ]
        private static let folders = ["Blocked Domains", "Permitted Partners", "Press Contacts", "Pilot Users"]

        init(_ company: Company, seed: UInt64) {
            let administrators = company.people.prefix(20).filter { !$0.adminRoles.isEmpty }
            self.administrators = administrators.isEmpty ? Array(company.people.prefix(1)) : administrators
            people = Array(company.people.prefix(200))
            groups = company.cloudGroups
            random = SplitMix64(seed: seed)
        }

        mutating func event(at time: Int) -> Event {
            let administrator = random.pick(administrators)
            let person = random.pick(people)
            let group = random.pick(groups)
            let policy = random.pick(Self.policies)
            let folder = random.pick(Self.folders)
            // 198.51.100.0/24 is for documentation (RFC 5737).
            let ip = "198.51.100.\(1 + random.below(250))"
            let kind: AuditKind
            let action: String
            switch random.below(100) {
            case 0..<45:
                (kind, action) = (.loggedOn, "Successful authentication for \(administrator.address) <\(administrator.displayName)>")
            case 45..<57:
                (kind, action) = (.logonFailed, "Failed authentication for \(administrator.address) <\(administrator.displayName)>")
            case 57..<62:
                (kind, action) = (
                    .logonChallenge, "Intermediate authentication for \(administrator.address) <\(administrator.displayName)>"
                )
            case 62..<68: (kind, action) = (.groupChanged, "Folder \(folder) changed")
            case 68..<76: (kind, action) = (.memberAdded, "\(person.address) added to group \(group)")
            case 76..<82: (kind, action) = (.memberRemoved, "\(person.address) removed from group \(group)")
            case 82..<89: (kind, action) = (.passwordChanged, "Password reset for user: \(person.address)")
            case 89..<96: (kind, action) = (.userChanged, "User \(person.address) changed")
            case 96..<99: (kind, action) = (.policyChanged, "Policy \(policy) changed")
            default: (kind, action) = (.policyCreated, "Policy \(policy) created")
            }
            return Event(
                kind: kind, action: action, actor: Actor(user: administrator.address, application: "Administration Console", ip: ip),
                time: time)
        }
    }
}
