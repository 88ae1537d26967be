import SCIM
import Testing

@testable import SCIMServer

@Suite struct RouteTests {
    private func name(_ route: Route?) -> String {
        switch route {
        case nil: "nothing"
        case .root: "root"
        case .search(let endpoint): "search \(endpoint?.type.name ?? "all")"
        case .bulk: "bulk"
        case .me: "me"
        case .serviceProviderConfig: "config"
        case .resourceTypes: "types"
        case .resourceType(let name): "type \(name)"
        case .schemas: "schemas"
        case .schema(let id): "schema \(id)"
        case .resources(let endpoint): "all \(endpoint.type.name)"
        case .resource(let endpoint, let id): "\(endpoint.type.name) \(id)"
        }
    }

    @Test(arguments: [
        ("", "root"), ("/", "root"), ("/.search", "search all"), ("/.search/", "search all"), ("/Users/.search", "search User"),
        ("/Groups/.search", "search Group"), ("/Bulk", "bulk"), ("/Me", "me"), ("/Me/", "me"), ("/Users", "all User"),
        ("/Users/", "all User"), ("/Groups", "all Group"), ("/Users/1", "User 1"), ("/Users/1/", "User 1"), ("/Groups/1", "Group 1"),
        ("/Users/a%20b", "User a b"), ("/Users/a%2Fb", "User a/b"), ("/Users/%C3%A4", "User ä"), ("/Users/a+b", "User a+b"),
        ("/Users/%2Esearch", "User .search"), ("/Users/..", "User .."), ("/ServiceProviderConfig", "config"), ("/ResourceTypes", "types"),
        ("/ResourceTypes/User", "type User"), ("/Schemas", "schemas"), ("/Schemas/urn:x:2.0:User", "schema urn:x:2.0:User"),
        ("/Schemas/urn%3Ax", "schema urn:x"), ("/Schemas/", "schemas"),

        ("//", "nothing"), ("Users", "nothing"), ("/users", "nothing"), ("/Userss", "nothing"), ("/User", "nothing"),
        ("/Users//", "nothing"),
        ("/Users/1/emails", "nothing"), ("//Users", "nothing"), ("/Users/.search/1", "nothing"), ("/Me/1", "nothing"),
        ("/Bulk/1", "nothing"), ("/ServiceProviderConfig/1", "nothing"), ("/Schemas/a/b", "nothing"), ("/me", "nothing"),
        ("/ServiceProviderConfigs", "nothing"),
    ])
    func finds(path: String, what: String) throws {
        #expect(name(try RouteTable(.standard, .all).route(path)) == what)
    }

    @Test(arguments: ["/Users/%", "/Users/%2", "/Users/%zz", "/Users/%ff", "/Users/%00", "/Users/%ED%A0%80", "/Schemas/%C3"])
    func refuses(path: String) {
        let error = #expect(throws: SCIMError.self) { try RouteTable(.standard, .all).route(path) }
        #expect(error?.status == 400)
    }

    @Test func longIDsAreNobodys() throws {
        let table = RouteTable(.standard, .all)
        let id = String(repeating: "ä", count: 100)
        #expect(name(try table.route("/Users/" + id)) == "User " + id)
        #expect(try table.route("/Users/x" + id) == nil)
        #expect(name(try table.route("/Users/" + String(repeating: "%41", count: 200))).utf8.count == 205)
    }

    @Test(arguments: [
        ("/", "GET, HEAD"), ("/.search", "POST"), ("/Users/.search", "POST"), ("/Bulk", "POST"), ("/Users", "GET, HEAD, POST"),
        ("/Groups", "GET, HEAD, POST"), ("/Users/1", "GET, HEAD, PUT, PATCH, DELETE"), ("/Groups/1", "GET, HEAD, PUT, PATCH, DELETE"),
        ("/Me", "GET, HEAD, PUT, PATCH, DELETE"), ("/Schemas", "GET, HEAD"), ("/Schemas/x", "GET, HEAD"), ("/ResourceTypes", "GET, HEAD"),
        ("/ResourceTypes/x", "GET, HEAD"), ("/ServiceProviderConfig", "GET, HEAD"),
    ])
    func allow(path: String, methods: String) throws {
        #expect(try RouteTable(.standard, .all).route(path)?.methods.description == methods)
    }

    @Test(arguments: [
        ("/Users", "GET, HEAD, POST"), ("/Users/1", "GET, HEAD, PUT, PATCH, DELETE"), ("/Groups", "GET, HEAD, POST"),
        ("/Groups/1", "PATCH, DELETE"), ("/Schemas", "GET, HEAD"), ("/ResourceTypes", "GET, HEAD"),
        ("/ServiceProviderConfig", "GET, HEAD"), ("/", nil), ("/.search", nil), ("/Users/.search", nil), ("/Bulk", nil), ("/Me", nil),
    ])
    func theGuideAllowsLess(path: String, methods: String?) throws {
        #expect(try RouteTable(.standard, .guide).route(path)?.methods.description == methods)
    }

    @Test func typesMayLieDeeper() throws {
        let device = ResourceType(
            name: "Device", endpoint: "/Things/Devices/", schema: SchemaDocument(id: "urn:d", name: "D", attributes: []))
        let users = ResourceType(name: "UsersToo", endpoint: "/UsersToo", schema: SchemaDocument(id: "urn:u", name: "U", attributes: []))
        let table = RouteTable(SchemaRegistry(types: [.user, device, users]), .guide)
        #expect(name(try table.route("/Things/Devices")) == "all Device")
        #expect(name(try table.route("/Things/Devices/1")) == "Device 1")
        #expect(name(try table.route("/UsersToo/1")) == "UsersToo 1")
        #expect(try table.route("/Things/Devices/1")?.methods == .resource)
    }

    @Test func methodsHaveNames() {
        #expect(Methods(name: "PATCH") == .patch)
        #expect(Methods(name: "patch").isEmpty)
        #expect(Methods(name: "").isEmpty)
        #expect(Methods(name: "TRACE").isEmpty)
    }
}
