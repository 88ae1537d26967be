import Foundation
import Mimecast
import MusterStore
import SCIMStore
import Testing

@testable import Sandbox

/// The company's own directory: what changes there arrives with a sync, and not while a connection fails.
@Suite struct DirectorySyncTests {
    private typealias Change = DirectoryOperation

    @Test func aChangeArrivesWithTheNextSync() async throws {
        let tenant = try await LivingTenant()
        let new = "new.hand@quillhaven.example"
        try await tenant.operate(
            Change(op: .create, via: .directory, emailAddress: new, name: "New Hand", groups: ["Head Office", "Not Here"]),
            Change(op: .createGroup, via: .directory, group: "Night Watch"),
            Change(op: .addMember, via: .directory, emailAddress: new, group: "Night Watch"))
        #expect(try await tenant.account(new) == nil)
        try await tenant.advance(hours: 3.9)
        #expect(try await tenant.account(new) == nil)
        try await tenant.advance(hours: 0.2)
        let account = try #require(try await tenant.account(new))
        #expect(account.source == .ldap && account.addressType == "created_by_ldap_sync" && account.resource.displayName == "New Hand")
        #expect(try await tenant.directoryGroups(new) == ["Head Office", "Night Watch"])
        let events = try await tenant.events(.syncCompleted)
        #expect(events.map(\.time) == [LivingTenant.start + 4 * 3_600_000])
        let event = try #require(events.first)
        #expect(event.info.contains("1 users added, 1 members added, 1 groups added"))
        let made = try await tenant.events(.userCreated)
        #expect(made.count == 1 && made.allSatisfy { $0.info.contains("Application: Directory Sync") && $0.time == event.time })
    }

    @Test func syncChangesNothingByItself() async throws {
        let tenant = try await LivingTenant()
        let before = try await state(tenant)
        try await tenant.advance(hours: 100)
        #expect(try await state(tenant) == before)
        #expect(try await tenant.events(.syncCompleted).allSatisfy { $0.info.contains("No changes found") })
        #expect(try await tenant.events(.syncCompleted).count == 13)
    }

    private func state(_ tenant: LivingTenant) async throws -> [String] {
        try await tenant.read { directory in
            try directory.tx.all(
                """
                SELECT a.id, a.address, a.source, r.version FROM sb_accounts a CROSS JOIN scim_resources r
                WHERE a.tenant = $1 AND r.tenant = a.tenant AND r.id = a.id ORDER BY a.id
                """, [directory.tenant]
            ) { "\($0.text(0)) \($0.text(1)) \($0.text(2)) \($0.int(3))" }
        }
    }

    @Test func aLeaverTurnsPlain() async throws {
        let tenant = try await LivingTenant()
        let person = try LivingTenant.person { $0.source == .ldap && !$0.groups.isEmpty && !$0.directoryGroups.isEmpty }
        let before = try #require(try await tenant.account(person.address))
        try await tenant.operate(Change(op: .delete, via: .directory, emailAddress: person.address))
        try await tenant.sync()
        let after = try #require(try await tenant.account(person.address))
        #expect(after.id == before.id && after.source == .cloud && after.addressType == "created_by_email")
        #expect(after.resource.active)
        #expect(try await tenant.directoryGroups(person.address).isEmpty)
        let kept = try await tenant.read { try $0.resources.groups(of: after.id).count }
        #expect(kept == person.groups.count)
        // And comes back.
        try await tenant.operate(Change(op: .create, via: .directory, emailAddress: person.address.uppercased(), name: "Back Again"))
        try await tenant.sync()
        let again = try #require(try await tenant.account(person.address))
        #expect(again.id == before.id && again.source == .ldap && again.addressType == "created_by_ldap_sync")
        #expect(again.resource.displayName == "Back Again")
    }

    @Test func whatDoesNotFitIsDropped() async throws {
        let tenant = try await LivingTenant()
        let synced = try LivingTenant.person { $0.source == .ldap }.address
        let other = try LivingTenant.person { $0.source == .cloud }
        let alias = try #require(try LivingTenant.person { !$0.aliases.isEmpty }.aliases.first)
        let wrong = [
            Change(op: .create, via: .directory, emailAddress: "abuse@quillhaven.example"),
            Change(op: .create, via: .directory, emailAddress: alias),
            Change(op: .create, via: .directory, emailAddress: "somebody@elsewhere.example"),
            Change(op: .rename, via: .directory, emailAddress: synced, newAddress: other.address),
            Change(op: .rename, via: .directory, emailAddress: synced, newAddress: "somebody@elsewhere.example"),
            Change(op: .disable, via: .directory, emailAddress: other.address),
            Change(op: .delete, via: .directory, emailAddress: "nobody@quillhaven.example"),
            Change(op: .addMember, via: .directory, emailAddress: synced, group: "All Staff"),
            Change(op: .deleteGroup, via: .directory, group: "Nowhere"),
        ]
        let before = try await state(tenant)
        try await tenant.operate(wrong)
        try await tenant.sync()
        #expect(try await state(tenant) == before)
        #expect(try await tenant.events(.connectionChanged).count == wrong.count)
        #expect(try await tenant.events(.syncCompleted).first?.info.contains("\(wrong.count) entries that could not be applied") == true)
        #expect(try await tenant.read { try $0.changes() }.isEmpty)
    }

