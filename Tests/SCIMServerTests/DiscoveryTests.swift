import HTTPTypes
import SCIM
import SCIMServer
import Testing

@Suite struct DiscoveryTests {
    @Test func announcesWhatItCan() async throws {
        let desk = Desk { settings in
            settings.defaultPageSize = 7
            settings.mostPageSize = 70
            settings.cursorSeconds = 60
            settings.documentationURI = "https://docs.example"
        }
        let config = try await desk.send("GET /ServiceProviderConfig")
        #expect(config.status == 200)
        #expect(config["schemas"] == ["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"])
        #expect(config["documentationUri"] == "https://docs.example")
        for name in ["patch", "bulk", "filter", "sort", "etag"] { #expect(config[name]?.object?["supported"] == true, "\(name)") }
        #expect(config["filter"]?.object?["maxResults"] == 70)
        #expect(config["bulk"]?.object?["maxOperations"] == 1_000)
        #expect(config["bulk"]?.object?["maxPayloadSize"] == .number(JSONNumber(2 << 20)))
        let pagination = config["pagination"]?.object
        #expect(pagination?["cursor"] == true)
        #expect(pagination?["defaultPageSize"] == 7)
        #expect(pagination?["maxPageSize"] == 70)
        #expect(pagination?["cursorTimeout"] == 60)
        #expect(config["authenticationSchemes"]?.array?.first?.object?["type"] == "oauthbearertoken")
        #expect(config["meta"]?.object?["location"]?.text == Desk.base + "/ServiceProviderConfig")
    }

    @Test(arguments: ["/ResourceTypes", "/Schemas"])
    func listsHaveWhatTheyName(path: String) async throws {
        let desk = Desk()
        let list = try await desk.send("GET \(path)?count=1&startIndex=2&attributes=x&sortBy=%zz&cursor")
        #expect(list.status == 200)
        #expect(list["schemas"] == ["urn:ietf:params:scim:api:messages:2.0:ListResponse"])
        #expect(list.number("totalResults") == String(list.resources.count))
        #expect(list.number("itemsPerPage") == String(list.resources.count))
        #expect(list.number("startIndex") == "1")
        #expect(list.resources.count >= 2)
        for document in list.resources {
            let id = try #require(document["id"]?.text)
            let location = try #require(document["meta"]?.object?["location"]?.text)
            #expect(location == "\(Desk.base)\(path)/\(id)")
            #expect(try await desk.send("GET \(path)/\(id)").json == document)
            #expect(try await desk.send("HEAD \(path)/\(id)").status == 200)
        }
        let none = try await desk.send("GET \(path)/nothing")
        #expect(none.status == 404)
    }

    @Test func namesOfSchemasAreTakenInAnyCase() async throws {
        let desk = Desk()
        #expect(try await desk.send("GET /Schemas/\(UserResource.schema.uppercased())")["id"] == .string(UserResource.schema))
        #expect(try await desk.send("GET /Schemas/urn%3Aietf%3Aparams%3Ascim%3Aschemas%3Acore%3A2.0%3AGroup").status == 200)
        #expect(try await desk.send("GET /ResourceTypes/User")["endpoint"] == "/Users")
        #expect(try await desk.send("GET /ResourceTypes/user").status == 404)
    }

    @Test(arguments: ["/ServiceProviderConfig", "/ResourceTypes", "/Schemas", "/ResourceTypes/User", "/Schemas/urn:x"])
    func isOnlyRead(path: String) async throws {
        let desk = Desk()
        for method in ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "get"] {
            let reply = try await desk.send("\(method) \(path)", method == "DELETE" ? nil : ["a": 1])
            #expect(reply.status == 405)
            #expect(reply.headers[.allow] == "GET, HEAD")
        }
        let filtered = try await desk.send("GET \(path)?x&Filter=name+eq+1")
        #expect(filtered.status == 403)
        #expect(try await desk.send("GET \(path)?filter=&filter").status != 403)
    }

    @Test func manyAddressesAreNoProblem() async throws {
        let desk = Desk()
        for index in 0..<100 {
            let reply = try await desk.send("GET /ResourceTypes/User", base: "http://host\(index)")
            #expect(reply["meta"]?.object?["location"]?.text == "http://host\(index)/ResourceTypes/User")
        }
    }

    @Test func theGuideIsSmaller() async throws {
        let desk = Desk { $0.operations = .guide }
        try await desk.makeUser("anna")
        try await desk.makeGroup("g")
        let config = try await desk.send("GET /ServiceProviderConfig")
        #expect(config["bulk"] == ["supported": false, "maxOperations": 0, "maxPayloadSize": 0])
        let body: JSONValue = ["schemas": [.string(GroupResource.schema)], "displayName": "h"]
        let cases: [(String, JSONValue?, Int)] = [
            ("GET /Users", nil, 200), ("GET /Users/user-1", nil, 200), ("GET /Groups", nil, 200), ("GET /Groups/group-2", nil, 405),
            ("HEAD /Groups/group-2", nil, 405), ("PUT /Groups/group-2", body, 405),
            ("PATCH /Groups/group-2", Desk.patch(["op": "replace", "path": "displayName", "value": "h"]), 200),
            ("POST /Bulk", ["schemas": [.string(BulkRequest.schema)], "Operations": []], 404), ("GET /", nil, 404),
            ("POST /.search", ["schemas": []], 404), ("POST /Users/.search", ["schemas": []], 404), ("GET /Me", nil, 404),
            ("GET /Schemas", nil, 200), ("GET /ResourceTypes", nil, 200), ("DELETE /Groups/group-2", nil, 204),
        ]
        for (line, body, status) in cases {
            let reply = try await desk.send(line, body)
            #expect(reply.status == status, "\(line)")
            if status == 405 { #expect(reply.headers[.allow] == "PATCH, DELETE") }
        }
    }

    @Test func furtherTypesAreServed() async throws {
        let registry = try SchemaRegistry.standard.adding([
            [
                "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Schema"], "id": "urn:example:Device", "name": "Device",
                "attributes": [["name": "serial", "type": "string", "required": true]],
            ],
            [
                "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ResourceType"], "id": "Device", "name": "Device", "endpoint": "/Devices",
                "schema": "urn:example:Device",
            ],
        ])
        let desk = Desk(registry: registry) { $0.operations = .guide }
        let made = try await desk.send("POST /Devices", ["schemas": ["urn:example:Device"], "serial": "1"])
        #expect(made.status == 201)
        #expect(made.headers[.location] == Desk.base + "/Devices/device-1")
        #expect(try await desk.send("GET /Devices?filter=serial+eq+%221%22").resources.count == 1)
        #expect(try await desk.send("GET /Schemas/urn:example:Device").status == 200)
    }
}
