import HTTPTransport
import Foundation
import Mimecast
import Testing
import TestSupport

@testable import MimecastClient

struct FileTests {
    /// Forty lines, compressed by gzip(1).
    private static let gzip = "H4sIAAAAAAAC/6tWKqksSFWyUipKTU7NLChRquWqHhUaFRruQgB91MF8+AIAAA=="

    private let logs = "/api/audit/get-siem-logs"

    @Test func olderMailLogsAreFilesOneAfterTheOther() async throws {
        let file = Step(logs) { _ throws(TransportError) in
            WireReply(
                status: 200,
                headers: [
                    ("Content-Type", "application/octet-stream"), ("Content-Disposition", #"attachment; filename="receipt_1.json""#),
                    ("MC-Siem-Token", "t1"),
                ],
                body: [0, 159, 146, 150])
        }
        let transport = ScriptedTransport([
            .token(), file,
            .expect(
                logs, where: { $0.items.first?["token"]?.text == "t1" }, headers: [("mc-siem-token", "t2")],
                #"{"meta":{"status":200,"isLastToken":true},"data":[],"fail":[]}"#),
            .expect(logs, Fixture.refusal(FailureCode.siemInvalidToken, key: #"{"type":"MTA"}"#)),
        ])
        let client = Fixture.client(transport)
        let first = try await client.siemFile(SiemQuery(type: "MTA", fileFormat: "json"))
        #expect(first.file == ReplyFile(name: "receipt_1.json", bytes: [0, 159, 146, 150]))
        let last = try await client.siemFile(SiemQuery(type: "MTA", fileFormat: "json", token: first.next))
        #expect(last.file == nil && last.next == "t2")
        let error = try await clientError { try await client.siemFile(SiemQuery(type: "MTA", token: "made up")) }
        #expect(error.cause == .invalidSiemToken)
    }

    /// A gzip file whose contents are stored.
    private func stored(_ text: String) -> [UInt8] {
        let bytes = Array(text.utf8)
        var crc: UInt32 = 0xFFFF_FFFF
        for byte in bytes {
            crc ^= UInt32(byte)
            for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
        }
        func little(_ value: UInt32, _ count: Int) -> [UInt8] { (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * UInt32($0))) } }
        let length = UInt32(bytes.count)
        return [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255, 1] + little(length, 2) + little(~length, 2) + bytes + little(~crc, 4)
            + little(length, 4)
    }

    private let line = #"{"type":"receipt","aggregateId":"g","processingId":"p","accountId":"C","timestamp":1,"novel":true}"#

    private func file(_ body: [UInt8], status: Int = 200) -> Step {
        Step("/files/a.json.gz", method: "GET") { _ throws(TransportError) in WireReply(status: status, body: body) }
    }

    @Test func newerMailLogsAreFetchedWithoutTheToken() async throws {
        let transport = ScriptedTransport([file(stored(line + "\n" + line + "\n"))])
        let events = try await Fixture.client(transport).mailEvents(
            in: SiemBatch.File(url: "https://elsewhere.example/files/a.json.gz?sig=x%2B", expiry: "", size: 1))
        #expect(events.map(\.type) == ["receipt", "receipt"])
        #expect(events.first?.extra == ["novel": .bool(true)])
        let request = try #require(transport.requests.first)
        #expect(request.url == "https://elsewhere.example/files/a.json.gz?sig=x%2B")
        #expect(request.header("Authorization") == nil)
    }

    @Test func compressedFilesAreExpanded() throws {
        let bytes = try #require(Data(base64Encoded: Self.gzip))
        let expanded = try Gunzip.expand(Array(bytes), limit: 10_000)
        #expect(String(decoding: expanded, as: UTF8.self) == String(repeating: #"{"type":"receipt"}"# + "\n", count: 40))
        #expect(throws: Gunzip.Failure.self) { try Gunzip.expand(Array(bytes), limit: 100) }
    }

    @Test func whatIsNoFileOfLinesIsMalformed() async throws {
        let good = stored(line)
        for body in [[], Array("plain".utf8), Array(good.dropLast(9)), stored("no json"), stored(#"{"type":"receipt"}"#)] {
            let client = Fixture.client(ScriptedTransport([file(body)]))
            let error = try await clientError {
                try await client.mailEvents(in: SiemBatch.File(url: "https://e.example/files/a.json.gz", expiry: "", size: 1))
            }
            #expect(error.code == .malformedReply)
        }
        let client = Fixture.client(ScriptedTransport([file(good)]))
        let error = try await clientError {
            try await client.mailEvents(in: SiemBatch.File(url: "https://e.example/files/a.json.gz", expiry: "", size: 1), limit: 10)
        }
        #expect(error.code == .malformedReply)
    }

    @Test func aUrlThatRanOutSaysSo() async throws {
        let client = Fixture.client(ScriptedTransport([file([], status: 403)]))
        let error = try await clientError {
            try await client.mailEvents(in: SiemBatch.File(url: "https://e.example/files/a.json.gz", expiry: "", size: 1))
        }
        #expect(error.code == .refused)
        #expect(error.remedy.contains("page of files"))
        let clear = try await clientError {
            try await client.mailEvents(in: SiemBatch.File(url: "http://e.example/files/a.json.gz", expiry: "", size: 1))
        }
        #expect(clear.code == .wrongAnswer)
    }
}
