import Crypto
import Foundation
import Mimecast
import Planning

/// An event that has an audit event, or a line of an own plan, for its cause: no read shows it.
struct News: Sendable {
    var type: String
    /// The folded address; empty for a group's.
    var person: String
    var object = ""
    /// The group's name, and its id where a read shows it.
    var group = ""
    var groupID: String?
    /// What the id is derived from beside tenant and type: the audit event's id, or the plan and line.
    var cause: String
    /// RFC 3339, UTC.
    var time: String
    var by: Attribution
    /// It was made and undone between two reads.
    var undone = false

    /// Names the schema of `data`.
    static let schema = "urn:muster:event:1#data"

    /// The first 32 hexadecimal digits of SHA-256 over what caused it.
    func id(_ tenant: String) -> String {
        SHA256.hash(data: Data("audit\n\(tenant)\n\(type)\n\(cause)".utf8)).prefix(16).map { String(format: "%02x", $0) }.joined()
    }

    /// CloudEvents 1.0, without nulls, keys sorted. Without `read`, as no read showed it.
    func body(_ tenant: String) throws -> String {
        var data: [String: JSON] = ["tenant": .string(tenant)]
        if by.whose != .unknown { data["by"] = try JSON(of: Doer(by)) }
        if !person.isEmpty { data["account"] = .object(["address": .string(person)]) }
        if !group.isEmpty {
            var named: [String: JSON] = ["name": .string(group)]
            named["id"] = groupID.map { .string($0) }
            data["group"] = .object(named)
        }
        let sides = sides
        if let before = sides.before { data["before"] = .object(before.mapValues { .string($0) }) }
        if let after = sides.after { data["after"] = .object(after.mapValues { .string($0) }) }
        if undone { data["undone"] = .bool(true) }
        var event: [String: JSON] = [
            "specversion": .string("1.0"), "id": .string(id(tenant)), "source": .string("/tenants/\(tenant)"), "type": .string(type),
            "time": .string(time), "datacontenttype": .string("application/json"), "dataschema": .string(Self.schema),
            "data": .object(data),
        ]
        if !person.isEmpty { event["subject"] = .string(person) }
        return try StoredJSON.text(JSON.object(event))
    }

    private struct Doer: Encodable {
        var actor: String?
        var audit: String?
        var at: String?
        var plan: String?
        var line: Int?
        var own: Bool?

        init(_ by: Attribution) {
            (actor, audit, at, plan, line) = (by.actor, by.audit, by.at, by.plan, by.line)
            own = by.whose == .own ? true : nil
        }
    }

    /// What was so before and what is so after; nil where there was or is nothing.
    private var sides: (before: [String: String]?, after: [String: String]?) {
        switch type {
        case "account.disabled": (["status": "active"], ["status": "disabled"])
        case "account.enabled": (["status": "disabled"], ["status": "active"])
        case "account.created": (nil, ["address": person])
        case "account.removed": (["address": person], nil)
        case "alias.added": (nil, ["alias": object])
        case "alias.removed": (["alias": object], nil)
        case "delegate.added": (nil, ["delegate": object])
        case "delegate.removed": (["delegate": object], nil)
        case "group.created": (nil, ["name": group])
        case "group.removed": (["name": group], nil)
        case "group.joined": (nil, ["address": person])
        case "group.left": (["address": person], nil)
        default: (nil, nil)
        }
    }
}

extension News {
    /// - Returns: nil for a kind that has no two sides.
    init?(_ trace: AuditTrace, by attribution: Attribution, undone: Bool = false) {
        let types: [AuditTrace.Kind: String] = [
            .accountCreated: "account.created", .accountRemoved: "account.removed", .accountDisabled: "account.disabled",
            .accountEnabled: "account.enabled", .aliasAdded: "alias.added", .aliasRemoved: "alias.removed",
            .delegateAdded: "delegate.added", .delegateRemoved: "delegate.removed", .memberJoined: "group.joined",
            .memberLeft: "group.left",
            .groupCreated: "group.created", .groupRemoved: "group.removed",
        ]
        guard let type = types[trace.kind] else { return nil }
        self.init(
            type: type, person: trace.subject.hasPrefix("group:") ? "" : trace.subject, object: trace.object, group: trace.group,
            cause: trace.id, time: AuditTrail.time(trace.at), by: attribution, undone: undone)
    }
}
