import SCIM
import Testing

@Suite("Filters on resources")
struct FilterMatcherTests {
    static let person: JSONValue = [
        "schemas": [.string(UserResource.schema), .string(UserResource.enterpriseSchema)], "id": "Ab1", "externalId": "X9",
        "userName": "Bjensen", "name": ["familyName": "Jensen", "givenName": "Bärbel"], "displayName": "ÉCOLE e\u{301}te",
        "title": "a\"b", "active": true, "profileUrl": "https://example.com/B",
        "emails": [
            ["value": "B@Example.com", "type": "work", "primary": true], ["value": "babs@home.test", "type": "home"],
            ["value": "untyped@home.test"],
        ],
        "addresses": [["type": "work", "locality": "Hollywood"]],
        UserResource.enterpriseSchema: ["department": "Tour", "manager": ["value": "26118", "displayName": "John"]],
    ]

    static func subject() throws -> FilterSubject {
        FilterSubject(
            type: .user, object: filterObject(person), created: 1_305_261_754_000, modified: 1_305_261_754_500, version: "v7",
            location: "https://h/scim/v2/Users/Ab1",
            groups: { [Reference("g1", display: "Tour Guides", type: "direct", endpoint: "/Groups"), Reference("g2", type: "indirect")] })
    }

    static func matches(_ text: String, _ subject: FilterSubject? = nil) throws -> Bool {
        let subject = try subject ?? self.subject()
        let filter = try Filter.parse(text, urns: subject.type.urns)
        return try FilterMatcher(filter, type: subject.type).matches(subject)
    }