    @Test func disabledAccountsAreAcknowledgedOrNot() async throws {
        let tenant = try await LivingTenant()
        let address = try LivingTenant.person { $0.source == .ldap }.address
        try await tenant.operate(
            Change(op: .setConnection, acknowledgeDisabledAccounts: false),
            Change(op: .disable, via: .directory, emailAddress: address))
        try await tenant.sync()
        #expect(try await tenant.account(address)?.resource.active == true)
        try await tenant.operate(
            Change(op: .setConnection, acknowledgeDisabledAccounts: true), Change(op: .disable, via: .directory, emailAddress: address))
        try await tenant.sync()
        #expect(try await tenant.account(address)?.resource.active == false)
        try await tenant.operate(Change(op: .enable, via: .directory, emailAddress: address))
        try await tenant.sync()
        #expect(try await tenant.account(address)?.resource.active == true)
    }

    /// One connection's failure pauses what takes away, for all connections, and only that.
    @Test(arguments: [true, false])
    func aFailureAnywherePausesRemovals(byError: Bool) async throws {
        let tenant = try await LivingTenant()
        let person = try LivingTenant.person { $0.source == .ldap && $0.directoryGroups.contains("Head Office") }.address
        let (new, far) = ("new.hand@quillhaven.example", "far.hand@quillhaven.example")
        try await tenant.operate(Change(op: .addConnection, description: "Elsewhere", serverType: "google_workspace"))
        try await tenant.operate(
            byError
                ? Change(op: .setConnection, connection: "Elsewhere", status: .error, error: "Unable to connect")
                : Change(op: .setConnection, connection: "Elsewhere", enabled: false),
            Change(op: .disable, via: .directory, emailAddress: person),
            // Behind the one above, though it takes nothing away.
            Change(op: .rename, via: .directory, emailAddress: person, name: "Renamed"),
            Change(op: .removeMember, via: .directory, emailAddress: person, group: "Head Office"),
            Change(op: .create, via: .directory, emailAddress: new, groups: ["Head Office"]),
            Change(op: .create, via: .directory, emailAddress: far, connection: "Elsewhere"))
        try await tenant.sync()
        try await tenant.sync()
        var account = try #require(try await tenant.account(person))
        #expect(account.resource.active && account.resource.displayName != "Renamed")
        #expect(try await tenant.directoryGroups(person).contains("Head Office"))
        #expect(try await tenant.directoryGroups(new) == ["Head Office"])
        #expect(try await tenant.account(far) == nil)
        let rows = try await tenant.read { try $0.connections() }
        #expect(rows.map { $0.lastSync == LivingTenant.start } == [false, false])
        #expect(rows.last?.lastSync == nil)
        #expect(try await tenant.events(.syncCompleted).count == 2)

        try await tenant.operate(Change(op: .setConnection, connection: "Elsewhere", enabled: true, status: .ok))
        try await tenant.sync()
        account = try #require(try await tenant.account(person))
        #expect(!account.resource.active && account.resource.displayName == "Renamed")
        #expect(try await !tenant.directoryGroups(person).contains("Head Office"))
        #expect(try await tenant.account(far) != nil)
        #expect(try await tenant.events(.syncCompleted).count == 4)
        #expect(try await tenant.read { try $0.changes() }.isEmpty)
    }

    @Test func whatCannotMeanAnythingIsRefusedAtOnce() async throws {
        let tenant = try await LivingTenant()
        let wrong = [
            Change(op: .disable, via: .directory), Change(op: .disable, via: .directory, emailAddress: "no address"),
            Change(op: .rename, via: .directory, emailAddress: "a@quillhaven.example"),
            Change(op: .setSource, via: .directory, emailAddress: "a@quillhaven.example", source: .cloud),
            Change(op: .addMember, via: .directory, emailAddress: "a@quillhaven.example"),
            Change(op: .createGroup, via: .directory, group: "a\u{0}b"), Change(op: .createGroup),
            Change(op: .disable, via: .directory, emailAddress: "a@quillhaven.example", connection: "Nowhere"),
            Change(op: .setConnection), Change(op: .setConnection, status: .ok, error: "why"),
            Change(op: .addConnection), Change(op: .addConnection, description: "X", serverType: "paper"),
        ]
        for change in wrong {
            await #expect(throws: ItemFailure.self, "\(change)") { try await tenant.operate(change) }
        }
        #expect(try await tenant.read { try $0.changes() }.isEmpty)
    }

    /// A sync that was due in the morning does not see what changes at noon, though nobody called in between.
    @Test func whatIsDueComesBeforeAChange() async throws {
        let tenant = try await LivingTenant()
        let address = try LivingTenant.person { $0.source == .ldap }.address
        try await tenant.clock.advance(by: 5 * 3_600, tenant.store)
        try await tenant.operate(Change(op: .disable, via: .directory, emailAddress: address))
        #expect(try await tenant.events(.syncCompleted).count == 1)
        #expect(try await tenant.account(address)?.resource.active == true)
        try await tenant.sync()
        #expect(try await tenant.account(address)?.resource.active == false)
    }
}
