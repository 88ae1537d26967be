import SCIM
import Testing

@Suite struct SchemaTests {
    private static let registry = SchemaRegistry.standard

    /// `attribute` or `attribute.sub`, of the user where the URN is not said.
    private static func attribute(_ name: String, _ schema: SchemaDocument = .user) throws -> SchemaAttribute {
        let parts = name.split(separator: ".").map(String.init)
        let attribute = try #require(schema.attribute(parts[0]), "\(name)")
        return parts.count == 1 ? attribute : try #require(attribute.subAttribute(parts[1]), "\(name)")
    }

    @Test func theUserHasWhatTheRFCLists() {
        #expect(
            SchemaDocument.user.attributes.map(\.name) == [
                "userName", "name", "displayName", "nickName", "profileUrl", "title", "userType", "preferredLanguage", "locale", "timezone",
                "active", "password", "emails", "phoneNumbers", "ims", "photos", "addresses", "groups", "entitlements", "roles",
                "x509Certificates",
            ])
        #expect(
            SchemaDocument.enterpriseUser.attributes.map(\.name) == [
                "employeeNumber", "costCenter", "organization", "division", "department", "manager",
            ])
        #expect(SchemaDocument.group.attributes.map(\.name) == ["displayName", "members"])
    }

    @Test(arguments: [
        ("name", ["formatted", "familyName", "givenName", "middleName", "honorificPrefix", "honorificSuffix"]),
        ("emails", ["value", "display", "type", "primary"]), ("x509Certificates", ["value", "display", "type", "primary"]),
        ("addresses", ["formatted", "streetAddress", "locality", "region", "postalCode", "country", "type", "primary"]),
        ("groups", ["value", "$ref", "display", "type"]),
    ])
    func complexAttributesHaveTheirParts(name: String, parts: [String]) throws {
        #expect(try Self.attribute(name).subAttributes.map(\.name) == parts)
    }

    @Test func characteristicsAreThoseOfTheRFC() throws {
        let userName = try Self.attribute("userName")
        #expect(userName.isRequired && !userName.isCaseExact && userName.uniqueness == .server)
        let password = try Self.attribute("password")
        #expect(password.mutability == .writeOnly && password.returned == .never)
        #expect(try Self.attribute("active").kind == .boolean)
        #expect(try Self.attribute("profileUrl").kind == .reference)
        #expect(try Self.attribute("photos.value").kind == .reference)
        #expect(try Self.attribute("x509Certificates.value").kind == .binary)
        #expect(try Self.attribute("groups").mutability == .readOnly)
        #expect(try Self.attribute("groups").subAttributes.allSatisfy { $0.mutability == .readOnly })
        #expect(try Self.attribute("emails.type").canonicalValues == ["work", "home", "other"])
        #expect(try Self.attribute("emails.value").isCaseExact == false)
        #expect(try Self.attribute("manager.displayName", .enterpriseUser).mutability == .readOnly)
        #expect(try Self.attribute("members", .group).mutability == .readWrite)
        for name in ["value", "$ref", "type"] {
            #expect(try Self.attribute("members.\(name)", .group).mutability == .immutable, "\(name)")
        }
        #expect(try Self.attribute("displayName", .group).isRequired)
        #expect(CommonAttributes.id.isCaseExact && CommonAttributes.externalID.isCaseExact)
    }

    @Test func everySchemaIsWellFormed() {
        func check(_ attribute: SchemaAttribute, _ place: String) {
            #expect((attribute.kind == .complex) == !attribute.subAttributes.isEmpty, "\(place)")
            #expect(Set(attribute.subAttributes.map { $0.name.lowercased() }).count == attribute.subAttributes.count, "\(place)")
            #expect(attribute.kind == .reference || attribute.referenceTypes.isEmpty, "\(place)")
            #expect(!attribute.description.isEmpty, "\(place)")
            for sub in attribute.subAttributes { check(sub, "\(place).\(sub.name)") }
        }
        for schema in Self.registry.schemas {
            for attribute in schema.attributes { check(attribute, "\(schema.name) \(attribute.name)") }
        }
    }

    @Test func theRegistryFindsTypes() {
        #expect(Self.registry.types.map(\.name) == ["User", "Group"])
        #expect(Self.registry.type(named: "User")?.endpoint == "/Users")
        #expect(Self.registry.type(named: "user") == nil)
        #expect(Self.registry.type(endpoint: "/Groups")?.name == "Group")
        #expect(Self.registry.type(endpoint: "Groups") == nil)
        #expect(Self.registry.knownURNs == [UserResource.schema, UserResource.enterpriseSchema, GroupResource.schema])
        #expect(Self.registry.schema(id: UserResource.schema.uppercased())?.name == "User")
        #expect(
            Self.registry.schemas.map(\.name) == ["User", "EnterpriseUser", "Group", "ServiceProviderConfig", "ResourceType", "Schema"])
        #expect(SchemaRegistry(types: Self.registry.types, announcesDiscovery: false).schemas.count == 3)
        #expect(ResourceType.group.hasMembers && !ResourceType.user.hasMembers)
    }

    private static func hasNull(_ value: JSONValue) -> Bool {
        switch value {
        case .null: true
        case .array(let values): values.contains(where: hasNull)
        case .object(let object): object.members.contains { hasNull($0.value) }
        default: false
        }
    }

    @Test func documentsAreShownWithoutNullAndReadBack() throws {
        for schema in Self.registry.schemas where schema.name != "Schema" {
            let json = schema.json(baseURL: "https://example.com/scim/v2")
            #expect(!Self.hasNull(json), "\(schema.name)")
            #expect(try SchemaDocument(json) == SchemaDocument(JSONValue.parse(json.serialized)), "\(schema.name)")
            #expect(try SchemaDocument(json).attributes == schema.attributes.filter { $0.name != "id" }, "\(schema.name)")
            let meta = json.object?["meta"]?.object
            #expect(meta?["location"] == .string("https://example.com/scim/v2/Schemas/\(schema.id)"))
        }
        let type = ResourceType.user.json(baseURL: "https://example.com/scim/v2").object
        #expect(type?["schema"] == .string(UserResource.schema))
        #expect(type?["schemaExtensions"] == [["schema": .string(UserResource.enterpriseSchema), "required": false]])
        #expect(type?["meta"] == ["resourceType": "ResourceType", "location": "https://example.com/scim/v2/ResourceTypes/User"])
        let config = ServiceProviderConfig().json(baseURL: "https://x")
        #expect(!Self.hasNull(config))
        // What is announced is described, and what is required is announced.
        let described = try #require(Self.registry.schema(id: "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"))
        for member in config.object?.members ?? [] where !["schemas", "meta"].contains(member.name) {
            let attribute = try #require(described.attribute(member.name), "\(member.name)")
            for part in member.value.object?.members ?? [] {
                #expect(attribute.subAttribute(part.name) != nil, "\(member.name).\(part.name)")
            }
        }
        for attribute in described.attributes where attribute.isRequired {
            #expect(config.object?[attribute.name] != nil, "\(attribute.name)")
        }
    }

    // MARK: Documents of others

    private static let badge: JSONValue = [
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Schema"], "id": "urn:example:2.0:Badge", "name": "Badge",
        "attributes": [
            ["name": "number", "type": "integer", "required": true], ["name": "serial", "mutability": "immutable", "caseExact": true],
            ["name": "meta", "type": "complex", "subAttributes": [["name": "version"]]],
        ],
    ]
    private static let extended: JSONValue = [
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ResourceType"], "name": "User", "endpoint": "/Users",
        "schema": .string(UserResource.schema), "schemaExtensions": [["schema": "urn:example:2.0:Badge", "required": false]],
    ]
    private static let badges: JSONValue = ["name": "Badge", "endpoint": "/Badges", "schema": "urn:example:2.0:badge"]

    @Test func extensionsAndTypesAreAdded() throws {
        for documents in [[Self.badge, Self.extended], [Self.extended, Self.badge], [["Resources": [Self.extended, Self.badge]]]] {
            let registry = try Self.registry.adding(documents)
            let user = try #require(registry.type(named: "User"))
            #expect(user.extensions.map(\.schema.id) == [UserResource.enterpriseSchema, "urn:example:2.0:Badge"])
            #expect(user.extensions.last?.schema.attributes.map(\.name) == ["number", "serial"])
            #expect(registry.knownURNs.contains("urn:example:2.0:Badge"))
        }
        let registry = try Self.registry.adding([Self.badge, Self.badges])
        let type = try #require(registry.type(endpoint: "/Badges"))
        #expect(type.schema.attribute("SERIAL")?.mutability == .immutable)
        #expect(registry.schemas.contains { $0.id == "urn:example:2.0:Badge" })
        #expect(try type.creation(["schemas": ["x"], "number": 7]).resource.object["number"] == 7)
        // What it shows can be given to it again.
        #expect(
            try registry.adding(registry.schemas.map { $0.json(baseURL: "") } + registry.types.map { $0.json(baseURL: "") }) == registry)
    }

    @Test(
        arguments: [
            ([1], "object"), ([[:]], "neither"), ([badge], "No resource type"), ([badges], "not given"), ([extended], "not given"),
            ([badge, extended, ["id": "urn:example:2.0:BADGE", "attributes": []]], "already"),
            ([["id": "Badge", "attributes": []]], "urn:"), ([["id": "urn:a b", "attributes": []]], "urn:"),
            ([["id": "urn:a", "attributes": [["name": "1a"]]]], "name"),
            ([["id": "urn:a", "attributes": [["name": "a"], ["name": "A"]]]], "two"),
            ([["id": "urn:a", "attributes": [["name": "a", "type": "text"]]]], "type"),
            ([["id": "urn:a", "attributes": [["name": "a", "multiValued": "yes"]]]], "multiValued"),
            ([["id": "urn:a", "attributes": [["name": "a", "type": "complex"]]]], "subAttributes"),
            (
                [["id": "urn:a", "attributes": [["name": "a", "type": "complex", "subAttributes": [["name": "b", "type": "complex"]]]]]],
                "forbids"
            ),
            ([badge, ["name": "Badge", "endpoint": "/Users", "schema": "urn:example:2.0:Badge"]], "taken"),
            ([badge, ["name": "Badge", "endpoint": "/me", "schema": "urn:example:2.0:Badge"]], "taken"),
            ([badge, ["name": "Badge", "endpoint": "Badges", "schema": "urn:example:2.0:Badge"]], "endpoint"),
            ([badge, ["name": "User", "endpoint": "/People", "schema": "urn:example:2.0:Badge"]], "only extensions"),
            ([["id": "urn:a", "attributes": [["name": "members"]]], ["name": "A", "endpoint": "/A", "schema": "urn:a"]], "members"),
        ] as [([JSONValue], String)])
    func whatCannotBeAddedIsRefused(documents: [JSONValue], reason: String) throws {
        let error = #expect(throws: SCIMError.self) { try Self.registry.adding(documents) }
        #expect(error?.kind == .invalidValue)
        #expect(error?.detail.contains(reason) == true, "\(error?.detail ?? "")")
    }

    @Test func namesAreSplitBehindTheURN() {
        #expect(AttributeName.rest(of: "urn:a:2.0:User:name", after: "URN:A:2.0:user") == "name")
        #expect(AttributeName.rest(of: "urn:a:2.0:User", after: "urn:a:2.0:User") == "")
        #expect(AttributeName.rest(of: "urn:a:2.0:Users:name", after: "urn:a:2.0:User") == nil)
        #expect(AttributeName.rest(of: "urn:a", after: "urn:a:2.0:User") == nil)
        #expect(AttributeName.areEqual("userName", "USERNAME") && !AttributeName.areEqual("userName", "userNam"))
        #expect(!AttributeName.areEqual("é", "É") && !AttributeName.areEqual("@", "`") && !AttributeName.areEqual("[", "{"))
    }
}
