import Mimecast
import Planning
import TestSupport

@testable import Lifecycle

/// A tenant and a source, cell by cell, that drift apart; and a configuration that somebody edits.
struct SettledWorld {
    static let columns = ["email", "externalId", "name", "firstName", "active", "aliases", "groups", "adminRoles", "department"]
    /// The columns that a record is, in their order.
    typealias Record = [String]

    var records: [Record]
    var tenant: FakeVendor.Tenant
    var policy = DesiredPolicy()
    var patterns: [AddressPattern] = []
    var removal = RemovalPolicy()
    var random: SeededRandom
    private var joiners = 0

    init(seed: UInt64) {
        random = SeededRandom(seed: seed)
        tenant = FakeVendor.Tenant()
        tenant.domains = [FakeVendor.domain, "second.example"]
        tenant.rows = (0..<40).map { FakeVendor.Row(id: "id-\($0)", address: Self.address($0), name: "Name \($0)") }
        tenant.groups = [Group(id: "g1", name: "Staff", authority: .cloud), Group(id: "g2", name: "Crew", authority: .cloud)]
        tenant.members = ["g1": [Self.address(1)], "g2": [Self.address(2), Self.address(3)]]
        records = (0..<38).map { Self.record(Self.address($0), $0 % 5 == 0 ? "" : "x\($0)", "Name \($0)", $0 % 3 == 0 ? "Sales" : "Works") }
    }

    static func address(_ number: Int) -> String { number % 4 == 3 ? "p\(number)@second.example" : at("p\(number)") }

    static func record(_ address: String, _ id: String, _ name: String, _ department: String = "") -> Record {
        [address, id, name, "", "", "", "", "", department]
    }

    /// The export, as a file.
    var csv: [UInt8] { Array(([Self.columns] + records).map { $0.joined(separator: ",") + "\n" }.joined().utf8) }

    private mutating func pick(_ count: Int) -> Int { Int.random(in: 0..<count, using: &random) }
    private mutating func either<T>(_ some: T...) -> T { some[pick(some.count)] }

    /// Something happens to the source.
    mutating func driftOfSource() {
        guard records.count > 20 else { return records.append(joiner()) }
        let place = pick(records.count)
        switch pick(20) {
        case 0: records[place][2] = either("Other 1", "Other 2", "", "Ötzi")
        case 1: records[place][4] = either("", "true", "false")
        case 2: records.remove(at: place)
        case 3: records.append(joiner())
        case 4: records[place][0] = at("moved\(pick(9))")
        case 5: records[place][6] = either("", "Staff", "Staff;Crew", "New")
        case 6: records[place][1] = either("", "x\(pick(40))", "y\(pick(9))")
        case 7: records[place][5] = either("", at("alias\(pick(9))"), Self.address(pick(44)))
        case 8: records[place][7] = either("", "Super Administrator")
        case 9: records[place][8] = either("Sales", "Works", "Guests")
        case 10: records[place][0] = records[place][0].uppercased()
        case 11: records[place][3] = either("", "First")
        // A mistake of whoever made the export.
        case 12: records.append(records[place])
        case 13: records[place][0] = either("nobody", "p1@elsewhere.example", Self.address(pick(40)))
        case 14: records.swapAt(place, pick(records.count))
        default: mend()
        }
    }

    private mutating func joiner() -> Record {
        joiners += 1
        return Self.record(at("j\(joiners)"), either("", "j\(joiners)"), "Joiner", either("Sales", "Guests"))
    }

    /// The export is made without mistakes again.
    mutating func mend() {
        var seen = Set<String>()
        records = records.filter { record in
            let address = EmailAddress.key(record[0])
            guard let domain = EmailAddress(record[0])?.domain, tenant.domains.contains(domain) else { return false }
            let keys = [address] + [record[1], EmailAddress.key(record[5])].filter { !$0.isEmpty }
            guard seen.isDisjoint(with: keys) else { return false }
            seen.formUnion(keys)
            return true
        }
    }

    /// Something happens to the tenant.
    mutating func driftOfTenant() {
        guard tenant.rows.count > 20 else { return add() }
        let row = pick(tenant.rows.count)
        switch pick(17) {
        case 0: tenant.rows[row].name = either("Vendor 1", "Vendor 2", "Name \(row)")
        case 1: tenant.rows[row].isDisabled.toggle()
        case 2: tenant.rows.remove(at: row)
        case 3: add()
        case 4: tenant.rows[row].address = at("renamed\(pick(9))")
        case 5: tenant.rows[row].aliases = either([], [Self.address(pick(44))], [at("moved\(pick(9))")])
        case 6: tenant.members[either("g1", "g2"), default: []].formSymmetricDifference([tenant.rows[row].address])
        case 7: tenant.rows[row].roles = either([], ["Super Administrator"])
        case 8: tenant.rows[row].isLDAP.toggle()
        // The same id twice, as in a list that is read while somebody renames the account.
        case 9: tenant.rows[row].id = tenant.rows[pick(tenant.rows.count)].id
        // The account of somebody who was deleted and made anew.
        case 10:
            joiners += 1
            tenant.rows[row].id = "again-\(joiners)"
        case 11: tenant.domains = either([FakeVendor.domain], [FakeVendor.domain, "second.example"])
        case 12: tenant.seats = either(nil, 30, 45)
        case 13: tenant.groups[0].name = either("Staff", "New")
        case 14: tenant.externals = either([], [at("outside")], nil)
        default: calm()
        }
        var taken = Set<String>()
        tenant.rows = tenant.rows.filter { taken.insert($0.address).inserted }
        for index in tenant.rows.indices { tenant.rows[index].aliases.removeAll { !taken.insert($0).inserted } }
    }

    private mutating func add() {
        joiners += 1
        tenant.rows.append(
            FakeVendor.Row(id: "new-\(joiners)", address: at(either("v\(joiners)", "j\(joiners)", "p\(pick(44))")), name: "New"))
    }

    /// Nobody is two people any more.
    mutating func calm() {
        var ids = Set<String>()
        for index in tenant.rows.indices where !ids.insert(tenant.rows[index].id).inserted {
            joiners += 1
            tenant.rows[index].id = "own-\(joiners)"
        }
    }

    /// Somebody edits the configuration.
    mutating func driftOfPolicy() throws {
        switch pick(7) {
        case 0: policy = DesiredPolicy(exclude: try Condition(parsing: "department = \"Guests\""), leaving: either(.leave, .disable))
        case 1: policy = DesiredPolicy(groupRules: [.init(when: try Condition(parsing: "department = \"Sales\""), add: ["Crew"])])
        case 2: policy = DesiredPolicy(map: [.name: try Expression(parsing: "name ?? email")])
        case 3: patterns = [AddressPattern("p1*@*")].compactMap { $0 }
        case 4: removal = RemovalPolicy(purgeAfterDays: 30, holds: [Self.address(7)])
        default: (policy, patterns, removal) = (DesiredPolicy(), [], RemovalPolicy())
        }
    }
}
