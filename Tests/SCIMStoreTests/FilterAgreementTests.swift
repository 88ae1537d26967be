import MusterStore
import SCIM
import Testing

@testable import SCIMStore

/// What the database finds is what the filter's own rules find, for random filters over random resources.
@Suite struct FilterAgreementTests {
    static let texts = [
        "a", "A", "b", "ab", "aB", "ba", "Zoë", "zoe\u{308}", "ZOË", "É", "e\u{301}", "%", "a%b", "_", "a_b", "\\", "ß", "SS", "ı", "İ",
        "\u{1F600}", "a\u{10FFFF}", "\u{D7FF}x", "\u{E000}x", "0", "é", " ", "a b", "'", "ǅ", "ΑΣ", "ας",
    ]

    /// A resource that SCIM sees, with all that a filter may ask for.
    struct Known: Sendable {
        let id: String
        let object: JSONObject
        let row: StoredRow
        let groups: [Reference]
        let members: [Reference]
    }

    struct World {
        let fixture: Fixture
        var known: [ResourceType: [Known]] = [:]
        var ids: [ResourceType: [String]] { known.mapValues { $0.map(\.id) } }
    }

    private static func optional<T>(_ generator: inout SplitMix64, _ value: (inout SplitMix64) -> T) -> T? {
        Int.random(in: 0..<3, using: &generator) == 0 ? nil : value(&generator)
    }

    static func text(_ generator: inout SplitMix64) -> String { texts.randomElement(using: &generator) ?? "a" }

    private static func user(_ number: Int, _ generator: inout SplitMix64) -> Resource {
        var object = JSONObject([
            ("schemas", [.string(UserResource.schema)]), ("id", .string(id(number, &generator))),
            ("userName", .string(text(&generator) + "\(number)")),
        ])
        func set(_ name: String, _ value: JSONValue?) { if let value { object[name] = value } }
        set("externalId", optional(&generator) { .string(text(&$0)) })
        set("displayName", optional(&generator) { .string(text(&$0)) })
        set("title", optional(&generator) { .string(text(&$0)) })
        set("active", optional(&generator) { .bool(Bool.random(using: &$0)) })
        var name = JSONObject()
        if let given = optional(&generator, text) { name["givenName"] = .string(given) }
        if let family = optional(&generator, text) { name["familyName"] = .string(family) }
        if !name.isEmpty { object["name"] = .object(name) }
        for attribute in ["emails", "phoneNumbers"] {
            let values = (0..<Int.random(in: 0...3, using: &generator)).map { _ -> JSONValue in
                var element = JSONObject()
                if let value = optional(&generator, text) { element["value"] = .string(value) }
                element["type"] = .string(["work", "home", "Work"].randomElement(using: &generator) ?? "work")
                if let primary = optional(&generator, { Bool.random(using: &$0) }) { element["primary"] = .bool(primary) }
                return .object(element)
            }
            if !values.isEmpty { object[attribute] = .array(values) }
        }
        var enterprise = JSONObject()
        if let number = optional(&generator, text) { enterprise["employeeNumber"] = .string(number) }
        if let manager = optional(&generator, text) { enterprise["manager"] = .object(JSONObject([("value", .string(manager))])) }
        if !enterprise.isEmpty { object[UserResource.enterpriseSchema] = .object(enterprise) }
        return Resource(object)
    }

    private static func id(_ number: Int, _ generator: inout SplitMix64) -> String { text(&generator) + "-\(number)" }

    private static func world(_ generator: inout SplitMix64) async throws -> World {
        let fixture = try Fixture()
        let users = (0..<30).map { user($0, &generator) }
        let groups = (0..<12).map { number in
            var object = JSONObject([("schemas", [.string(GroupResource.schema)]), ("id", .string(id(100 + number, &generator)))])
            object["displayName"] = .string(text(&generator))
            if let external = optional(&generator, text) { object["externalId"] = .string(external) }
            return Resource(object)
        }
        let all = users.map(\.id) + groups.map(\.id)
        let members = groups.map { _ in all.filter { _ in Int.random(in: 0..<8, using: &generator) == 0 } }
        let hidden = Set(all.filter { _ in Int.random(in: 0..<10, using: &generator) == 0 })
        let times = (0..<52).map { _ in Int.random(in: 0..<6, using: &generator) * 1_000 }
        try await fixture.write { store in
            for (user, time) in zip(users, times) { try store.insert([user], type: "User", now: time) }
            for (group, time) in zip(groups, times.reversed()) { try store.insert([group], type: "Group", now: time) }
            for id in hidden { try store.hide(id, now: 7_000) }
            // Some are hidden and members all the same.
            for (group, members) in zip(groups, members) { try store.add(members, to: group.id, now: 3_000) }
        }
        var world = World(fixture: fixture)
        for (type, resources) in [(ResourceType.user, users), (.group, groups)] {
            world.known[type] = try await fixture.read { store in
                let endpoints = Endpoints(.standard)
                return try resources.filter { !hidden.contains($0.id) }.map { resource in
                    let id = resource.id
                    return Known(
                        id: id, object: resource.object, row: try #require(try store.row(id)),
                        groups: try store.groupReferences(of: id, endpoints), members: try store.memberReferences(of: id, endpoints))
                }
            }
        }
        return world
    }