    @Test(
        "What matches",
        arguments: [
            // Trap 1: userName, URNs, operators and names in any letter case.
            #"userName eq "bjensen""#, #"USERNAME Eq "BJENSEN""#, #"urn:ietf:params:scim:schemas:core:2.0:USER:userName eq "bjensen""#,
            #"userName co "JENS""#, #"userName sw "bj""#, #"userName ew "SEN""#, #"userName ne "x""#, #"userName gt "bjensem""#,
            #"userName ge "BJENSEN""#, #"userName lt "bjensen1""#, #"userName le "bjensen""#, #"userName co """#,
            #"id eq "Ab1""#, #"externalId eq "X9""#, #"id gt "A""#, #"schemas eq "URN:ietf:params:scim:schemas:core:2.0:user""#,
            #"schemas co "enterprise""#,
            // Folding is more than ASCII: composed and decomposed, capital and small.
            #"displayName eq "école e\u0301te""#, #"displayName eq "e\u0301cole éTE""#, #"displayName co "\u00c9TE""#,
            #"name.givenName sw "bÄr""#,
            #"title eq "A\"B""#,
            // Booleans and presence.
            "active eq true", "active ne false", "title pr", "name pr", "emails pr", "emails.type pr", "not (nickName pr)",
            "nickName eq null", "title ne null", "emails.display eq null", "meta pr", "groups pr", "name.familyName pr",
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User pr", "not (userType pr) and id pr",
            // Trap 29: any value; both clauses on one of them.
            #"emails.value eq "b@example.COM""#, #"emails eq "babs@home.test""#, #"emails co "@home""#, #"emails.type eq "home""#,
            #"emails[type eq "work" and value co "@example.com"]"#, #"emails[type eq "home"].value sw "babs""#,
            #"emails.type eq "work" and emails.value sw "babs""#, #"emails[not (type pr)]"#, #"emails[type ne "work" and type ne "home"]"#,
            #"emails[primary eq true]"#, #"emails[primary ne true and value sw "untyped"]"#, #"name[familyName eq "jensen"]"#,
            // ne: any that differs, or none at all.
            #"emails.value ne "b@example.com""#, #"nickName ne "x""#, #"emails.type ne "x""#, #"photos.value ne "x""#, #"photos ne "x""#,
            // Trap 28: instants.
            #"meta.created eq "2011-05-13T04:42:34Z""#, #"meta.created eq "2011-05-13T06:42:34+02:00""#,
            #"meta.lastModified gt "2011-05-13T04:42:34.499Z""#, #"meta.lastModified ge "2011-05-13T04:42:34.5Z""#,
            #"meta.created lt "2011-05-13T04:42:34.001Z""#, #"meta.created ne "2011-05-13T04:42:35Z""#, "meta.created pr",
            #"meta.resourceType eq "User""#, #"meta.version eq "W/\"v7\"""#, #"meta.location ew "/Users/Ab1""#,
            // The extension; trap 21.
            #"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department eq "tour""#,
            #"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value eq "26118""#,
            #"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager eq "26118""#,
            #"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager[displayName eq "john"]"#,
            // Groups lie beside the user.
            #"groups.value eq "g2""#, #"groups eq "g1""#, #"groups[type eq "direct" and display co "tour"]"#,
            #"groups.$ref eq "https://h/scim/v2/Groups/g1""#, #"groups.display eq "tour guides""#, #"groups.type ne "direct""#,
            #"profileUrl eq "https://example.com/B""#, #"title pr and userName sw "b" or nickName pr"#,
            #"nickName pr or title pr and active eq true"#,
        ])
    func match(text: String) throws { #expect(try Self.matches(text)) }

    @Test(
        "What does not match",
        arguments: [
            #"userName eq "bjense""#, #"userName ne "BJENSEN""#, #"userName sw "jensen""#, #"userName ew "bj""#, #"userName co "jx""#,
            #"id eq "ab1""#, #"externalId eq "x9""#, #"id co "a""#, "active eq false", "active ne true", "nickName pr",
            #"nickName eq "x""#, #"nickName co """#, #"nickName gt "a""#, "title eq null", "nickName ne null", "emails.display pr",
            #"emails[type eq "home" and value co "@example.com"]"#, #"emails[type eq "work"].value sw "babs""#, #"photos[value pr]"#,
            #"not (emails pr)"#, "emails.type eq null", #"emails.value eq "home""#, #"meta.created gt "2011-05-13T04:42:34Z""#,
            #"meta.created eq null"#, #"meta.version eq "v7""#, #"groups.value eq "G1""#, #"groups[type eq "indirect" and display pr]"#,
            #"groups.$ref eq "https://h/scim/v2/Groups/g2""#, #"profileUrl eq "https://example.com/b""#, #"displayName eq "ecole ete""#,
            #"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:costCenter pr"#, #"title pr and nickName pr or active eq false"#,
            #"(nickName pr or title pr) and active eq false"#, #"not (title pr or nickName pr)"#,
        ])
    func miss(text: String) throws { #expect(try !Self.matches(text)) }

    @Test(
        "What cannot be asked is invalidFilter (traps 11 and 26)",
        arguments: [
            #"password eq "x""#, "password pr", #"nonsense eq "x""#, #"name.nonsense eq "x""#, #"urn:x:y:userName eq "x""#,
            #"department eq "x""#,
            #"emails[nonsense eq "x"]"#, #"emails[userName eq "x"]"#, #"name eq "x""#, #"addresses eq "x""#, #"meta eq "x""#,
            #"userName eq 1"#, "userName eq true", #"active eq "True""#, #"active eq 1"#, "active gt true", "active co true",
            "userName gt null",
            #"meta.created eq "yesterday""#, #"meta.created co "2011""#, "meta.created eq 5", #"x509Certificates.value gt "x""#,
            #"userName[value eq "x"]"#, #"meta[version pr]"#, #"emails[primary eq "true"]"#, #"members eq "x""#, #"name.familyName.x pr"#,
        ])
    func refuse(text: String) throws {
        let error = try #require(throws: SCIMError.self) { try Self.matches(text) }
        #expect(error.status == 400)
        #expect(error.kind == .invalidFilter)
        #expect(!error.detail.isEmpty)
    }

    @Test("Members and groups are loaded once a match at most, and only when asked for")
    func lazily() throws {
        final class Count { var value = 0 }
        let count = Count()
        let subject = FilterSubject(
            type: .group, object: filterObject(["id": "g", "displayName": "G"]),
            members: {
                count.value += 1
                return [Reference("1", type: "User", endpoint: "/Users"), Reference("2", type: "Group", endpoint: "/Groups")]
            })
        #expect(try Self.matches(#"displayName eq "g" or members pr"#, subject))
        #expect(count.value == 0)
        #expect(try Self.matches(#"members.value eq "2" and members[value eq "1" and type eq "user"] and members eq "1""#, subject))
        #expect(count.value == 1)
        #expect(try !Self.matches(#"members[value eq "1" and type eq "Group"] or members.$ref pr"#, subject))
        #expect(count.value == 2)
    }

    @Test("Errors of the closures come through")
    func closureError() throws {
        struct Broken: Error {}
        let subject = FilterSubject(type: .user, object: filterObject(["id": "1"]), groups: { throw Broken() })
        #expect(throws: Broken.self) { try Self.matches("groups pr", subject) }
    }

    @Test(
        "In a search over several types a name that one does not have is unassigned there",
        arguments: [
            ("userName pr", false), (#"userName eq "x""#, false), (#"userName ne "x""#, true), ("userName eq null", true),
            ("userName ne null", false), ("not (userName pr)", true), (#"emails[type eq "x"]"#, false), (#"displayName eq "g""#, true),
        ])
    func unknownIgnored(text: String, expected: Bool) throws {
        let filter = try Filter.parse(text, urns: ResourceType.group.urns)
        let subject = FilterSubject(type: .group, object: filterObject(["id": "1", "displayName": "G"]))
        #expect(try FilterMatcher(filter, type: .group, ignoringUnknown: true).matches(subject) == expected)
    }

    @Test("Numbers, dates and plain lists of a type of one's own")
    func ownType() throws {
        let schema = SchemaDocument(
            id: "urn:example:Thing", name: "Thing",
            attributes: [
                SchemaAttribute("size", .integer), SchemaAttribute("weight", .decimal), SchemaAttribute("tags", isMultiValued: true),
                SchemaAttribute("since", .dateTime), SchemaAttribute("flag", .boolean),
            ])
        let type = ResourceType(name: "Thing", endpoint: "/Things", schema: schema)
        let subject = FilterSubject(
            type: type,
            object: filterObject([
                "id": "1", "size": .number(JSONNumber(literal: "9007199254740993")), "weight": .number(JSONNumber(literal: "1.50")),
                "tags": ["Red", "blue"], "since": "2026-01-01T01:00:00+01:00",
            ]))
        for text in [
            "size eq 9007199254740993", "size gt 9007199254740992", "weight eq 1.5", "weight le 15e-1", "weight lt 2", "weight ne 2",
            #"tags eq "RED""#, #"tags[value eq "blue"]"#, "tags pr", #"tags co "lu""#, #"since eq "2026-01-01T00:00:00Z""#,
            #"since lt "2026-01-01T00:00:00.001Z""#, "flag ne true",
        ] {
            #expect(try Self.matches(text, subject), "\(text)")
        }
        for text in [
            "size eq 9007199254740992", "weight gt 1.5", #"tags[value eq "green"]"#, "flag eq false", #"since gt "2026-01-01T00:00:00Z""#,
        ] {
            #expect(try !Self.matches(text, subject), "\(text)")
        }
        for text in [#"size eq "1""#, "size co 1", #"size[value eq 1]"#, "tags[x pr]", "tags.value pr"] {
            #expect(throws: SCIMError.self, "\(text)") { try Self.matches(text, subject) }
        }
    }

    @Test("Searching stays in proportion to the texts, whatever they hold")
    func search() throws {
        for (needle, hay, expected) in [
            ("aab", String(repeating: "a", count: 50) + "b", true), ("abab", "abacabab", true), ("abac", "ababab", false),
            ("aa", "a", false),
            ("é", "CAFÉ", true),
        ] {
            let subject = FilterSubject(type: .user, object: filterObject(["id": "1", "userName": .string(hay)]))
            #expect(try Self.matches("userName co \"\(needle)\"", subject) == expected, "\(needle) in \(hay)")
        }
        // A search that starts over at every place would take 16 thousand million steps here.
        let hay = String(repeating: "a", count: 4_000_000)
        let subject = FilterSubject(type: .user, object: filterObject(["id": "1", "userName": .string(hay)]))
        #expect(try !Self.matches("userName co \"" + String(repeating: "a", count: 4000) + "b\"", subject))
    }

    @Test("A filter is its own negation's contrary", arguments: 0..<20)
    func negation(seed: Int) throws {
        var dice = FilterDice(seed)
        let subject = try Self.subject()
        let leaves = [
            #"userName eq "bjensen""#, #"nickName pr"#, #"emails[type eq "home"]"#, #"emails.value ne "x""#, "active eq false",
            #"groups eq "g1""#,
        ]
        func random(_ depth: Int, _ dice: inout FilterDice) throws -> (Filter, Bool) {
            if depth == 0 {
                let text = dice.one(of: leaves)
                return (try Filter.parse(text, urns: []), try Self.matches(text, subject))
            }
            let left = try random(depth - 1, &dice)
            let right = try random(dice.below(depth), &dice)
            switch dice.below(3) {
            case 0: return (.and(left.0, right.0), left.1 && right.1)
            case 1: return (.or(left.0, right.0), left.1 || right.1)
            default: return (.not(left.0), !left.1)
            }
        }
        for _ in 0..<30 {
            let (filter, expected) = try random(dice.below(6), &dice)
            #expect(try FilterMatcher(filter, type: .user).matches(subject) == expected, "\(filter)")
        }
    }
}
