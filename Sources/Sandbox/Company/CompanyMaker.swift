import Mimecast

/// Makes a company's people one after the other, and keeps none of them.
struct CompanyMaker {
    static let name = "Quillhaven Lines"
    static let allStaff = "All Staff"
    static let guestsGroup = "Project Partners"
    static let departments: [(name: String, titles: [String])] = [
        ("Engineering", ["Engineer", "Senior Engineer", "Naval Architect", "Technician"]),
        ("Finance", ["Accountant", "Controller", "Payroll Officer", "Treasurer"]),
        ("Human Resources", ["Recruiter", "People Partner", "Training Officer"]),
        ("Information Technology", ["Systems Administrator", "Service Desk Analyst", "Security Analyst"]),
        ("Legal", ["Counsel", "Contracts Manager"]),
        ("Logistics", ["Dispatcher", "Warehouse Lead", "Route Planner", "Customs Clerk"]),
        ("Marketing", ["Editor", "Designer", "Campaign Manager"]),
        ("Operations", ["Captain", "First Officer", "Crew Coordinator", "Port Agent"]),
        ("Sales", ["Account Manager", "Sales Representative", "Sales Engineer"]),
    ]
    static let cloudGroups = departments.map(\.name) + [allStaff, "Finance Approvers", "Mail Archive Reviewers", guestsGroup, "VPN Users"]
    static let directoryGroups = ["Directory Synced Users", "Head Office"]

    let domains: [String]
    private var random: SplitMix64
    private var guestRandom: SplitMix64
    /// How many people have wished for a local part, or guests for an address. Names have no digits, so that a name with a number after it
    /// is nobody else's wish.
    private var wishes = ["abuse": 1, "postmaster": 1]
    private var guestWishes: [String: Int] = [:]

    /// - Parameter names: the domains, if they are not the invented company's own.
    init(domains count: Int, named names: [String]? = nil, seed: UInt64) {
        let known = ["quillhaven.example", "quillhaven-cargo.example", "nl.quillhaven.example", "quillhaven-crew.example"]
        domains = names ?? (0..<count).map { $0 < known.count ? known[$0] : "port\($0 + 1).quillhaven.example" }
        random = SplitMix64(seed: seed)
        // Their own numbers, so that the count of guests does not change who the next employee is.
        guestRandom = SplitMix64(seed: seed ^ 0x6775_6573_7473)
    }

    mutating func employee(_ index: Int) -> Employee {
        let book = random.pick(NameBook.shelf)
        let given = random.pick(book.given)
        let family = random.pick(book.family)
        let department = random.pick(Self.departments)
        let title = random.pick(department.titles)
        // Two thirds sit at the main domain. All draws are made for everybody, so that one rule does not shift the next person.
        let domain = random.chance(66) ? domains[0] : random.pick(domains)
        let aliasDomain = random.pick(domains)
        let hasAlias = random.chance(10)
        let isSynced = random.chance(15)
        let isApprover = random.chance(30)
        let hasVPN = random.chance(40)
        let reviews = random.chance(2)
        let headOffice = random.chance(50)

        let local = free("\(given.ascii).\(family.ascii)".lowercased())
        // The first people carry what every company of this kind has at least once.
        let source: Authority = index >= 2 && (isSynced || index == 2) ? .ldap : .cloud
        var groups = [department.name, Self.allStaff]
        if department.name == "Finance", isApprover { groups.append("Finance Approvers") }
        if reviews { groups.append("Mail Archive Reviewers") }
        if hasVPN || index == 0 { groups.append("VPN Users") }
        let initial = given.ascii.prefix(1).lowercased()
        return Employee(
            address: "\(local)@\(domain)", firstName: given.native, lastName: family.native,
            displayName: book.familyFirst
                ? family.native + book.separator + given.native : given.native + book.separator + family.native,
            department: department.name, title: title,
            aliases: hasAlias || index == 3 ? ["\(free("\(initial)\(family.ascii)".lowercased()))@\(aliasDomain)"] : [],
            employeeID: "QL" + String(100_000 + index), source: source,
            adminRoles: index == 0 ? ["Full Administrator"] : index == 1 ? ["Basic Administrator"] : [], groups: groups.sorted(),
            directoryGroups: source == .ldap ? [Self.directoryGroups[0]] + (headOffice ? [Self.directoryGroups[1]] : []) : [])
    }

    /// How many guests a company of so many people has.
    static func guests(among people: Int) -> Int { people > 0 ? max(1, people / 50) : 0 }

    mutating func guest() -> Guest {
        let given = guestRandom.pick(NameBook.english.given)
        let family = guestRandom.pick(NameBook.english.family)
        let domain = guestRandom.pick(["harbour-works.example", "lumen-audit.example", "tidewater-law.example"])
        let wish = "\(given.ascii).\(family.ascii)".lowercased()
        let number = Self.number("\(wish)@\(domain)", &guestWishes)
        return Guest(address: "\(wish)\(number)@\(domain)", displayName: "\(given.native) \(family.native)", groups: [Self.guestsGroup])
    }

    /// A local part that nobody has at any domain: people move between domains.
    private mutating func free(_ wish: String) -> String { wish + Self.number(wish, &wishes) }

    /// What tells the second of a name, and all later ones, from the first.
    private static func number(_ wish: String, _ wishes: inout [String: Int]) -> String {
        wishes[wish, default: 0] += 1
        let number = wishes[wish] ?? 1
        return number == 1 ? "" : String(number)
    }
}
