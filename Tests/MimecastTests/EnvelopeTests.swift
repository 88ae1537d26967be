import Foundation
import Mimecast
import Testing

@Suite struct EnvelopeTests {
    static func decode<T: Decodable>(_ type: T.Type, _ json: String) throws -> T {
        try JSONDecoder().decode(type, from: Data(json.utf8))
    }

    static func encode(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    @Test(arguments: ["{}", #"{"meta":{"status":200}}"#, #"{"data":null,"fail":null}"#, #"{"data":[],"fail":[],"more":1}"#])
    func anAbsentListIsAnEmptyOne(json: String) throws {
        let reply = try Self.decode(ReplyEnvelope<GuideUser>.self, json)
        #expect(reply.data.isEmpty)
        #expect(reply.fail.isEmpty)
    }

    @Test func repliesAlwaysCarryBothLists() throws {
        #expect(try Self.encode(ReplyEnvelope<GuideUser>(status: 200, data: [])) == #"{"data":[],"fail":[],"meta":{"status":200}}"#)
    }

    @Test(arguments: [
        (#"{"next":"n"}"#, "n"), (#"{"pageToken":"p"}"#, "p"), (#"{"next":"n","pageToken":"p"}"#, "n"),
        (#"{"next":"","pageToken":"p"}"#, "p"),
        (#"{"next":""}"#, nil), (#"{"next":null}"#, nil), (#"{"pageSize":2,"totalCount":2}"#, nil),
    ])
    func theNextPageGoesByEitherName(json: String, expected: String?) throws {
        #expect(try Self.decode(PageReply.self, json).following == expected)
    }

    @Test(arguments: [(#"{"pageSize":25}"#, 25), (#"{"pageSize":"25"}"#, 25), (#"{"pageToken":""}"#, nil), ("{}", nil)])
    func aPageSizeMayBeAString(json: String, expected: Int?) throws {
        #expect(try Self.decode(PageRequest.self, json).pageSize?.value == expected)
    }

    @Test(arguments: [#"{"pageSize":"many"}"#, #"{"pageSize":[]}"#, #"{"pageSize":true}"#, #"{"pageSize":1.5}"#, #"{"pageSize":""}"#])
    func anythingElseIsNoPageSize(json: String) {
        #expect(throws: DecodingError.self) { try Self.decode(PageRequest.self, json) }
    }

    @Test func requestsCarryTheirPageAndNumbersAsNumbers() throws {
        let request = RequestEnvelope(data: [DomainKey(domain: "acme.example")], pagination: PageRequest(pageSize: 100, pageToken: nil))
        #expect(try Self.encode(request) == #"{"data":[{"domain":"acme.example"}],"meta":{"pagination":{"pageSize":100}}}"#)
        #expect(try Self.encode(RequestEnvelope<DomainKey>(data: nil)) == "{}")
    }

    @Test(arguments: ["{}", #"{"data":[]}"#, #"{"meta":{}}"#, #"{"data":null}"#, #"{"meta":{"pagination":{"page_size":3}}}"#])
    func everyPartOfARequestMayBeMissing(json: String) throws {
        #expect(try Self.decode(RequestEnvelope<DomainKey>.self, json).data?.isEmpty ?? true)
    }

    @Test func failuresHaveTwoForms() throws {
        let json =
            #"{"fail":[{"key":{"emailAddress":"a"},"errors":[{"code":"c","message":"m"}]},{"code":"token_expired","message":"x"},{}]}"#
        let reply = try Self.decode(ReplyEnvelope<GuideUser>.self, json)
        #expect(reply.fail.map { $0.reasons.map(\.code) } == [["c"], ["token_expired"], []])
        #expect(reply.fail.first?.key?["emailAddress"]?.text == "a")
        #expect(reply.fail.first?.reasons.first?.retryable == nil)
        #expect(try Self.encode(GatewayError(code: "unauthorized", message: "m")) == #"{"fail":[{"code":"unauthorized","message":"m"}]}"#)
    }

    @Test(arguments: ["null", "true", "false", "0", "-3", "1.5", "9007199254740991", #""text""#, "[1,null,[]]", #"{"a":{"b":[true]}}"#])
    func valuesAreEchoedAsTheyCame(json: String) throws {
        #expect(try Self.encode(try Self.decode([JSON].self, "[\(json)]")) == "[\(json)]")
    }
}
