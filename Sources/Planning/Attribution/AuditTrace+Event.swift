import Foundation
import Mimecast

extension AuditTrace {
    /// Reads an audit event.
    ///
    /// Types that are in recordings, and those that are named after their pattern, are known by their names; others by the words of their
    /// category (our choice: nobody has recorded which types a tenant writes for users).
    ///
    /// - Returns: nil for an event that is no trace, has no time, or no id of at most 512 bytes.
    public init?(_ event: AuditEvent) {
        guard !event.id.isEmpty, event.id.utf8.count <= 512, let at = Self.seconds(event.eventTime) else { return nil }
        let prose = AuditProse(event.eventInfo ?? "")
        let category = event.category ?? ""
        guard let kind = Self.kind(type: EmailAddress.fold(event.auditType), category: category, prose) else { return nil }
        var subject = prose.addresses.first ?? ""
        var object = ""
        var group = ""
        switch kind {
        case .accountRenamed: object = prose.addresses.dropFirst().first ?? ""
        case .aliasAdded, .aliasRemoved: (object, subject) = (subject, prose.addresses.dropFirst().first ?? "")
        case .delegateAdded, .delegateRemoved: (object, subject) = (subject, prose.addresses.dropFirst().first ?? "")
        case .memberJoined, .memberLeft: group = prose.groupOfMember ?? ""
        case .groupCreated, .groupRemoved:
            group = prose.groupItself ?? ""
            subject = Self.key(ofGroup: group)
        case .groupRenamed:
            let names = prose.groupNames
            subject = Self.key(ofGroup: names?.old ?? "")
            object = EmailAddress.fold(names?.new ?? "")
            group = names?.new ?? ""
        case .directorySynced, .imported: subject = ""
        case .accountCreated, .accountChanged, .accountDisabled, .accountEnabled, .accountRemoved, .accountTouched, .rolesChanged: break
        }
        let actor = AuditProse.safe(event.user ?? "")
        self.init(
            id: event.id, at: at, category: String(category.prefix(64)), actor: EmailAddress(actor)?.folded ?? actor, kind: kind,
            subject: subject, object: object, group: group, application: prose.application, text: AuditProse.safe(prose.action))
    }

    private static func kind(type: String, category: String, _ prose: AuditProse) -> Kind? {
        let action = EmailAddress.fold(prose.action)
        switch type {
        case "new user": return .accountCreated
        case "existing user changed": return action.contains(" renamed to ") ? .accountRenamed : .accountChanged
        case "user disabled": return .accountDisabled
        case "user enabled": return .accountEnabled
        case "user deleted": return .accountRemoved
        case "user role changed": return .rolesChanged
        case "user password changed": return nil
        case "delegate user added": return .delegateAdded
        case "delegate user removed": return .delegateRemoved
        case "user alias added": return .aliasAdded
        case "user alias removed": return .aliasRemoved
        case "profile group log entry": return prose.groupOfMember == nil ? nil : .memberJoined
        case "profile group (unlink) log entry": return prose.groupOfMember == nil ? nil : .memberLeft
        case "folder log entry":
            if action.hasSuffix(" created") { return .groupCreated }
            if action.hasSuffix(" deleted") { return .groupRemoved }
            return action.contains(" renamed to ") ? .groupRenamed : nil
        case "completed directory sync": return .directorySynced
        case "users imported": return .imported
        default: return category == "user_account_and_role_logs" ? unknown(type + " " + action, prose) : nil
        }
    }

    /// A type of the users' category that nobody has recorded: by its words, where only one of them can be meant.
    private static func unknown(_ words: String, _ prose: AuditProse) -> Kind? {
        guard !prose.addresses.isEmpty, !words.contains("password") else { return nil }
        if words.contains("alias") || words.contains("delegate") || words.contains("role") { return .accountTouched }
        let found: [(String, Kind)] = [
            ("disabled", .accountDisabled), ("enabled", .accountEnabled), ("deleted", .accountRemoved), ("created", .accountCreated),
        ]
        let fitting = found.filter { words.contains($0.0) }
        return fitting.count == 1 ? fitting[0].1 : .accountTouched
    }

    /// `yyyy-MM-dd'T'HH:mm:ss` with `+0000`, `Z` or another offset, with or without fractions of a second.
    static func seconds(_ text: String) -> Int? {
        guard text.utf8.count <= 40 else { return nil }
        var text = text
        if let dot = text.firstIndex(of: ".") {
            let end = text[text.index(after: dot)...].firstIndex { !$0.isASCII || !$0.isNumber } ?? text.endIndex
            text.removeSubrange(dot..<end)
        }
        guard let date = try? Date(text, strategy: .iso8601) else { return nil }
        return Int(date.timeIntervalSince1970)
    }
}
