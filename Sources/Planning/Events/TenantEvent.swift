import Foundation

/// An event as it is read: the envelope, and what it tells.
public struct TenantEvent: Sendable, Hashable, Codable {
    public var id: String
    /// One of ``EventType``, or what a newer Muster tells.
    public var type: String
    public var source: String
    /// The folded address of the account that it is about.
    public var subject: String?
    /// RFC 3339.
    public var time: String
    public var data: EventData

    public init(_ text: String) throws { self = try JSONDecoder().decode(TenantEvent.self, from: Data(text.utf8)) }

    public var tenant: String { data.tenant ?? String(source.dropFirst("/tenants/".count)) }
}

extension TenantEvent {
    /// What it is about, as a person reads it.
    public var about: String { subject ?? data.group?.name ?? data.domain?.name ?? data.integration?.name ?? tenant }

    /// From what to what, in words; empty where the type says all.
    public var difference: String {
        let (before, after) = (data.before ?? .init(), data.after ?? .init())
        func text(_ value: Bool?) -> String? { value.map { $0 ? "true" : "false" } }
        func list(_ values: [String]?) -> String? { values.map { $0.sorted().joined(separator: "; ") } }
        var words: [String] = []
        if let group = data.group?.name, subject != nil { words.append(group) }
        if type == EventType.groupRenamed.rawValue { words.append("\"\(before.name ?? "")\" → \"\(after.name ?? "")\"") }
        if type == EventType.accountRenamed.rawValue { words.append("\(before.address ?? "") → \(after.address ?? "")") }
        if type == EventType.accountCreated.rawValue { words += [after.name, after.source].compactMap { $0 }.filter { !$0.isEmpty } }
        words += [after.role ?? before.role, after.alias ?? before.alias, after.delegate ?? before.delegate].compactMap { $0 }
        if let level = after.level, let taken = after.taken, let contracted = after.contracted {
            words.append("\(taken) of \(contracted) seats: \(level)")
        }
        if let reason = after.reason { words.append(reason) }
        let pairs: [(String, String?, String?)] = [
            ("address", before.address, after.address), ("name", before.name, after.name),
            ("firstName", before.firstName, after.firstName), ("lastName", before.lastName, after.lastName),
            ("internal", text(before.internal), text(after.internal)), ("source", before.source, after.source),
        ]
        for field in data.fields ?? [] {
            guard let (_, from, to) = pairs.first(where: { $0.0 == field }) else { continue }
            words.append("\(field) \"\(from ?? "")\" → \"\(to ?? "")\"")
        }
        return words.joined(separator: "  ")
    }

    /// Who did it and why, as a person reads it; nil where nobody knows.
    public var author: String? {
        guard let by = data.by else { return nil }
        let work = by.plan.map { plan in "\(plan)\(by.line.map { " line \($0)" } ?? "")\(by.reason.map { ": \($0)" } ?? "")" }
        let proof = by.audit.map { "audit event \($0)" }
        return "by \(by.actor ?? "somebody")" + ([work, proof].compactMap { $0 }.map { ", \($0)" }).joined()
    }
}
