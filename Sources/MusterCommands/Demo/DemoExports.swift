import Foundation
import Mimecast
import Planning
import Sandbox
import Sources

/// The exports of the invented company's directory, day by day.
struct DemoExports {
    private let company: Company
    private let cloud: [Int]

    init(people: Int) {
        let company = Company.generate(people: people, domains: 2, seed: 1)
        self.company = company
        cloud = company.people.indices.filter { company.people[$0].source == .cloud && company.people[$0].adminRoles.isEmpty }
    }

    /// Monday: a dozen joiners, movers between departments, new display names, and one directory-synced person whose name changed.
    var monday: [Employee] {
        var people = company.people
        let departments = Set(people.map(\.department))
        for (count, index) in cloud.enumerated() where count % (cloud.count / 9) == 0 {
            people[index].displayName = "\(people[index].displayName) (\(people[index].department))"
        }
        let movers = cloud.enumerated().filter { $0.offset % (cloud.count / 8) == 5 }.map(\.element)
        for index in movers {
            guard let other = departments.sorted().first(where: { $0 != people[index].department }) else { continue }
            people[index].groups = people[index].groups.map { $0 == people[index].department ? other : $0 }
            people[index].department = other
        }
        if let synced = people.firstIndex(where: { $0.source == .ldap }) { people[synced].displayName += " (on leave)" }
        return people + joiners(after: people)
    }

    /// Tuesday: somebody is missing.
    var tuesday: [Employee] {
        let leaver = monday[cloud[cloud.count / 2]]
        return monday.filter { $0.employeeID != leaver.employeeID }
    }

    /// Wednesday: the export stopped in the middle, and nobody noticed.
    var wednesday: [Employee] { Array(tuesday.prefix(tuesday.count / 2)) }

    /// The next dozen of the same company: people whom the tenant does not have yet.
    private func joiners(after present: [Employee]) -> [Employee] {
        let known = Set(present.flatMap { [$0.address] + $0.aliases })
        let larger = Company.generate(people: company.people.count + 12, domains: 2, seed: 1).people.suffix(12)
        return larger.filter { !known.contains($0.address) }.map { person in
            var joiner = person
            joiner.source = .cloud
            joiner.aliases = []
            joiner.adminRoles = []
            return joiner
        }
    }

    static func csv(_ people: [Employee]) -> Data {
        var lines = ["email,externalId,name,firstName,lastName,active,groups,department,title"]
        for person in people {
            lines.append(
                [
                    person.address, person.employeeID, person.displayName, person.firstName, person.lastName, "true",
                    person.groups.joined(separator: ";"), person.department, person.title,
                ].map { CSVCell.written($0) }.joined(separator: ","))
        }
        return Data((lines.joined(separator: "\r\n") + "\r\n").utf8)
    }
}