    private static func comparison(_ path: String, _ world: World, _ generator: inout SplitMix64) -> String {
        let comparison = FilterOperator.allCases.randomElement(using: &generator) ?? .eq
        var value = text(&generator)
        let ids = (world.ids[.user] ?? []) + (world.ids[.group] ?? [])
        if Bool.random(using: &generator), path.hasSuffix("value") || path == "id" || path == "members" || path == "groups" {
            value = ids.randomElement(using: &generator) ?? value
        }
        return "\(path) \(comparison.rawValue) \(FilterLiteral.string(value))"
    }

    private static func leaf(_ type: ResourceType, _ world: World, _ generator: inout SplitMix64) -> String {
        let enterprise = UserResource.enterpriseSchema
        let dates = ["1970-01-01T00:00:02Z", "1970-01-01T00:00:03.000Z", "1970-01-01T01:00:05+01:00", "1970-01-01T00:00:04.0005Z"]
        let orders = ["eq", "ne", "gt", "ge", "lt", "le"]
        let common = ["id", "externalId", "displayName", "meta.resourceType"]
        let texts =
            type == .user
            ? common + [
                "userName", "USERNAME", "title", "name.givenName", "name.familyName", "emails", "emails.value", "emails.type",
                "phoneNumbers.value", "\(enterprise):employeeNumber", "\(enterprise):manager.value", "\(enterprise):manager",
                "groups", "groups.value", "groups.display", "\(UserResource.schema):userName",
            ] : common + ["members", "members.value", "members.display", "members.type"]
        switch Int.random(in: 0..<12, using: &generator) {
        case 0:
            let date = ["meta.created", "meta.lastModified"].randomElement(using: &generator) ?? ""
            return "\(date) \(orders.randomElement(using: &generator) ?? "") \"\(dates.randomElement(using: &generator) ?? "")\""
        case 1 where type == .user:
            return "active \(["eq", "ne"].randomElement(using: &generator) ?? "") \(Bool.random(using: &generator))"
        case 2:
            let more = type == .user ? ["active", "emails", "name", "groups", enterprise, "\(enterprise):manager"] : ["members"]
            return ((texts + more).randomElement(using: &generator) ?? "id") + " pr"
        case 3, 4:
            let path = type == .user ? ["emails", "phoneNumbers", "groups"].randomElement(using: &generator) ?? "" : "members"
            let names = path == "members" || path == "groups" ? ["value", "display", "type"] : ["value", "type"]
            let parts = (0..<Int.random(in: 1...3, using: &generator)).map { _ in
                comparison(names.randomElement(using: &generator) ?? "value", world, &generator)
            }
            return "\(path)[\(parts.joined(separator: Bool.random(using: &generator) ? " and " : " or "))]"
        default: return comparison(texts.randomElement(using: &generator) ?? "id", world, &generator)
        }
    }

    private static func filter(_ type: ResourceType, _ depth: Int, _ world: World, _ generator: inout SplitMix64) -> String {
        guard depth > 0 else { return leaf(type, world, &generator) }
        switch Int.random(in: 0..<5, using: &generator) {
        case 0: return "not (\(filter(type, depth - 1, world, &generator)))"
        case 1, 2: return "(\(filter(type, depth - 1, world, &generator)) and \(filter(type, depth - 1, world, &generator)))"
        case 3: return "(\(filter(type, depth - 1, world, &generator)) or \(filter(type, depth - 1, world, &generator)))"
        default: return leaf(type, world, &generator)
        }
    }

    /// By the filter's rules, one resource after the other.
    private static func reference(_ filter: Filter, _ type: ResourceType, _ world: World) throws -> Set<ExactText> {
        let matcher = try FilterMatcher(filter, type: type)
        let found = try (world.known[type] ?? []).filter { known in
            try matcher.matches(
                FilterSubject(
                    type: type, object: known.object, created: known.row.created, modified: known.row.modified,
                    version: String(known.row.version), groups: { known.groups }, members: { known.members }))
        }
        return Set(found.map { ExactText($0.id) })
    }

