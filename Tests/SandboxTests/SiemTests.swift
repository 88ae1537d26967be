import AsyncHTTPClient
import Foundation
import Mimecast
import NIOCore
import NIOHTTP1
import Testing

@testable import Sandbox

/// Mail logs of both generations.
@Suite(.serialized) struct SiemTests {
    private static let old = "/api/audit/get-siem-logs"
    private static let batch = "/siem/v1/batch/events/cg"
    private static let events = "/siem/v1/events/cg"

    private struct File {
        let status: Int
        let headers: [String: String]
        let body: Data
        var token: String? { headers["mc-siem-token"] }
        var name: String { headers["content-disposition"]?.components(separatedBy: "=\"").last.map { String($0.dropLast()) } ?? "" }
        var json: JSON { (try? JSONDecoder().decode(JSON.self, from: body)) ?? .null }
    }

    /// As it came: files are not text.
    private static func fetch(_ url: String, _ method: HTTPMethod = .GET, _ headers: [(String, String)] = [], _ body: String? = nil)
        async throws -> File
    {
        var request = HTTPClientRequest(url: url)
        request.method = method
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        if let body { request.body = .bytes(ByteBuffer(string: body)) }
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(20))
        let bytes = try await response.body.collect(upTo: 64 << 20)
        return File(
            status: Int(response.status.code),
            headers: Dictionary(response.headers.map { ($0.name.lowercased(), $0.value) }, uniquingKeysWith: { first, _ in first }),
            body: Data(bytes.readableBytesView))
    }

    private static func logs(_ box: SandboxHarness, _ app: App, _ more: String) async throws -> File {
        let body = #"{"data":[{"type":"MTA"\#(more)}]}"#
        let headers = try await app == .v1 ? box.signedHeaders(old) : [("authorization", "Bearer \(box.token(app))")]
        return try await fetch(box.baseURL + old, .POST, headers, body)
    }

    /// Reads on to the end.
    ///
    /// - Returns: the end's token.
    private static func drain(_ box: SandboxHarness, _ token: String) async throws -> String {
        var token = token
        for _ in 0..<20 {
            let file = try await logs(box, .portal, #","token":"\#(token)""#)
            token = try #require(file.token)
            if file.json["meta"]?["isLastToken"]?.bool == true { return token }
        }
        Issue.record("the logs do not end")
        return token
    }

    private static func advance(_ box: SandboxHarness, hours: Double) async throws {
        let reply = try await box.send(
            .POST, "/control/clock", headers: [("content-type", "application/json")], body: #"{"advance":\#(hours * 3_600)}"#)
        #expect(reply.status == 200)
    }

    /// Runs a system's tool where there is one.
    ///
    /// - Returns: what it printed; nil where there is none.
    private static func tool(_ arguments: [String], _ files: [(String, Data)]) throws -> (status: Int32, output: String)? {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("siem-tests-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for (name, data) in files { try data.write(to: folder.appendingPathComponent(name)) }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = arguments
        process.currentDirectoryURL = folder
        let output = Pipe()
        process.standardOutput = output
        process.standardError = Pipe()
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        // env's own word for "no such command".
        return process.terminationStatus == 127 ? nil : (process.terminationStatus, String(decoding: data, as: UTF8.self))
    }

    @Test(arguments: App.allCases) func olderCallEnds(app: App) async throws {
        try await SandboxHarness.run { box async throws in
            for zipped in [false, true] {
                var rows: [JSON] = []
                var token = ""
                var files = 0
                while files < 100 {
                    let file = try await Self.logs(box, app, #","fileFormat":"JSON","compress":"\#(zipped)","token":"\#(token)""#)
                    #expect(file.status == 200)
                    token = try #require(file.token)
                    if file.headers["content-type"] == "application/json" {
                        #expect(file.json["meta"]?["isLastToken"]?.bool == true && file.json["meta"]?["status"]?.int == 200)
                        #expect(file.json["data"] == .array([]) && file.json["fail"] == .array([]))
                        break
                    }
                    files += 1
                    #expect(file.headers["content-type"] == "application/octet-stream")
                    #expect(file.name.hasSuffix(zipped ? ".zip" : ".json"))
                    let documents = zipped ? try Self.unzip(file.body) : [(file.name, file.body)]
                    for (name, document) in documents {
                        let json = try JSONDecoder().decode(JSON.self, from: document)
                        #expect(json["type"]?.text == "MTA")
                        let data = json["data"]?.list ?? []
                        #expect(!data.isEmpty && MTAFile.kinds.contains(String(name.prefix { $0 != "_" })))
                        #expect(data.allSatisfy { $0["acc"]?.text == box.value("ACCOUNT_CODE") && $0["aCode"]?.text != nil })
                        #expect(data.allSatisfy { ($0["Delivered"] != nil) == name.hasPrefix("delivery_") })
                        rows += data
                    }
                }
                #expect(rows.count > 50 && rows.count < 24 * 25)
                // One more of each where a minute ends meanwhile.
                #expect(files >= (zipped ? 1 : 3))
                #expect(Set(rows).count == rows.count)
                #expect(rows.contains { $0["Act"]?.text == "Rej" } && rows.contains { $0["Dir"]?.text == "Outbound" })
            }
        }
    }

    @Test func olderCallGoesOnAndRefuses() async throws {
        try await SandboxHarness.run({ $0.tokenTTL = 30 * 86_400 }) { box async throws in
            let first = try await Self.logs(box, .portal, #","compress":true,"fileFormat":"key_value""#)
            let text = try Self.unzip(first.body).map { String(decoding: $0.1, as: UTF8.self) }.joined()
            let lines = text.split(separator: "\n")
            #expect(lines.count > 50 && lines.allSatisfy { $0.hasPrefix("datetime=") && $0.contains("|acc=") && $0.contains("|Sender=") })
            var token = try #require(first.token)
            token = try await Self.drain(box, token)
            try await Self.advance(box, hours: 3)
            let more = try await Self.logs(box, .portal, #","compress":true,"token":"\#(token)""#)
            #expect(more.name.hasSuffix(".zip"))
            token = try await Self.drain(box, try #require(more.token))
            for made in ["made-up", String(token.dropLast(2)) + "zz", String(repeating: "a", count: 5_000)] {
                let refused = try await box.item(.portal, Self.old, #"{"type":"MTA","token":"\#(made)"}"#)
                #expect(refused.status == 200 && refused.code == FailureCode.siemInvalidToken && refused.data.isEmpty)
            }
            #expect(try await box.item(.portal, Self.old, "{}").field == "type")
            #expect(try await box.item(.portal, Self.old, #"{"type":"XYZ"}"#).code == FailureCode.validationInvalid)
            #expect(try await box.item(.portal, Self.old, #"{"type":"MTA","fileFormat":"xml"}"#).field == "fileFormat")
            #expect(try await box.call(.portal, Self.old).code == FailureCode.validationNull)
            #expect(try await box.call(.portal, Self.old, "{'data': [{'type': 'MTA', 'compress': True}, {'type': 'MTA'}]}").fail.count == 2)
            let zip = try Self.tool(
                ["python3", "-c", "import zipfile; print(zipfile.ZipFile('a.zip').testzip())"], [("a.zip", first.body)])
            if let zip { #expect(zip.status == 0 && zip.output == "None\n") }
        }
    }

    @Test(arguments: [App.portal, .guide]) func filesOfTheNewerCall(app: App) async throws {
        try await SandboxHarness.run({ $0.tokenTTL = 30 * 86_400 }) { box async throws in
            var rows: [JSON] = []
            var links: [String] = []
            var next = ""
            var pages = 0
            let start = "dateRangeStartsAt=\(AuditTests.stamp(days: -3).prefix(10))&"
            while pages < 50 {
                let query = "?type=receipt&\(start)pageSize=20" + (next.isEmpty ? "" : "&nextPage=\(next)")
                let reply = try await box.call(app, Self.batch + query, nil, method: .GET)
                #expect(reply.status == 200)
                pages += 1
                for file in reply.json["value"]?.list ?? [] {
                    let url = try #require(file["url"]?.text)
                    links.append(url)
                    let downloaded = try await Self.fetch(url)
                    #expect(downloaded.status == 200 && downloaded.headers["content-type"] == "application/gzip")
                    #expect(downloaded.body.count == file["size"]?.int)
                    #expect(file["expiry"]?.text?.hasSuffix("Z") == true)
                    let text = try Self.gunzip(downloaded.body)
                    rows += try text.split(separator: "\n").map { try JSONDecoder().decode(JSON.self, from: Data($0.utf8)) }
                }
                next = try #require(reply.json["@nextPage"]?.text)
                if reply.json["isCaughtUp"]?.bool == true { break }
            }
            #expect(pages > 2 && rows.count > 150 && Set(rows).count == rows.count)
            #expect(rows.allSatisfy { $0["type"]?.text == "receipt" && $0["accountId"]?.text == box.value("ACCOUNT_CODE") })
            let times = rows.compactMap { $0["timestamp"]?.int }
            #expect(times == times.sorted())
            #expect(Set(links.map { $0.prefix { $0 != "?" } }).count == links.count)

            // The last page's token goes on.
            let caught = try await box.call(app, Self.batch + "?type=receipt&nextPage=\(next)", nil, method: .GET)
            #expect(caught.json["isCaughtUp"]?.bool == true)
            try await Self.advance(box, hours: 5)
            let more = try await box.call(app, Self.batch + "?type=receipt&nextPage=\(next)", nil, method: .GET)
            #expect((more.json["value"]?.list.count ?? 0) >= 4)

            // Links are good for a quarter of an hour, and as they are.
            let link = try #require(links.last)
            #expect(try await Self.fetch(link).status == 403)
            let fresh = try #require(more.json["value"]?.list.first?["url"]?.text)
            #expect(try await Self.fetch(fresh).status == 200)
            #expect(try await Self.fetch(fresh.replacingOccurrences(of: "receipt", with: "process")).status == 403)
            #expect(try await Self.fetch(fresh.replacingOccurrences(of: "expires=", with: "expires=1")).status == 403)
            #expect(try await Self.fetch(fresh.components(separatedBy: "?")[0]).status == 403)
            #expect(try await Self.fetch(fresh, .POST).status == 405)
            let gzip = try await Self.tool(["gunzip", "-t", "a.gz"], [("a.gz", Self.fetch(fresh).body)])
            if let gzip { #expect(gzip.status == 0) }
            let lines = try await box.log("?path=\(Self.batch)")
            #expect(lines.count == pages + 2 && lines.allSatisfy { $0["effect"]?.text == "read" })
        }
    }

    @Test func eventsOfTheNewerCall() async throws {
        try await SandboxHarness.run { box async throws in
            func page(_ query: String, _ app: App = .portal) async throws -> Reply {
                try await box.call(app, Self.events + "?" + query, nil, method: .GET)
            }
            func all(_ query: String) async throws -> (rows: [JSON], next: String) {
                var (rows, next, pages) = ([JSON](), "", 0)
                while pages < 100 {
                    let reply = try await page(query + (next.isEmpty ? "" : "&nextPage=\(next)"))
                    let value = try #require(reply.json["value"]?.list)
                    rows += value
                    next = try #require(reply.json["@nextPage"]?.text)
                    pages += 1
                    if value.isEmpty { break }
                }
                return (rows, next)
            }
            let first = try await all("pageSize=40&dateRangeStartsAt=\(AuditTests.stamp(days: -0.9, zone: "Z"))")
            let second = try await all("dateRangeStartsAt=\(AuditTests.stamp(days: -0.9, zone: "%2B0000"))")
            #expect(first.rows.count > 50)
            // The two may begin and end a little apart.
            #expect(Set(second.rows).isSuperset(of: first.rows.suffix(40)))
            #expect(first.rows.allSatisfy { $0["id"] == nil })
            #expect(Set(first.rows.compactMap { $0["type"]?.text }) == ["receipt", "process", "delivery"])
            let some = try await all("types=process,Delivery&dateRangeStartsAt=\(AuditTests.stamp(days: -0.9, zone: "Z"))")
            #expect(Set(some.rows).isSuperset(of: first.rows.filter { $0["type"]?.text != "receipt" }.suffix(20)))
            #expect(some.rows.allSatisfy { $0["type"]?.text != "receipt" })
            #expect(try await all("types=url_protect").rows.isEmpty)
            // The end holds while its pages are turned, and may be moved on.
            let end = AuditTests.stamp(days: -0.5, zone: "Z")
            let bounded = try await all("dateRangeStartsAt=\(AuditTests.stamp(days: -0.9, zone: "Z"))&dateRangeEndsAt=\(end)&pageSize=10")
            #expect(!bounded.rows.isEmpty && bounded.rows.count < first.rows.count)
            #expect(try await page("nextPage=\(bounded.next)").json["value"] == .array([]))
            let moved = try await page("nextPage=\(bounded.next)&dateRangeEndsAt=\(AuditTests.stamp(days: 1, zone: "Z"))")
            #expect(moved.json["value"]?.list.isEmpty == false)

            for query in [
                "pageSize=101", "pageSize=0", "pageSize=x", "types=nonsense", "nextPage=made-up", "dateRangeStartsAt=soon",
                "dateRangeStartsAt=\(AuditTests.stamp(days: -2, zone: "Z"))",
                "dateRangeStartsAt=\(AuditTests.stamp(days: -0.1, zone: "Z"))&dateRangeEndsAt=\(end)",
            ] {
                let reply = try await page(query)
                #expect(reply.status == 400 && reply.code != nil, "\(query)")
            }
            #expect(try await page("nextPage=made-up").code == FailureCode.siemInvalidToken)
            #expect(try await box.call(.portal, Self.batch, nil, method: .GET).code == FailureCode.validationNull)
            // Not of the first generation.
            #expect(try await page("", .v1).status == 404)
            #expect(try await page("", .guide).status == 200)
        }
    }

    @Test func mailToTheDisabledIsRefused() async throws {
        try await SandboxHarness.run({ $0.tokenTTL = 30 * 86_400 }) { box async throws in
            let person = try SandboxHarness.person { $0.source == .cloud && $0.adminRoles.isEmpty }
            let moment = Int(Date().timeIntervalSince1970 * 1_000)
            let done = try await box.item(
                .portal, "/api/user/update-user", #"{"emailAddress":"\#(person.address)","accountDisabled":true}"#)
            #expect(done.fail.isEmpty)
            try await Self.advance(box, hours: 6)
            var rows: [JSON] = []
            var next = ""
            for _ in 0..<20 {
                let reply = try await box.call(
                    .portal, Self.events + "?" + (next.isEmpty ? "" : "nextPage=\(next)"), nil, method: .GET)
                rows += reply.json["value"]?.list ?? []
                next = reply.json["@nextPage"]?.text ?? ""
            }
            let theirs = rows.filter { $0["recipients"]?.text == person.address && ($0["timestamp"]?.int ?? 0) >= moment }
            #expect(theirs.count >= 5)
            #expect(theirs.allSatisfy { $0["action"]?.text == "Rej" && $0["type"]?.text == "receipt" })
            #expect(theirs.contains { $0["rejectionType"]?.text == "Recipient Disabled" && $0["rejectionCode"]?.text == "550" })
        }
    }

    @Test func mailIsMadeOnceAndGoes() async throws {
        let tenant = try await LivingTenant()
        func rows() async throws -> [String] {
            try await tenant.read { directory in
                var rows: [String] = []
                try directory.mail(after: 0) { line in
                    rows.append("\(line.number) \(line.text)")
                    return true
                }
                return rows
            }
        }
        try await tenant.write { try $0.catchUpMail() }
        let first = try await rows()
        #expect(first.count > 14 * 24 * 3 && first.count < 14 * 24 * 23)
        // By small steps or at once: the same mail.
        let other = try await LivingTenant()
        for _ in 0..<9 {
            try await tenant.advance(hours: 0.27)
            try await tenant.write { try $0.catchUpMail() }
        }
        try await other.advance(hours: 9 * 0.27)
        try await other.write { try $0.catchUpMail() }
        let later = try await rows()
        #expect(
            later.suffix(100)
                == (try await other.read { directory in
                    var rows: [String] = []
                    try directory.mail(after: 0) { line in
                        rows.append("\(line.number) \(line.text)")
                        return true
                    }
                    return rows
                }).suffix(100))
        #expect(later.count > 100 && first.contains(later[0]))
        try await tenant.advance(hours: 24 * 30)
        try await tenant.write { try $0.catchUpMail() }
        let last = try await rows()
        #expect(Set(last).isDisjoint(with: later) && last.count < 14 * 24 * 23)
    }

    /// The entries of a zip file that is stored, each with its checksum looked at.
    private static func unzip(_ data: Data) throws -> [(String, Data)] {
        let bytes = [UInt8](data)
        func number(_ at: Int, _ count: Int) -> Int { (0..<count).reduce(0) { $0 | Int(bytes[at + $1]) << (8 * $1) } }
        let end = bytes.count - 22
        try #require(end >= 0 && Array(bytes[end..<end + 4]) == [0x50, 0x4B, 5, 6])
        var entries: [(String, Data)] = []
        var place = number(end + 16, 4)
        for _ in 0..<number(end + 10, 2) {
            try #require(Array(bytes[place..<place + 4]) == [0x50, 0x4B, 1, 2])
            let (size, length, local) = (number(place + 20, 4), number(place + 28, 2), number(place + 42, 4))
            let name = String(decoding: bytes[place + 46..<place + 46 + length], as: UTF8.self)
            try #require(Array(bytes[local..<local + 4]) == [0x50, 0x4B, 3, 4])
            let start = local + 30 + number(local + 26, 2)
            let contents = Array(bytes[start..<start + size])
            #expect(Int(CRC32.checksum(contents)) == number(place + 16, 4) && number(local + 14, 4) == number(place + 16, 4))
            entries.append((name, Data(contents)))
            place += 46 + length
        }
        return entries
    }

    private static func gunzip(_ data: Data) throws -> String {
        let bytes = [UInt8](data)
        func number(_ at: Int, _ count: Int) -> Int { (0..<count).reduce(0) { $0 | Int(bytes[at + $1]) << (8 * $1) } }
        try #require(bytes.count >= 23 && bytes[0] == 0x1F && bytes[1] == 0x8B && bytes[2] == 8)
        var contents: [UInt8] = []
        var place = 10
        while true {
            let (isLast, length) = (bytes[place] == 1, number(place + 1, 2))
            #expect(length == ~number(place + 3, 2) & 0xFFFF)
            contents += bytes[place + 5..<place + 5 + length]
            place += 5 + length
            if isLast { break }
        }
        #expect(number(place, 4) == Int(CRC32.checksum(contents)) && number(place + 4, 4) == contents.count && bytes.count == place + 8)
        return String(decoding: contents, as: UTF8.self)
    }

    @Test func packers() throws {
        // The check value of the polynomial.
        #expect(CRC32.checksum(Array("123456789".utf8)) == 0xCBF4_3926)
        for count in [0, 1, 65_535, 65_536, 200_000] {
            let contents = (0..<count).map { UInt8(truncatingIfNeeded: $0 % 61 + 32) }
            let file = Gzip.file(contents)
            #expect(file.count == Gzip.size(of: count))
            #expect(try Self.gunzip(file) == String(decoding: contents, as: UTF8.self))
            if let tool = try Self.tool(["gunzip", "-c", "a.gz"], [("a.gz", file)]) {
                #expect(tool.status == 0 && tool.output == String(decoding: contents, as: UTF8.self))
            }
        }
        var zip = ZipFile()
        zip.add("one.json", Array("{}".utf8), time: LivingTenant.start)
        zip.add("two.log", [], time: LivingTenant.start)
        #expect(try Self.unzip(zip.file).map(\.0) == ["one.json", "two.log"])
        if let tool = try Self.tool(
            ["python3", "-c", "import zipfile; z = zipfile.ZipFile('a.zip'); print(z.testzip(), z.namelist(), z.infolist()[0].date_time)"],
            [("a.zip", zip.file)])
        {
            #expect(tool.output == "None ['one.json', 'two.log'] (2026, 3, 2, 9, 0, 0)\n")
        }
    }
}
