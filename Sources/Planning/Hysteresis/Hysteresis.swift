import Foundation
import Mimecast

/// A value that Muster gave to an attribute of somebody, as the journal keeps it.
public struct AppliedValue: Sendable, Hashable, Codable {
    /// The account's id, or its folded address where the dialect has no ids.
    public var subject: String
    /// `active`, a field's name, or `group:` with the group's id, `attribute:` with an attribute's folded name.
    public var attribute: String
    public var value: String
    /// Seconds since 1970.
    public var at: Int
    public var plan: String

    public init(subject: String, attribute: String, value: String, at: Int, plan: String) {
        self.subject = subject
        self.attribute = attribute
        self.value = value
        self.at = at
        self.plan = plan
    }
}

/// Holds what flips back and forth.
///
/// A resource forest, or a colleague and a source that disagree, have the same person disabled and enabled in turn (facts of the life cycle,
/// MC3b). An attribute that was set twice within the span and would now get a value that it was given before is flapping: its line
/// waits for a human, or until the span has passed. It is no trip of a guard: everything else goes on.
public struct Hysteresis: Sendable, Hashable {
    /// How many changes of one attribute are carried out before it is held.
    public var flips: Int
    /// Seconds over which changes count.
    public var span: Int

    public static let standard = Hysteresis(flips: 2, span: 86_400)

    public init(flips: Int, span: Int) {
        self.flips = flips
        self.span = span
    }

    /// What a change sets: nothing for somebody who is made or goes.
    public static func values(of change: Change, at instant: Int, plan: String) -> [AppliedValue] {
        func value(_ attribute: String, _ value: String) -> AppliedValue {
            AppliedValue(subject: subject(change), attribute: attribute, value: value, at: instant, plan: plan)
        }
        return switch change.kind {
        case .disable: [value("active", "false")]
        case .enable: [value("active", "true")]
        case .addMember: change.groupID.map { [value("group:" + $0, "true")] } ?? []
        case .removeMember: change.groupID.map { [value("group:" + $0, "false")] } ?? []
        case .update, .rename: change.differences.map { value($0.field, $0.to ?? "") }
        case .addAlias: change.counterpart.map { [value("alias:" + $0, "true")] } ?? []
        case .removeAlias: change.counterpart.map { [value("alias:" + $0, "false")] } ?? []
        case .addDelegate: change.counterpart.map { [value("delegate:" + $0, "true")] } ?? []
        case .removeDelegate: change.counterpart.map { [value("delegate:" + $0, "false")] } ?? []
        case .attribute:
            change.counterpart.map { [value("attribute:" + EmailAddress.fold($0), change.differences.first?.to ?? "")] } ?? []
        case .create, .createGroup, .unpurge, .purge, .remove, .blocked, .undecided: []
        }
    }

    static func subject(_ change: Change) -> String { change.accountID ?? EmailAddress.key(change.account) }

    /// Changes with what flaps held back.
    ///
    /// - Parameters:
    ///   - history: what was applied, at least within the span.
    ///   - now: seconds since 1970.
    func settled(_ changes: [Change], history: [AppliedValue], now: Int) -> [Change] {
        let recent = history.filter { $0.at > now - span }
        guard !recent.isEmpty else { return changes }
        let bySubject = Dictionary(grouping: recent) { Key(subject: $0.subject, attribute: $0.attribute) }
        var unmade = Set<String>()
        var result: [Change] = []
        for change in changes {
            let flapping = Self.values(of: change, at: now, plan: "").compactMap { wanted -> [AppliedValue]? in
                let past = (bySubject[Key(subject: wanted.subject, attribute: wanted.attribute)] ?? []).sorted { $0.at < $1.at }
                return past.count >= flips && past.contains { $0.value == wanted.value } ? past : nil
            }
            guard !flapping.isEmpty else {
                result.append(change)
                continue
            }
            result += flapping.map { held(change, $0) }
            guard change.kind == .update, let rest = change.without(Set(flapping.compactMap { $0.first?.attribute })) else {
                if change.kind == .rename, let address = change.values?.address { unmade.insert(EmailAddress.key(address)) }
                continue
            }
            result.append(rest)
        }
        // Whoever keeps an address for now cannot join a group under the next one.
        guard !unmade.isEmpty else { return result }
        return result.filter { !$0.kind.isWork || !unmade.contains(EmailAddress.key($0.account)) }
    }

    private struct Key: Hashable {
        var subject: String
        var attribute: String
    }

    private func held(_ change: Change, _ past: [AppliedValue]) -> Change {
        let attribute = past.first?.attribute ?? ""
        let name =
            attribute.hasPrefix("group:")
            ? "membership of \(change.group ?? attribute)" : change.kind == .attribute ? change.counterpart ?? attribute : attribute
        let steps = past.map { "\($0.value.isEmpty ? "empty" : $0.value) at \(Self.time($0.at)) by \($0.plan)" }.joined(separator: ", ")
        // It goes on when so few are left within the span that it is no longer flapping.
        let until = past[max(0, past.count - flips)].at + span
        return Change(
            kind: .undecided, person: change.person, account: change.account, accountID: change.accountID,
            externalID: change.externalID,
            reason: "\(name) flips back and forth: set to \(steps); \(change.kind.verb) waits",
            evidence: change.evidence, authority: change.authority, groupID: change.groupID, group: change.group, calls: 0,
            remedy:
                "Look who disagrees with the source. muster resolve \(change.person) --follow-source lets it go on at once; it goes on by itself at \(Self.time(until))."
        )
    }

    private static func time(_ instant: Int) -> String { Date(timeIntervalSince1970: TimeInterval(instant)).formatted(.iso8601) }
}

extension Change {
    /// An update without some of its fields; nil where nothing would be left.
    fileprivate func without(_ fields: Set<String>) -> Change? {
        var change = self
        change.differences.removeAll { fields.contains($0.field) }
        guard !change.differences.isEmpty else { return nil }
        for field in fields {
            switch field {
            case "name": change.values?.name = nil
            case "firstName": change.values?.firstName = nil
            case "lastName": change.values?.lastName = nil
            case "aliases": change.values?.aliases = nil
            case "adminRoles":
                change.values?.adminRoles = nil
                change.privilege = false
            default: return nil
            }
        }
        change.reason = "differs in " + change.differences.map(\.field).joined(separator: ", ")
        return change
    }
}