    @Test(arguments: [1, 2, 3, 4, 5])
    func databaseAndRulesAgree(_ seed: UInt64) async throws {
        var generator = SplitMix64(seed: seed)
        let world = try await Self.world(&generator)
        var (exact, known, matched, refused) = (0, 0, 0, 0)
        for number in 0..<400 {
            let type: ResourceType = number % 4 == 3 ? .group : .user
            let text = Self.filter(type, number % 4, world, &generator)
            let filter = try Filter.parse(text, urns: type.urns)
            let expected: Set<ExactText>
            do {
                expected = try Self.reference(filter, type, world)
            } catch let error as SCIMError where error.kind == .invalidFilter {
                // Such as `active gt true`; refused either way.
                refused += 1
                await #expect(throws: SCIMError.self) { try await world.fixture.search(text, types: [type]) }
                continue
            }
            let page = try await world.fixture.search(text, types: [type])
            #expect(Set(page.entries.map { ExactText($0.id) }) == expected, "\(text)")
            #expect(page.total == expected.count && page.entries.count == expected.count, "\(text)")
            if number % 3 == 0 {
                let counted = try await world.fixture.search(text, types: [type], count: 0)
                #expect(counted.total == expected.count, "\(text)")
            }
            if number % 10 == 0 {
                let sort = ["userName", "displayName", "meta.created", "title"].randomElement(using: &generator) ?? ""
                let isAscending = Bool.random(using: &generator)
                let sorting = type == .user ? (sort, isAscending) : nil
                let pages = try await world.fixture.scan(text, types: [type], sort: sorting, count: 3)
                #expect(Set(pages.map { ExactText($0) }) == expected && pages.count == expected.count, "\(text) by \(sort)")
                let indexed = try await world.fixture.scanByIndex(text, types: [type], sort: sorting, count: 4)
                #expect(indexed.map { ExactText($0) } == pages.map { ExactText($0) }, "\(text) by \(sort)")
            }
            let translated = FilterSQL(filter, type)
            if translated.isExact { exact += 1 }
            if translated.condition != .always { known += 1 }
            matched += expected.count
        }
        // The test would be worth little if the database never decided, or nothing ever matched.
        #expect(exact > 100 && known > 200 && matched > 400 && refused < 140)
    }

    /// A search by what only one can have is a read by that: it finds, page by page, what the same filter finds as part of another one.
    @Test(arguments: [6, 7])
    func lookUpsFindWhatSearchesFind(_ seed: UInt64) async throws {
        var generator = SplitMix64(seed: seed)
        let world = try await Self.world(&generator)
        var found = 0
        for type in [ResourceType.user, .group] {
            // Those of the other type, hidden ones and nobody's as well.
            let ids = try await world.fixture.read { store in
                try store.transaction.all("SELECT id FROM scim_resources", []) { $0.text(0) }
            }
            let names = (world.known[.user] ?? []).compactMap { $0.object["userName"]?.text }
            let filters =
                (ids + ["nobody", ""]).map { "id eq \(FilterLiteral.string($0))" }
                + (type == .user ? names.flatMap { [$0, $0.uppercased(), $0 + "x"] } : []).map { "userName eq \(FilterLiteral.string($0))" }
            for filter in filters {
                for (start, count) in [
                    (ResourceQuery.Start.index(1), 100), (.index(1), 1), (.index(2), 1), (.index(1), 0), (.after(nil), 5),
                ] {
                    let page = try await world.fixture.search(filter, types: [type], start: start, count: count)
                    let whole = try await world.fixture.search("\(filter) or \(filter)", types: [type], start: start, count: count)
                    #expect(page.total == whole.total && page.next == nil && whole.next == nil, "\(filter)")
                    #expect(page.entries.map { "\($0)" } == whole.entries.map { "\($0)" }, "\(filter)")
                    found += page.entries.count
                }
            }
        }
        #expect(found > 150)
    }

    /// Deep and wide ones are within what SQLite's parser takes.
    @Test func largeFiltersRun() async throws {
        let fixture = try Fixture()
        try await fixture.create(Fixture.user("a", [("displayName", "x")]))
        let wide = (0..<150).map { "userName ne \"n\($0)\"" }.joined(separator: " and ")
        #expect(try await fixture.search(wide).total == 1)
        let other = (0..<150).map { "userName eq \"n\($0)\"" }.joined(separator: " or ")
        #expect(try await fixture.search(other).total == 0)
        var deep = #"userName eq "a""#
        for number in 0..<28 { deep = number % 2 == 0 ? #"displayName pr and (\#(deep))"# : #"displayName eq "y" or (\#(deep))"# }
        #expect(try await fixture.search(deep).total == 1)
        var negated = #"userName eq "a""#
        for _ in 0..<28 { negated = "not (\(negated))" }
        #expect(try await fixture.search(negated).total == 1)
        let long = String(repeating: "ab%", count: 2_500)
        #expect(try await fixture.search("userName co \"\(long)\"").total == 0)
    }

    @Test func textsAreBehindTheirPrefix() {
        for prefix in Self.texts {
            guard let end = FilterTranslation.successor(prefix) else {
                Issue.record("\(prefix) has none")
                continue
            }
            for rest in ["", "\u{0}", "z", "\u{10FFFF}", "\u{10FFFF}\u{10FFFF}", "é"] {
                var scalars = prefix.unicodeScalars
                scalars.append(contentsOf: rest.unicodeScalars)
                #expect(String(scalars).utf8.lexicographicallyPrecedes(end.utf8))
            }
            #expect(!end.utf8.starts(with: prefix.utf8))
        }
        #expect(FilterTranslation.successor("\u{10FFFF}") == nil && FilterTranslation.successor("") == nil)
    }
}
