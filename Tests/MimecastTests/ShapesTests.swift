import Foundation
import Mimecast
import Testing

@Suite struct ShapesTests {
    @Test(arguments: ShapeSample.items + ShapeSample.rows)
    func aShapeWritesWhatItReads(sample: ShapeSample) throws {
        #expect(try sample.written() == ShapeSample.json(sample.text))
    }

    /// What is missing is the server's to refuse, with a code; so reading must not fail, and writing must not make it null.
    @Test(arguments: ShapeSample.items)
    func anItemMayLackEverything(sample: ShapeSample) throws {
        #expect(try sample.written(of: "{}") == .object([:]))
    }

    @Test(arguments: ShapeSample.items + ShapeSample.rows)
    func whatIsUnknownIsPassedOver(sample: ShapeSample) throws {
        let more = #"{"later":[{"x":null}],\#(sample.text.dropFirst())"#
        #expect(try sample.written(of: more) == ShapeSample.json(sample.text))
    }

    @Test func anAddressThatNobodyKnowsHasNoRegion() throws {
        let discovery = Discovery(authenticate: ["Basic-Cloud"], emailAddress: "a@example.com", emailToken: "t")
        let written = try ShapeSample.json(JSONEncoder().encode(discovery))
        #expect(
            written
                == .object([
                    "authenticate": .array([.string("Basic-Cloud")]), "emailAddress": .string("a@example.com"), "emailToken": .string("t"),
                ]))
    }

    @Test func namesThatAreNotSwiftsStandAsTheVendorWritesThem() throws {
        let caller = try ShapeSample.json(
            JSONEncoder().encode(WhoAmI(version: "1", type: "application", accountCodes: ["cg": "C0A0"], homeAccount: ["cg": "C0A0"])))
        #expect(caller["account-codes"] == .object(["cg": .string("C0A0")]))
        #expect(caller["home-account"] == .object(["cg": .string("C0A0")]))
        let batch = try ShapeSample.json(JSONEncoder().encode(SiemBatch(value: [], nextPage: "n", isCaughtUp: true)))
        #expect(batch == .object(["value": .array([]), "@nextPage": .string("n"), "isCaughtUp": .bool(true)]))
        let events = try ShapeSample.json(JSONEncoder().encode(SiemEvents(value: [])))
        #expect(events == .object(["value": .array([])]))
    }

    @Test(arguments: [
        (#"{"username":"a"}"#, "a"), (#"{"userName":"a"}"#, "a"), (#"{"USERNAME":"a"}"#, "a"), (#"{"username":null}"#, nil),
        (#"{"username":"a","userName":"b"}"#, "a"), (#"{"userName":"b","username":"a"}"#, "a"),
    ])
    func aLoginIsReadInEitherSpelling(text: String, name: String?) throws {
        let key = try JSONDecoder().decode(LoginKey.self, from: Data(text.utf8))
        #expect(key == LoginKey(username: name))
    }

    @Test func aWindowsPageSizeMayBeText() throws {
        let window = try JSONDecoder().decode(SiemWindow.self, from: Data(#"{"pageSize":"25"}"#.utf8))
        #expect(window == SiemWindow(pageSize: LenientInt(25)))
    }

    @Test func aGatewayPageWithoutMetaIsTheLast() throws {
        let page = try JSONDecoder().decode(GatewayPage<GatewayRole>.self, from: Data(#"{"roles":[]}"#.utf8))
        #expect(page.rows.isEmpty)
        #expect(page.pagination == nil)
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode(GatewayPage<GatewayUser>.self, from: Data(#"{"roles":[]}"#.utf8))
        }
    }

    @Test func onlyAuditPagesHaveAPlaceAndAWayBack() throws {
        let page = try ShapeSample.json(JSONEncoder().encode(PageReply(pageSize: 1, totalCount: 2, next: "n")))
        #expect(page == .object(["pageSize": .number(1), "totalCount": .number(2), "next": .string("n")]))
    }

    @Test func anImportsOrderStandsInAnEnvelopeOfItsOwn() throws {
        let order = try JSONDecoder().decode(
            RequestEnvelope<ImportOrder>.self, from: Data(#"{"data":[{"groupId":"eNq","fileType":"csv"}]}"#.utf8))
        #expect(order.data == [ImportOrder(groupId: "eNq", fileType: "csv")])
    }
}
