import SCIM
import Testing

@Suite struct BulkPlanTests {
    private static let enterprise = UserResource.enterpriseSchema

    private func person(_ bulkID: String, manager: String? = nil) -> BulkOperation {
        var data = JSONObject([("userName", .string(bulkID))])
        if let manager { data[Self.enterprise] = ["department": "IT", "manager": ["value": .string("bulkId:\(manager)")]] }
        return BulkOperation(.post, "/Users", bulkID: bulkID, data: data)
    }

    private func group(_ bulkID: String, _ members: [String]) -> BulkOperation {
        let members = members.map { ["value": .string("bulkId:\($0)"), "$ref": .string("../Users/bulkId:\($0)")] as JSONValue }
        return BulkOperation(
            .post, "/Groups", bulkID: bulkID, data: JSONObject([("displayName", .string(bulkID)), ("members", .array(members))]))
    }

    private func statuses(_ answer: [JSONObject]) -> [String] { answer.map { $0["status"]?.text ?? "none" } }
    private func details(_ answer: [JSONObject]) -> [String] { answer.map { $0["response"]?.object?["detail"]?.text ?? "" } }

    @Test func forwardReferencesAreBroughtForward() {
        var world = BulkWorld()
        let answer = world.carryOut(BulkRequest([group("g", ["b", "a"]), person("a"), person("c"), person("b")]))
        #expect(
            world.trace == [
                #"3 POST /Users {"userName":"b"}"#, #"1 POST /Users {"userName":"a"}"#,
                #"0 POST /Groups {"displayName":"g","members":[{"value":"id1","$ref":"../Users/id1"},"#
                    + #"{"value":"id2","$ref":"../Users/id2"}]}"#,
                #"2 POST /Users {"userName":"c"}"#,
            ])
        #expect(answer.map { $0["bulkId"] } == ["g", "a", "c", "b"])
        #expect(
            answer.map { $0["location"]?.text } == ["Groups/id3", "Users/id2", "Users/id4", "Users/id1"].map { "https://x/scim/v2/\($0)" })
        #expect(statuses(answer) == ["201", "201", "201", "201"])
        #expect(
            answer[1].members.map(\.name) == ["location", "method", "bulkId", "version", "status"], "no response where all went well")
    }

    @Test func withoutReferencesTheOrderStays() {
        var world = BulkWorld()
        let operations = [
            BulkOperation(.delete, "/Users/9"), person("a"), BulkOperation(.put, "/Users/8", version: "W/\"7\"", data: JSONObject()),
            person("b"),
        ]
        let answer = world.carryOut(BulkRequest(operations))
        #expect(world.steps.map(\.index) == [0, 1, 2, 3])
        #expect(world.steps[2].version == "W/\"7\"")
        #expect(answer[0]["location"] == "https://x/scim/v2/Users/9")
        #expect(answer[0]["status"] == "204")
        #expect(answer[0]["bulkId"] == nil)
        #expect(answer[2]["version"] == "W/\"2\"")
    }

    @Test func referencesStandInPathsToo() {
        var world = BulkWorld()
        let patch: JSONValue = [
            ["op": "remove", "path": #"members[value eq "bulkId:a" or $ref eq "../Users/bulkId:a"]"#],
            ["op": "replace", "path": #"emails[type eq "work\"bulkId:a"].value"#, "value": "x"],
        ]
        let answer = world.carryOut(
            BulkRequest([
                BulkOperation(.patch, "/Groups/bulkId:g?attributes=id", data: JSONObject([("Operations", patch)])),
                BulkOperation(.delete, "/Users/bulkId:a"), person("a"), group("g", []),
            ]))
        #expect(
            world.trace == [
                #"2 POST /Users {"userName":"a"}"#, #"3 POST /Groups {"displayName":"g","members":[]}"#,
                #"0 PATCH /Groups/id2?attributes=id {"Operations":["#
                    + #"{"op":"remove","path":"members[value eq \"id1\" or $ref eq \"../Users/id1\"]"},"#
                    + #"{"op":"replace","path":"emails[type eq \"work\\\"bulkId:a\"].value","value":"x"}]}"#,
                "1 DELETE /Users/id1 -",
            ])
        #expect(statuses(answer) == ["200", "204", "201", "201"])
        #expect(answer[1]["location"] == "https://x/scim/v2/Users/id1")
    }

    @Test func textThatOnlyLooksLikeAReferenceStays() {
        var world = BulkWorld()
        let data = JSONObject([("userName", "see /bulkId:a"), ("title", "bulkId:"), ("nickName", "bulkid:a")])
        #expect(statuses(world.carryOut(BulkRequest([BulkOperation(.post, "/Users", bulkID: "a", data: data)]))) == ["201"])
        #expect(world.steps[0].data == data)
    }

    // MARK: Circles

    @Test func twoManagersOfEachOther() {
        var world = BulkWorld()
        let answer = world.carryOut(BulkRequest([person("a", manager: "b"), person("b", manager: "a")]))
        #expect(
            world.trace == [
                #"1 POST /Users {"userName":"b","\#(Self.enterprise)":{"department":"IT"}}"#,
                #"0 POST /Users {"userName":"a","\#(Self.enterprise)":{"department":"IT","manager":{"value":"id1"}}}"#,
                #"1 PATCH /Users/id1 {"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"#
                    + #""Operations":[{"op":"add","value":{"\#(Self.enterprise)":{"manager":{"value":"id2"}}}}]}"#,
            ])
        #expect(world.steps.map(\.purpose) == [.operation, .operation, .completion])
        #expect(statuses(answer) == ["201", "201"])
        #expect(answer.map { $0["version"] } == ["W/\"1\"", "W/\"2\""])
    }

    @Test func threeGroupsInACircleKeepTheOtherMembers() {
        var world = BulkWorld()
        let answer = world.carryOut(
            BulkRequest([group("a", ["b", "p"]), group("b", ["p", "c"]), group("c", ["a", "p"]), person("p")]))
        #expect(statuses(answer) == ["201", "201", "201", "201"])
        #expect(world.steps.filter { $0.purpose == .completion }.map(\.index) == [2], "one is enough")
        for (bulkID, members) in ["a": ["b", "p"], "b": ["p", "c"], "c": ["p", "a"]] {
            let found = world.resources.values.first { $0["displayName"]?.text == bulkID }
            let names = found?["members"]?.array?.map { world.name(of: $0.object?["value"]?.text ?? "") }
            #expect(names == members)
        }
    }

    @Test func oneThatNamesItself() {
        var world = BulkWorld()
        #expect(statuses(world.carryOut(BulkRequest([person("a", manager: "a")]))) == ["201"])
        #expect(world.steps.map(\.purpose) == [.operation, .completion])
        #expect(world.resources["/Users/id1"]?[Self.enterprise] == ["department": "IT", "manager": ["value": "id1"]])
    }

    @Test func aCircleIsMadeWholeOrNotAtAll() {
        let operations = [person("a", manager: "b"), person("b", manager: "c"), person("c", manager: "a"), person("d")]
        // The order is c, b, a; c is completed at the end.
        for (purpose, index) in [(BulkStep.Purpose.operation, 0), (.operation, 1), (.operation, 2), (.completion, 2)] {
            var world = BulkWorld(failures: [purpose: [index]])
            let answer = world.carryOut(BulkRequest(operations))
            #expect(world.resources.values.map { $0["userName"] } == ["d"])
            #expect(statuses(answer)[index] == "409")
            #expect(statuses(answer).filter { $0 == "400" }.count == 2)
            #expect(statuses(answer)[3] == "201")
            #expect(details(answer).filter { $0.hasPrefix("It depends on bulkId:\(["a", "b", "c"][index]), ") }.count == 2)
            #expect(answer[0]["location"] == nil)
        }
    }

    @Test func aPostInACircleGoesUndoneBelowItsOwnPath() {
        var world = BulkWorld(failures: [.completion: [0]])
        var operation = person("a", manager: "a")
        operation.path = "/Users/?attributes=id"
        _ = world.carryOut(BulkRequest([operation]))
        #expect(world.steps.map(\.path) == ["/Users/?attributes=id", "/Users/id1", "/Users/id1"])
        #expect(world.steps.last?.purpose == .undo)
    }

    // MARK: Failures

    @Test func unknownReferencesFailAlone() {
        var world = BulkWorld()
        let answer = world.carryOut(BulkRequest([group("g", ["nobody"]), person("a"), BulkOperation(.delete, "/Users/bulkId:nobody")]))
        #expect(statuses(answer) == ["400", "201", "400"])
        #expect(details(answer)[0].contains("bulkId:nobody"))
        #expect(answer[2]["location"] == nil)
        #expect(answer[0]["response"]?.object?["scimType"] == "invalidValue")
        #expect(world.steps.map(\.index) == [1])
    }

    @Test func whatDependsOnAFailureFails() {
        var world = BulkWorld(failures: [.operation: [0]])
        let answer = world.carryOut(
            BulkRequest([
                person("a"), person("b", manager: "a"), person("c", manager: "b"), person("d"),
                BulkOperation(.patch, "/Users/7", data: JSONObject([("Operations", [["op": "add", "value": ["x": "bulkId:c"]]])])),
            ]))
        #expect(statuses(answer) == ["409", "400", "400", "201", "400"])
        #expect(details(answer)[1].contains("bulkId:a"))
        #expect(details(answer)[2].contains("bulkId:b"))
        #expect(answer[4]["location"] == "https://x/scim/v2/Users/7")
        #expect(world.steps.map(\.index) == [0, 3])
    }

    @Test(arguments: [(1, ["201", "409"]), (2, ["201", "409", "400"]), (3, ["201", "409", "400", "201", "409"])])
    func failOnErrorsEndsIt(_ limit: Int, _ expected: [String]) {
        var world = BulkWorld(failures: [.operation: [1, 4]])
        let operations = [person("a"), person("b"), person("c", manager: "b"), person("d"), person("e"), person("f")]
        let answer = world.carryOut(BulkRequest(operations, failOnErrors: limit))
        #expect(statuses(answer) == expected)
    }

    @Test func failOnErrorsLeavesNoHalfCircle() {
        var world = BulkWorld(failures: [.operation: [0]])
        let operations = [person("a", manager: "b"), person("b", manager: "a"), person("c")]
        let answer = world.carryOut(BulkRequest(operations, failOnErrors: 1))
        #expect(statuses(answer) == ["409", "400"])
        #expect(world.resources.isEmpty)
        #expect(world.steps.last?.purpose == .undo)
    }

    @Test func aFailureKeepsWhatItsDependentsNeedToKnow() {
        var world = BulkWorld(failures: [.operation: [0]])
        let answer = world.carryOut(BulkRequest([BulkOperation(.put, "/Users/1", data: JSONObject())]))
        #expect(
            answer == [
                JSONObject([
                    ("location", "https://x/scim/v2/Users/1"), ("method", "PUT"), ("status", "409"),
                    ("response", SCIMError.uniqueness("It is taken.").body),
                ])
            ])
    }

    @Test func theAnswerIsABulkResponse() {
        #expect(
            BulkPlan(BulkRequest([]), baseURL: "").body == [
                "schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkResponse"], "Operations": [],
            ])
    }

    @Test func anOutcomeOfAnotherStepIsNotTaken() throws {
        var plan = BulkPlan(BulkRequest([person("a"), person("b")]), baseURL: "")
        let next = plan.next()
        let first = try #require(next)
        plan.done(first, .done(BulkSuccess(status: 201, id: "1")))
        plan.done(first, .failed(.uniqueness("late")))
        #expect(plan.next()?.index == 1)
        #expect(plan.response.map { $0["status"] } == ["201"])
    }

    // MARK: Property

    @Test(arguments: 0..<200 as Range<UInt64>)
    func anyGraphIsCarriedOut(_ seed: UInt64) {
        var random = BulkRandom(state: seed)
        let count = Int.random(in: 1...12, using: &random)
        let density = Double.random(in: 0...0.4, using: &random)
        var wanted: [String: [String]] = [:]
        let operations = (0..<count).map { index in
            let members = (0..<count).filter { _ in Double.random(in: 0..<1, using: &random) < density }.map { "g\($0)" }
            wanted["g\(index)"] = members.sorted()
            return group("g\(index)", members)
        }
        let failing = seed % 3 == 0 ? Set([Int.random(in: 0..<count, using: &random)]) : []
        var world = BulkWorld(failures: [.operation: failing])
        let answer = world.carryOut(BulkRequest(operations))

        #expect(answer.count == count)
        let own = world.steps.filter { $0.purpose == .operation }.map(\.index)
        #expect(Set(own).count == own.count, "each at most once")
        #expect(!world.trace.contains { $0.contains("bulkId:") }, "nothing goes out unresolved")
        for (operation, answer) in zip(operations, answer) {
            let name = operation.bulkID ?? ""
            let found = world.resources.values.filter { $0["displayName"]?.text == name }
            guard answer["status"] == "201" else {
                #expect(found.isEmpty, "what failed is not there")
                #expect(reaches(name, failing, wanted), "nothing fails without a reason")
                continue
            }
            let members = found.first?["members"]?.array ?? []
            #expect(members.map { world.name(of: $0.object?["value"]?.text ?? "") }.sorted() == wanted[name] ?? [])
            #expect(!reaches(name, failing, wanted))
        }
    }

    private func reaches(_ name: String, _ failing: Set<Int>, _ graph: [String: [String]]) -> Bool {
        var seen: Set<String> = [name]
        var open = [name]
        while let name = open.popLast() {
            for next in graph[name] ?? [] where seen.insert(next).inserted { open.append(next) }
        }
        return failing.contains { seen.contains("g\($0)") }
    }

    /// A chain and a circle as long as a request can be: no recursion, no squares.
    @Test func longChainsAndCircles() {
        for closes in [false, true] {
            var world = BulkWorld()
            let operations = (0..<1_000).map { person("p\($0)", manager: $0 < 999 ? "p\($0 + 1)" : closes ? "p0" : nil) }
            #expect(statuses(world.carryOut(BulkRequest(operations))).allSatisfy { $0 == "201" })
            #expect(world.steps.count == (closes ? 1_001 : 1_000))
        }
    }
}

extension BulkWorld {
    /// The bulkId of a resource with this id, which the tests use as its name.
    func name(of id: String) -> String {
        let resource = resources.first { $0.key.hasSuffix("/\(id)") }?.value
        return resource?["displayName"]?.text ?? resource?["userName"]?.text ?? "nobody"
    }
}

/// SplitMix64.
struct BulkRandom: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
