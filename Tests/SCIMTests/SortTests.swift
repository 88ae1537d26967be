import SCIM
import Testing

@Suite("Sorting")
struct SortTests {
    static func subject(_ id: String, _ attributes: JSONValue = [:], created: Int = 0) -> FilterSubject {
        var object = filterObject(["id": .string(id)])
        object.members += filterObject(attributes).members
        return FilterSubject(type: .user, object: object, created: created, modified: created)
    }

    static func sorted(_ path: String, _ subjects: [FilterSubject], ascending: Bool = true) throws -> String {
        let sort = ResourceQuery.Sort(try AttributePath.parse(path, urns: ResourceType.user.urns), isAscending: ascending)
        let sorter = try ResourceSorter(sort, type: .user)
        return try subjects.map { (try sorter.key(of: $0), $0.object["id"]?.text ?? "") }.sorted { $0.0 < $1.0 }.map(\.1).joined()
    }

    @Test("Letter case counts where the schema says so; ties by id; nothing last, descending first")
    func texts() throws {
        let people = [
            Self.subject("d"), Self.subject("c", ["title": "b"]), Self.subject("b", ["title": "B"]), Self.subject("a", ["title": "C"]),
            Self.subject("e", ["title": "É"]), Self.subject("f", ["title": "E\u{301}"]), Self.subject("g", ["title": ""]),
        ]
        #expect(try Self.sorted("title", people) == "bcaefdg")
        #expect(try Self.sorted("TITLE", people.reversed(), ascending: false) == "dgefabc")
        let byExternal = [
            Self.subject("a", ["externalId": "b"]), Self.subject("b", ["externalId": "C"]), Self.subject("c", ["externalId": "a"]),
        ]
        #expect(try Self.sorted("externalId", byExternal) == "bca")
    }

    @Test("Of several values the primary one counts, else the first")
    func lists() throws {
        let people = [
            Self.subject("a", ["emails": [["value": "z"], ["value": "b", "primary": true]]]),
            Self.subject("b", ["emails": [["value": "a", "primary": false], ["value": "z"]]]),
            Self.subject("c", ["emails": [["value": "C"]]]), Self.subject("d", ["emails": [["type": "work"]]]),
        ]
        #expect(try Self.sorted("emails", people) == "bacd")
        #expect(try Self.sorted("emails.value", people, ascending: false) == "dcab")
    }

    @Test("Dates, truth values, extensions, groups")
    func kinds() throws {
        #expect(try Self.sorted("meta.created", [Self.subject("a", created: 20), Self.subject("b", created: 3)]) == "ba")
        #expect(
            try Self.sorted("meta.lastModified", [Self.subject("a", created: 20), Self.subject("b", created: 3)], ascending: false) == "ab")
        #expect(
            try Self.sorted("active", [Self.subject("a", ["active": true]), Self.subject("b", ["active": false]), Self.subject("c")])
                == "bac")
        let enterprise = UserResource.enterpriseSchema
        let people = [
            Self.subject("a", [enterprise: ["department": "y", "manager": ["value": "1"]]]),
            Self.subject("b", [enterprise: ["department": "x", "manager": ["value": "2"]]]),
        ]
        #expect(try Self.sorted(enterprise + ":department", people) == "ba")
        #expect(try Self.sorted(enterprise + ":manager", people) == "ab")
        var member = Self.subject("a")
        member.groups = { [Reference("9", display: "Z")] }
        var other = Self.subject("b")
        other.groups = { [Reference("8", display: "a")] }
        #expect(try Self.sorted("groups.display", [member, other]) == "ba")
    }

    @Test("Numbers are numbers")
    func numbers() throws {
        let schema = SchemaDocument(id: "urn:x:T", name: "T", attributes: [SchemaAttribute("size", .integer)])
        let type = ResourceType(name: "T", endpoint: "/T", schema: schema)
        let sorter = try ResourceSorter(ResourceQuery.Sort(AttributePath("size")), type: type)
        let keys = try ["10", "9", "-1"].map { literal in
            try sorter.key(
                of: FilterSubject(
                    type: type, object: filterObject(["id": .string(literal), "size": .number(JSONNumber(literal: literal))])))
        }
        #expect(keys[2] < keys[1])
        #expect(keys[1] < keys[0])
    }

    @Test("What cannot be sorted by", arguments: ["name", "addresses", "password", "nonsense", "meta", "emails.nonsense"])
    func refuses(path: String) throws {
        let error = try #require(throws: SCIMError.self) { try Self.sorted(path, []) }
        #expect(error.kind == .invalidPath)
    }

    @Test("In a search over several types what one does not have is unassigned there")
    func unknownIgnored() throws {
        let sorter = try ResourceSorter(ResourceQuery.Sort(AttributePath("userName")), type: .group, ignoringUnknown: true)
        let user = try ResourceSorter(ResourceQuery.Sort(AttributePath("userName")), type: .user)
        let group = try sorter.key(of: FilterSubject(type: .group, object: filterObject(["id": "1", "displayName": "A"])))
        #expect(try user.key(of: Self.subject("9", ["userName": "z"])) < group)
    }

    @Test("The order is a strict one", arguments: 0..<10)
    func strictOrder(seed: Int) throws {
        var dice = FilterDice(seed)
        let values: [JSONValue] = ["a", "A", "b", "", "é", "É", "ab"]
        let sorter = try ResourceSorter(ResourceQuery.Sort(AttributePath("title"), isAscending: dice.chance(50)), type: .user)
        let keys = try (0..<12).map { try sorter.key(of: Self.subject("\($0)", ["title": dice.one(of: values)])) }
        for left in keys {
            for right in keys {
                #expect((left < right) != (right < left) || left == right)
                for third in keys where left < right && right < third { #expect(left < third) }
            }
        }
    }
}
