import Mimecast
import Testing

@testable import Sandbox

/// The invented company.
@Suite struct CompanyTests {
    @Test func sameSeedSameCompany() {
        let first = Company.generate(people: 300, domains: 3, seed: 7)
        let second = Company.generate(people: 300, domains: 3, seed: 7)
        #expect(first.people == second.people && first.guests == second.guests)
        #expect(Company.generate(people: 300, domains: 3, seed: 8).people != first.people)
        #expect(Company.generate(people: 500, domains: 3, seed: 7).people.prefix(300) == first.people[...])
    }

    @Test(arguments: [3, 60, 5_000]) func isBelievable(people: Int) {
        let company = Company.generate(people: people, domains: 2, seed: 1)
        let addresses = company.people.flatMap { [$0.address] + $0.aliases }
        #expect(company.people.count == people)
        #expect(Set(addresses).count == addresses.count)
        #expect(addresses.allSatisfy { EmailAddress($0)?.folded == $0 && $0.utf8.allSatisfy { $0 < 0x80 } })
        #expect(addresses.allSatisfy { address in company.domains.contains { address.hasSuffix("@" + $0) } })
        #expect(Set(company.people.map(\.employeeID)).count == people)
        #expect(company.people.filter { !$0.adminRoles.isEmpty }.count == 2)
        #expect(company.people.contains { $0.source == .ldap && $0.directoryGroups.contains("Directory Synced Users") })
        #expect(company.people.allSatisfy { $0.groups.allSatisfy(company.cloudGroups.contains) })
        #expect(!company.guests.isEmpty)
        #expect((company.domains + company.guests.map(\.address)).allSatisfy { $0.hasSuffix(".example") })
        if people == 5_000 {
            let synced = company.people.filter { $0.source == .ldap }.count
            #expect((500...1_000).contains(synced))
            #expect((350...650).contains(company.people.filter { !$0.aliases.isEmpty }.count))
            #expect(company.people.contains { $0.displayName.unicodeScalars.contains { $0.value > 0x4E00 } })
        }
    }
}
