/// What changes about a tenant as a whole from read to read: proofs, connections to directories, seats.
public enum TenantSteps {
    /// A connection to the company's directory, as far as events go.
    public struct Connection: Sendable, Hashable, Codable {
        public var id: String
        public var name: String
        public var failed: Bool
        public var reason: String?

        public init(id: String, name: String, failed: Bool, reason: String? = nil) {
            self.id = id
            self.name = name
            self.failed = failed
            self.reason = reason
        }
    }

    /// How full the contracted seats are.
    public enum SeatLevel: String, Sendable, Codable, Comparable {
        case free, near, over

        public static func < (left: SeatLevel, right: SeatLevel) -> Bool { left.rank < right.rank }
        private var rank: Int { self == .free ? 0 : self == .near ? 1 : 2 }

        /// - Returns: nil where the contract is not known.
        public init?(_ seats: SeatCount) {
            guard let contracted = seats.contracted, let percent = seats.percent else { return nil }
            self = seats.present > contracted ? .over : percent >= SeatCount.warning ? .near : .free
        }
    }

    /// Domains whose proof changed, by name.
    ///
    /// - Parameter old: nil before the first read, when an open domain is worth a word and a closed one is not.
    public static func proofs(from old: Completeness?, to new: Completeness) -> [EventDraft] {
        let before = old.map(states) ?? [:]
        return states(new).sorted { $0.key < $1.key }.compactMap { name, proof in
            let earlier = before[name]
            guard earlier?.state ?? .closed != proof.state else { return nil }
            var data = EventData(before: earlier.map(values), after: values(proof))
            data.domain = EventData.Named(name: name)
            return EventDraft(proof.state == .open ? .proofOpened : .proofClosed, object: "proof:" + name, data)
        }
    }

    /// Every part of a read that is judged by itself; `external` is the list of external people.
    private static func states(_ completeness: Completeness) -> [String: DomainProof] {
        var states = Dictionary(completeness.domains.map { ($0.domain, $0) }) { first, _ in first }
        if completeness.domains.isEmpty, let list = completeness.list { states["all domains"] = list }
        if let external = completeness.external { states["external"] = external }
        return states
    }

    private static func values(_ proof: DomainProof) -> EventData.Values {
        var values = EventData.Values()
        values.status = proof.state.rawValue
        values.reason = proof.state == .open ? proof.reason : nil
        return values
    }

    /// Connections that failed or work again, by id. One that failed and is gone holds nothing up any more.
    ///
    /// - Parameters:
    ///   - old: nil where none were ever read.
    ///   - new: nil where they could not be read: then nothing is said.
    public static func connections(from old: [Connection]?, to new: [Connection]?) -> [EventDraft] {
        guard let new else { return [] }
        let before = Dictionary((old ?? []).map { ($0.id, $0) }) { first, _ in first }
        let after = Dictionary(new.map { ($0.id, $0) }) { first, _ in first }
        return Set(before.keys).union(after.keys).sorted().compactMap { id in
            let (from, to) = (before[id], after[id])
            guard from?.failed ?? false != to?.failed ?? false, let name = to?.name ?? from?.name else { return nil }
            var gone = EventData.Values()
            gone.status = "gone"
            var data = EventData(before: from.map(values), after: to.map(values) ?? gone)
            data.integration = EventData.Named(name: name, id: id)
            return EventDraft(to?.failed == true ? .integrationFailed : .integrationRecovered, object: "integration:" + id, data)
        }
    }

    private static func values(_ connection: Connection) -> EventData.Values {
        var values = EventData.Values()
        values.status = connection.failed ? "failed" : "ok"
        values.reason = connection.failed ? connection.reason : nil
        return values
    }

    /// The level of the seats that is told from now on, and the event that tells it.
    ///
    /// - Parameters:
    ///   - old: as told last; nil before that.
    ///   - isWhole: where the read is not, there may be more accounts than it shows, never fewer: it can raise the level alone.
    public static func seats(from old: SeatLevel?, to seats: SeatCount, isWhole: Bool) -> (level: SeatLevel?, drafts: [EventDraft]) {
        guard let level = SeatLevel(seats), level != old ?? .free, isWhole || level > old ?? .free else {
            return (old ?? SeatLevel(seats), [])
        }
        var (before, after) = (EventData.Values(), EventData.Values())
        before.level = (old ?? .free).rawValue
        after.level = level.rawValue
        after.taken = seats.present
        after.contracted = seats.contracted
        return (level, [EventDraft(.seatsCrossed, object: "seats", EventData(before: old == nil ? nil : before, after: after))])
    }
}
