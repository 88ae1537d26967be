import Foundation
import Mimecast
import Planning

/// An event as whoever follows the log reads it.
public struct ToldEvent: Sendable, Hashable, Decodable {
    public var id: String
    public var type: EventType
    public var source: String
    public var subject: String?
    public var time: String
    public var data: EventData

    /// As it came.
    public private(set) var text = ""

    private static let check = Result { try SchemaCheck(EventSchema.text) }

    private enum CodingKeys: CodingKey { case id, type, source, subject, time, data }

    /// Whatever a test sees of events is checked against their schema.
    public init(_ text: String) throws {
        let faults = try Self.check.get().faults(text)
        guard faults.isEmpty else { throw NotAnEvent(text: text, faults: faults) }
        self = try JSONDecoder().decode(ToldEvent.self, from: Data(text.utf8))
        self.text = text
    }

    public struct NotAnEvent: Error {
        public var text: String
        public var faults: [String]
    }
}

/// A tenant as somebody knows it who saw one read of it, and events since: the obvious reference of what events promise.
public struct EventMirror: Sendable, Hashable {
    public struct Record: Sendable, Hashable {
        /// Folded.
        public var address: String
        public var values: EventData.Values

        public init(_ account: Account) {
            address = EmailAddress.key(account.address)
            values = Self.sorted(EventData.Values(account))
        }

        static func sorted(_ values: EventData.Values) -> EventData.Values {
            var values = values
            values.aliases = values.aliases.map { Array(Set($0.map(EmailAddress.key))).sorted() }
            values.adminRoles = values.adminRoles.map { Array(Set($0)).sorted() }
            return values
        }
    }

    public struct Membership: Sendable, Hashable {
        public var group: String
        public var member: String

        public init(group: String, member: String) {
            self.group = group
            self.member = member
        }
    }

    public struct Wrong: Error { public var event: ToldEvent }

    public var accounts: [Record]
    public var groups: [String: EventData.Values]
    public var members: Set<Membership>
    /// Aliases whose owner does not show.
    public var aliases: Set<String>

    public init(accounts: [Account], groups: [Group], members: Set<Membership>, aliases: Set<String> = []) {
        self.accounts = accounts.map(Record.init)
        self.groups = Dictionary(groups.map { ($0.id, EventData.Values($0)) }) { $1 }
        self.members = members
        self.aliases = aliases
    }

    /// Both in an order of their own, for comparing.
    public var shown: EventMirror {
        var shown = self
        shown.accounts.sort { $0.address < $1.address }
        return shown
    }

    /// Renames that follow one another hold at the same time: that is how two accounts change addresses.
    public mutating func apply(_ events: [ToldEvent]) throws {
        var index = 0
        while index < events.count {
            if events[index].type == .accountRenamed {
                let run = events[index...].prefix { $0.type == .accountRenamed && $0.data.read == events[index].data.read }
                try rename(Array(run))
                index += run.count
            } else {
                try apply(events[index])
                index += 1
            }
        }
    }

    private mutating func rename(_ events: [ToldEvent]) throws {
        var moves: [String: String] = [:]
        var places: [(Int, EventData.Values)] = []
        for event in events {
            guard let from = event.data.before?.address, let after = event.data.after, let to = after.address,
                let place = place(from, event.data.account?.id)
            else { throw Wrong(event: event) }
            moves[EmailAddress.key(from)] = EmailAddress.key(to)
            places.append((place, after))
        }
        for (place, after) in places {
            accounts[place].values.address = after.address
            accounts[place].address = EmailAddress.key(after.address ?? "")
        }
        members = Set(members.map { Membership(group: $0.group, member: moves[$0.member] ?? $0.member) })
    }

    private func place(_ address: String, _ id: String?) -> Int? {
        let key = EmailAddress.key(address)
        if let id, let place = accounts.firstIndex(where: { $0.values.id == id }) { return place }
        return accounts.firstIndex { $0.address == key && ($0.values.id == nil || id == nil) }
    }

    private mutating func apply(_ event: ToldEvent) throws {
        let data = event.data
        let (before, after) = (data.before, data.after)
        func change(_ body: (inout EventData.Values) -> Void) throws {
            guard let account = data.account, let place = place(account.address, account.id) else { throw Wrong(event: event) }
            body(&accounts[place].values)
            if let id = account.id { accounts[place].values.id = id }
            accounts[place].values = Record.sorted(accounts[place].values)
        }
        switch event.type {
        case .accountCreated:
            guard let after, let address = after.address, place(address, after.id) == nil else { throw Wrong(event: event) }
            var record = Record(Account(address: address))
            record.values = Record.sorted(after)
            accounts.append(record)
        case .accountRemoved:
            guard let address = before?.address, let place = place(address, before?.id) else { throw Wrong(event: event) }
            accounts.remove(at: place)
        case .accountChanged, .accountPlain, .accountDisabled, .accountEnabled:
            try change { values in
                values.address = after?.address ?? values.address
                values.name = after?.name ?? values.name
                values.firstName = after?.firstName ?? values.firstName
                values.lastName = after?.lastName ?? values.lastName
                values.internal = after?.internal ?? values.internal
                values.source = after?.source ?? values.source
                values.status = after?.status ?? values.status
            }
        case .roleGranted: try change { $0.adminRoles = ($0.adminRoles ?? []) + [after?.role ?? ""] }
        case .roleTaken: try change { values in values.adminRoles?.removeAll { $0 == before?.role } }
        case .aliasAdded where data.account != nil: try change { $0.aliases = ($0.aliases ?? []) + [after?.alias ?? ""] }
        case .aliasRemoved where data.account != nil:
            try change { values in values.aliases?.removeAll { EmailAddress.key($0) == EmailAddress.key(before?.alias ?? "") } }
        case .aliasAdded: if !aliases.insert(after?.alias ?? "").inserted { throw Wrong(event: event) }
        case .aliasRemoved: if aliases.remove(before?.alias ?? "") == nil { throw Wrong(event: event) }
        case .groupCreated:
            guard let id = data.group?.id, groups[id] == nil else { throw Wrong(event: event) }
            groups[id] = after
        case .groupRenamed, .groupChanged:
            guard let id = data.group?.id, var values = groups[id] else { throw Wrong(event: event) }
            values.name = after?.name ?? values.name
            values.source = after?.source ?? values.source
            groups[id] = values
        case .groupRemoved:
            guard let id = data.group?.id, groups.removeValue(forKey: id) != nil else { throw Wrong(event: event) }
        case .groupJoined:
            let membership = Membership(group: data.group?.id ?? "", member: after?.address ?? "")
            if !members.insert(membership).inserted { throw Wrong(event: event) }
        case .groupLeft:
            let membership = Membership(group: data.group?.id ?? "", member: before?.address ?? "")
            if members.remove(membership) == nil { throw Wrong(event: event) }
        case .accountRenamed, .delegateAdded, .delegateRemoved, .integrationFailed, .integrationRecovered, .seatsCrossed, .proofOpened,
            .proofClosed:
            break
        }
    }
}
