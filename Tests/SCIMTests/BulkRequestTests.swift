import SCIM
import Testing

@Suite struct BulkRequestTests {
    private func request(_ operations: [JSONValue], _ more: [(String, JSONValue)] = []) -> JSONValue {
        .object(JSONObject([("schemas", [.string(BulkRequest.schema)]), ("Operations", .array(operations))] + more))
    }

    @Test func readsOperationsInAnyLetterCase() throws {
        let request = try BulkRequest([
            "SCHEMAS": ["URN:ietf:params:scim:api:messages:2.0:bulkrequest"], "failonerrors": 2,
            "operations": [
                ["METHOD": "post", "path": "/Users", "bulkid": "a", "DATA": ["userName": "ann"]],
                ["method": "Delete", "path": "Users/1", "version": "W/\"1\"", "data": ["is": "dropped"]],
            ],
        ])
        #expect(request.failOnErrors == 2)
        #expect(
            request.operations == [
                BulkOperation(.post, "/Users", bulkID: "a", data: JSONObject([("userName", "ann")])),
                BulkOperation(.delete, "/Users/1", version: "W/\"1\""),
            ])
    }

    @Test(
        arguments: [
            ["Operations": []], ["schemas": [], "Operations": []], ["schemas": ["urn:other"], "Operations": []],
            ["schemas": [.string(BulkRequest.schema)]], ["schemas": [.string(BulkRequest.schema)], "Operations": [:]],
            ["schemas": [.string(BulkRequest.schema)], "Operations": ["text"]],
            ["schemas": [.string(BulkRequest.schema)], "Operations": [], "failOnErrors": "1"],
            ["schemas": [.string(BulkRequest.schema)], "Operations": [], "failOnErrors": -1],
            ["schemas": [.string(BulkRequest.schema)], "Operations": [], "failOnErrors": .number(JSONNumber(literal: "1.5"))], [], "text",
        ] as [JSONValue])
    func refusesWhatIsNoBulkRequest(_ body: JSONValue) {
        let error = #expect(throws: SCIMError.self) { try BulkRequest(body) }
        #expect(error?.status == 400)
        #expect(error?.kind == .invalidSyntax)
    }

    @Test func refusesMoreOperationsThanAllowed() throws {
        let one: JSONValue = ["method": "DELETE", "path": "/Users/1"]
        #expect(try BulkRequest(request(Array(repeating: one, count: 1_000))).operations.count == 1_000)
        let error = #expect(throws: SCIMError.self) { try BulkRequest(request(Array(repeating: one, count: 1_001))) }
        #expect(error?.status == 413)
        let own = #expect(throws: SCIMError.self) { try BulkRequest(request([one, one]), maxOperations: 1) }
        #expect(own?.detail.contains("the 1 that") == true)
    }

    @Test func failOnErrorsOfZeroAcceptsNone() throws {
        #expect(try BulkRequest(request([], [("failOnErrors", 0)])).failOnErrors == 1)
        #expect(try BulkRequest(request([], [("failOnErrors", nil)])).failOnErrors == nil)
    }

    /// An operation that is wrong in itself fails alone.
    @Test(
        arguments: [
            ["path": "/Users"], ["method": "GET", "path": "/Users"], ["method": "POST", "bulkId": "a", "data": [:]],
            ["method": "POST", "path": "/Users", "data": ["userName": "x"]],
            ["method": "POST", "path": "/Users", "bulkId": "", "data": ["userName": "x"]],
            ["method": "POST", "path": "/Users", "bulkId": 1, "data": ["userName": "x"]],
            ["method": "POST", "path": "/Users", "bulkId": "a"], ["method": "PUT", "path": "/Users/1", "data": "text"],
            ["method": "PATCH", "path": "/Users/1"], ["method": "DELETE", "path": "/Users/1", "version": 1],
        ] as [JSONValue])
    func wrongOperationsAreFlawed(_ operation: JSONValue) throws {
        let good: JSONValue = ["method": "POST", "path": "/Users", "bulkId": "good", "data": ["userName": "x"]]
        let request = try BulkRequest(request([operation, good]))
        #expect(request.operations[0].flaw?.kind == .invalidSyntax)
        #expect(request.operations[1].flaw == nil)
        var world = BulkWorld()
        let answer = world.carryOut(request)
        #expect(answer.map { $0["status"] } == ["400", "201"])
    }

    @Test func twoOfOneBulkIDAreBothRefused() throws {
        let one: JSONValue = ["method": "POST", "path": "/Users", "bulkId": "a", "data": ["userName": "x"]]
        let request = try BulkRequest(request([one, one, ["method": "DELETE", "path": "/Users/bulkId:a"]]))
        var world = BulkWorld()
        #expect(world.carryOut(request).map { $0["status"] } == ["400", "400", "400"])
        #expect(world.steps.isEmpty)
    }
}
