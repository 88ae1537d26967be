import HTTPTypes
import SCIM
import SCIMServer
import Testing

/// Whatever comes in, an answer in the SCIM form goes out, and nothing crashes.
@Suite struct RandomRequestTests {
    /// SplitMix64.
    private struct Generator: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var value = state
            value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
            value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
            return value ^ (value >> 31)
        }
    }

    private static let lines = [
        "GET /Users", "GET /Users/user-1", "POST /Users", "PUT /Users/user-1", "PATCH /Users/user-1", "DELETE /Users/user-9",
        "POST /.search",
        "POST /Users/.search", "GET /", "POST /Bulk", "GET /Me", "GET /Schemas", "GET /ResourceTypes/User", "GET /ServiceProviderConfig",
        "PATCH /Groups/group-2", "HEAD /Groups",
    ]
    private static let queries = [
        "", "filter=userName+eq+%22anna%22", "startIndex=1&count=2", "cursor=&count=1", "cursor=AAAA", "attributes=userName,emails.value",
        "excludedAttributes=members", "sortBy=userName&sortOrder=descending", "filter=emails[type%20eq%20%22work%22]%20and%20title%20pr",
    ]
    private static let bodies = [
        "", #"{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"anna","active":"True","emails":[{"value":"a@x"}]}"#,
        #"{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":["#
            + #"{"op":"Add","path":"emails[type eq \"work\"].value","value":"x"}]}"#,
        #"{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"remove","path":"members"}]}"#,
        #"{"schemas":["urn:ietf:params:scim:api:messages:2.0:SearchRequest"],"filter":"userName pr","count":2,"attributes":["id"]}"#,
        #"{"schemas":["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],"Operations":["#
            + #"{"method":"POST","path":"/Users","bulkId":"a","#
            + #""data":{"userName":"x","schemas":[]}},{"method":"PATCH","path":"/Users/bulkId:a","data":{"Operations":[]}}]}"#,
    ]

    private func mangled(_ text: String, _ generator: inout Generator) -> [UInt8] {
        var bytes = Array(text.utf8)
        for _ in 0..<Int.random(in: 0...2, using: &generator) where !bytes.isEmpty {
            let place = Int.random(in: bytes.indices, using: &generator)
            switch Int.random(in: 0..<5, using: &generator) {
            case 0: bytes.remove(at: place)
            case 1: bytes[place] = UInt8.random(in: .min ... .max, using: &generator)
            case 2: bytes.insert(Array("%\"[](){},:&=+/.*".utf8).randomElement(using: &generator) ?? 0x20, at: place)
            case 3: bytes.append(contentsOf: bytes[place...].prefix(20))
            default: bytes.swapAt(place, Int.random(in: bytes.indices, using: &generator))
            }
        }
        return bytes
    }

    @Test(arguments: 0..<16 as Range<UInt64>)
    func areAllAnswered(seed: UInt64) async throws {
        var generator = Generator(state: seed)
        let desk = Desk { $0.requiresIfMatch = seed % 4 == 3 }
        try await desk.makeUser("anna")
        try await desk.makeGroup("g", ["user-1"])
        let fields: [HTTPField.Name] = [.ifMatch, .ifNoneMatch, .contentType, .userAgent, .accept]
        let values = [#"W/"1""#, "*", "application/json; charset=utf-8", "Okta SCIM Client 1.0.0", "1,2"]
        var statuses: [Int: Int] = [:]
        for _ in 0..<150 {
            let line = Self.lines.randomElement(using: &generator) ?? ""
            let cut = line.firstIndex(of: " ") ?? line.endIndex
            var headers = HTTPFields()
            if Bool.random(using: &generator), let name = fields.randomElement(using: &generator) {
                let value = mangled(values.randomElement(using: &generator) ?? "", &generator)
                headers[name] = String(decoding: value, as: UTF8.self)
            }
            let request = SCIMRequest(
                method: String(line[..<cut]), path: String(decoding: mangled(String(line[cut...].dropFirst()), &generator), as: UTF8.self),
                query: String(decoding: mangled(Self.queries.randomElement(using: &generator) ?? "", &generator), as: UTF8.self),
                headers: headers, body: mangled(Self.bodies.randomElement(using: &generator) ?? "", &generator))
            let response = await desk.service.respond(
                to: request, provider: desk.provider, caller: SCIMCaller(tenant: "t", resource: (type: "User", id: "user-1")),
                baseURL: Desk.base)
            let reply = try Reply(response)
            #expect((200..<500).contains(reply.status), "\(request)")
            #expect((reply.json == nil) == (request.method == "HEAD" || [204, 304].contains(reply.status)))
            statuses[reply.status, default: 0] += 1
        }
        #expect(desk.failures.isEmpty)
        // Neither all of it refused nor all of it let through.
        #expect(statuses[200, default: 0] >= 5 && statuses[400, default: 0] >= 5, "\(statuses)")
    }
}
