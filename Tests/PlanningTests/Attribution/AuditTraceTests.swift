import Mimecast
import Testing

@testable import Planning

/// What audit events are read as.
struct AuditTraceTests {
    private static let labels = ", Date: 2023-11-14, Time: 22:13:20+0000, IP: 192.0.2.7, Application: app-1"

    private static func event(_ type: String, _ action: String, category: String = "user_account_and_role_logs") -> AuditEvent {
        AuditEvent(
            id: "e1", auditType: type, user: "Admin@Example.com", eventTime: "2023-11-14T22:13:20+0000", eventInfo: action + labels,
            category: category)
    }

    struct Case: Sendable, CustomTestStringConvertible {
        var type: String
        var action: String
        var kind: AuditTrace.Kind?
        var subject = ""
        var object = ""
        var group = ""
        var category = "user_account_and_role_logs"
        var testDescription: String { "\(type): \(action)" }
    }

    static let cases = [
        Case(type: "New User", action: "User Ann@Example.com created", kind: .accountCreated, subject: "ann@example.com"),
        Case(type: "Existing User Changed", action: "User ann@example.com changed", kind: .accountChanged, subject: "ann@example.com"),
        Case(
            type: "Existing User Changed", action: "User ann@example.com renamed to ann.b@example.com", kind: .accountRenamed,
            subject: "ann@example.com", object: "ann.b@example.com"),
        Case(type: "User Disabled", action: "User ann@example.com disabled", kind: .accountDisabled, subject: "ann@example.com"),
        Case(type: "User Enabled", action: "User ann@example.com enabled", kind: .accountEnabled, subject: "ann@example.com"),
        Case(type: "User Deleted", action: "User ann@example.com deleted", kind: .accountRemoved, subject: "ann@example.com"),
        Case(
            type: "User Role Changed", action: "Administrator roles of ann@example.com set to Help Desk", kind: .rolesChanged,
            subject: "ann@example.com"),
        Case(type: "User Password Changed", action: "Password of ann@example.com changed", kind: nil),
        Case(
            type: "User Added To Purge List", action: "User ann@example.com added to the purge list", kind: .accountTouched,
            subject: "ann@example.com"),
        Case(
            type: "Delegate User Added", action: "bob@example.com may open the mailbox of ann@example.com", kind: .delegateAdded,
            subject: "ann@example.com", object: "bob@example.com"),
        Case(
            type: "Delegate User Removed", action: "bob@example.com may no longer open the mailbox of ann@example.com",
            kind: .delegateRemoved, subject: "ann@example.com", object: "bob@example.com"),
        Case(
            type: "User Alias Added", action: "Alias a@example.com added to user ann@example.com", kind: .aliasAdded,
            subject: "ann@example.com", object: "a@example.com"),
        Case(
            type: "Profile Group Log Entry", action: "ann@example.com added to group Staff, North", kind: .memberJoined,
            subject: "ann@example.com", group: "Staff, North", category: "profile_group_logs"),
        Case(
            type: "Profile Group (unlink) Log Entry", action: "ann@example.com removed from group Back to group work", kind: .memberLeft,
            subject: "ann@example.com", group: "Back to group work", category: "profile_group_logs"),
        Case(
            type: "Profile Group Log Entry", action: "Domain example.net added to group Staff", kind: .memberJoined, group: "Staff",
            category: "profile_group_logs"),
        Case(
            type: "Folder Log Entry", action: "Group New Staff created", kind: .groupCreated, subject: "group:new staff",
            group: "New Staff",
            category: "profile_group_logs"),
        Case(
            type: "Folder Log Entry", action: "Group Staff renamed to Crew", kind: .groupRenamed, subject: "group:staff", object: "crew",
            group: "Crew", category: "profile_group_logs"),
        Case(
            type: "Folder Log Entry", action: "Group Staff deleted", kind: .groupRemoved, subject: "group:staff", group: "Staff",
            category: "profile_group_logs"),
        Case(type: "Folder Log Entry", action: "Folder Blocked Domains changed", kind: nil, category: "profile_group_logs"),
        Case(
            type: "Completed Directory Sync", action: "Directory sync of Active Directory: No changes found", kind: .directorySynced,
            category: "account_logs"),
        Case(type: "User Logged On", action: "User ann@example.com logged on", kind: nil, category: "authentication_logs"),
        Case(type: "New Policy", action: "Policy of ann@example.com created", kind: nil, category: "account_logs"),
        // Types that nobody has recorded.
        Case(
            type: "Account State Modified", action: "ann@example.com was disabled by policy", kind: .accountDisabled,
            subject: "ann@example.com"),
        Case(
            type: "Account Modified", action: "ann@example.com: enabled was true, deleted was false", kind: .accountTouched,
            subject: "ann@example.com"),
        Case(type: "Account Modified", action: "Nobody in particular", kind: nil),
    ]

    @Test(arguments: cases) func isRead(_ c: Case) {
        let trace = AuditTrace(Self.event(c.type, c.action, category: c.category))
        #expect(trace?.kind == c.kind)
        guard let trace, c.kind != nil else { return }
        #expect((trace.subject, trace.object, trace.group) == (c.subject, c.object, c.group))
        #expect(trace.at == 1_700_000_000)
        #expect(trace.actor == "admin@example.com")
        #expect(trace.application == "app-1")
        #expect(trace.text == c.action)
    }

    @Test(arguments: [
        ("2023-11-14T22:13:20+0000", 1_700_000_000), ("2023-11-14T22:13:20Z", 1_700_000_000), ("2023-11-14T23:13:20+0100", 1_700_000_000),
        ("2023-11-14T22:13:20.123Z", 1_700_000_000), ("2023-11-14T17:13:20.9-0500", 1_700_000_000),
    ]) func timesAreRead(_ text: String, _ seconds: Int) { #expect(AuditTrace.seconds(text) == seconds) }

    @Test(arguments: ["", "yesterday", "2023-11-14", String(repeating: "2", count: 10_000)])
    func whatIsNoTimeMakesNoTrace(_ text: String) { #expect(AuditTrace.seconds(text) == nil) }

    @Test func secretsAreNotKept() {
        let key = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9"
        let trace = AuditTrace(Self.event("Existing User Changed", "User ann@example.com changed, key \(key)\nnext \(key)"))
        #expect(trace?.text == "User ann@example.com changed, key … next …")
        let long = AuditTrace(Self.event("New User", "User ann@example.com created " + String(repeating: "x ", count: 50_000)))
        #expect((long?.text.count ?? 0) <= AuditTrace.mostText)
    }

    @Test func anyTextIsTakenApartWithoutHarm() {
        let pieces = [
            "Group ", "Folder ", " created", " renamed to ", ", Date:", ", IP:", ", Application: ", "a@b.example", " to group ", "\u{0}",
            "é", "",
        ]
        let types = ["Folder Log Entry", "Profile Group Log Entry", "Existing User Changed", "Delegate User Added", "Whatever"]
        for a in pieces {
            for b in pieces {
                for c in pieces {
                    for type in types {
                        _ = AuditTrace(
                            AuditEvent(
                                id: "e", auditType: type, eventTime: "2023-11-14T22:13:20Z", eventInfo: a + b + c,
                                category: "user_account_and_role_logs"))
                    }
                }
            }
        }
    }
}
